/** What paces a poller: the three settings that an operator changes, and the bounds that a developer sets. */

/** The live settings, in milliseconds and polls. A generated reader has a function that returns them. */
export interface PollSettings {
  readonly intervalMs: number;
  readonly attempts: number;
  readonly timeoutMs: number;
}

/** What holds where nothing else is said: the defaults of the reference app. */
export const DEFAULT_SETTINGS: PollSettings = { intervalMs: 5000, attempts: 120, timeoutMs: 600_000 };

/** The settings as they are now; for each that cannot be used, what held before. */
export function liveSettings(read: (() => Partial<PollSettings>) | undefined, before: PollSettings): PollSettings {
  let found: Partial<PollSettings> = {};
  try {
    found = read?.() ?? {};
  } catch {
    // as if it said nothing
  }
  const usable = (name: keyof PollSettings): number => {
    const value = found[name];
    return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : before[name];
  };
  return { intervalMs: usable("intervalMs"), attempts: usable("attempts"), timeoutMs: usable("timeoutMs") };
}
