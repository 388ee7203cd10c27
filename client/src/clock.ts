/**
 * Time that passed, by two clocks, since neither tells it alone: `performance.now()` may stand still while a computer
 * sleeps, `Date.now()` jumps when it is set.
 */

/** What is more than this beyond what was expected was sleep; what is less, a clock that was set or a late timer. */
const ASLEEP_MS = 10_000;

/** The time since a start, which may lie in another life of the page. */
export class Clock {
  #monotonic = performance.now();
  #wall = Date.now();
  #elapsed: number;

  /** `startedAt` is by the wall; one that lies ahead was by a clock that has been set back since. */
  constructor(startedAt?: number) {
    this.#elapsed = startedAt === undefined ? 0 : Math.max(0, this.#wall - startedAt);
  }

  /** Since the start, as of the last `tick`. */
  get elapsedMs(): number {
    return this.#elapsed;
  }

  /** The start by the wall, as of the last `tick`. */
  get startedAt(): number {
    return this.#wall - this.#elapsed;
  }

  /** Take in what passed since the last `tick`; whether the page slept, where so much was expected to pass at most. */
  tick(expectedMs: number): boolean {
    const monotonic = performance.now();
    const wall = Date.now();
    const byMonotonic = Math.max(0, monotonic - this.#monotonic);
    const byWall = wall - this.#wall;
    const passed = byWall > byMonotonic + ASLEEP_MS ? byWall : byMonotonic;
    this.#monotonic = monotonic;
    this.#wall = wall;
    this.#elapsed += passed;
    return passed > expectedMs + ASLEEP_MS;
  }
}
