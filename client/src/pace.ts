/**
 * How long to wait. All of it is spread by chance, or hundreds of tabs that one event brought together (a deploy, a
 * stall, an outage) would ask together from then on.
 */

export interface Bounds {
  /** No poll begins sooner after the last. */
  readonly floorMs: number;
  /** The longest back-off of our own. */
  readonly maxDelayMs: number;
  /** The longest that a server may send us away. */
  readonly maxRetryAfterMs: number;
  /** Waits vary by this part of them, up and down. */
  readonly jitter: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** The wait before the first poll: any part of the interval, so that those who start together do not ask together. */
export const firstPhase = (intervalMs: number, { random }: Bounds): number => random() * intervalMs;

/** From the start of one poll to that of the next; their mean is the interval, or what keeps the shortest above the floor. */
export const step = (intervalMs: number, bounds: Bounds): number => spread(atLeast(intervalMs, bounds), bounds);

/**
 * The wait after an answer that came too late for the next poll's own time: a new phase. A stalled server answers
 * everybody in the same moment; to wait alike from there would keep them together.
 */
export function newPhase(intervalMs: number, bounds: Bounds): number {
  return bounds.floorMs + bounds.random() * Math.max(0, atLeast(intervalMs, bounds) - bounds.floorMs);
}

/** The wait after an answer, where no request may come sooner after the last than the interval: chance lengthens it alone. */
export function apart(intervalMs: number, tookMs: number, bounds: Bounds): number {
  const rest = intervalMs * (1 + 2 * bounds.jitter * bounds.random()) - tookMs;
  return rest >= bounds.floorMs ? rest : newPhase(intervalMs, bounds);
}

/**
 * The wait after so many polls in a row (from 0) that brought nothing. First the cap, then chance: it is never lost.
 *
 * A server in need may ask for more, not for less: many of them say 0 whatever their state.
 */
export function backOff(intervalMs: number, failures: number, bounds: Bounds, retryAfterMs?: number): number {
  const interval = atLeast(intervalMs, bounds);
  const longest = Math.max(interval, bounds.maxDelayMs);
  const wait = spread(Math.min(interval * 2 ** Math.min(failures, 30), longest), bounds);
  return isAsked(retryAfterMs) ? Math.max(wait, asked(retryAfterMs, bounds)) : wait;
}

/** Whether a server asks for a wait; replies come from code that no compiler may have seen. */
export const isAsked = (retryAfterMs: number | undefined): retryAfterMs is number =>
  Number.isFinite(retryAfterMs) && retryAfterMs! >= 0;

/** The wait that a server asks for: not shorter, or all whom it sent away would be back together. */
export function asked(retryAfterMs: number, bounds: Bounds): number {
  const clamped = Math.max(bounds.floorMs, Math.min(retryAfterMs, bounds.maxRetryAfterMs));
  return clamped * (1 + 2 * bounds.jitter * bounds.random());
}

/** Chance, or the browser's own where what is given for it is none. */
export const chance = (random: (() => number) | undefined) => (): number => {
  const drawn = usable(random?.(), -1);
  return drawn >= 0 && drawn < 1 ? drawn : Math.random();
};

/** An option, or its default where it is no number. */
export const usable = (option: number | undefined, fallback: number): number =>
  typeof option === "number" && option === option ? option : fallback;

const atLeast = (intervalMs: number, { floorMs, jitter }: Bounds): number =>
  Math.max(intervalMs, floorMs / (1 - jitter));

const spread = (ms: number, { jitter, random }: Bounds): number => ms * (1 + jitter * (2 * random() - 1));
