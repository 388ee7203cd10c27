/** What outlives a reload: enough to go on polling for the same job with the same deadline. */

/** Plain data, for `sessionStorage` or the like. `startedAt` is wall-clock time: no other clock survives a reload. */
export interface SavedState {
  readonly version: 1;
  readonly startedAt: number;
  readonly polls: number;
}

/** The state as a text. */
export const serialize = (state: SavedState): string => JSON.stringify(state);

/** The state of a text; undefined where there is none or the text is not of our making: polling then starts anew. */
export function restore(text: string | null | undefined): SavedState | undefined {
  try {
    const found: unknown = JSON.parse(text ?? "");
    return isState(found) ? { version: 1, startedAt: found.startedAt, polls: found.polls } : undefined;
  } catch {
    return undefined;
  }
}

function isState(found: unknown): found is SavedState {
  if (typeof found !== "object" || found === null) return false;
  const { version, startedAt, polls } = found as Partial<Record<keyof SavedState, unknown>>;
  return version === 1 && Number.isFinite(startedAt) && Number.isSafeInteger(polls) && (polls as number) >= 0;
}
