/** Polling for a job until it ends: at the pace that the live settings say, however often they change. */

import { ask, type FetchStatus } from "./ask.js";
import { Clock } from "./clock.js";
import { Aborted, AttemptsExhausted, Gone, JobFailed, Refused, Timeout, Unreachable } from "./errors.js";
import { asked, backOff, chance, firstPhase, isAsked, newPhase, step, usable, type Bounds } from "./pace.js";
import type { Busy, Pending, Reply, Unavailable } from "./reply.js";
import { DEFAULT_SETTINGS, liveSettings, type PollSettings } from "./settings.js";
import { sleep, untilVisible } from "./sleep.js";
import type { SavedState } from "./state.js";
import { tell } from "./tell.js";

/** How far polling is: told once before the first poll, and after each that does not end it. */
export interface Progress {
  /** What the last poll brought; `started` where there was none yet. */
  readonly reply: "started" | "pending" | "busy" | "unavailable";
  /** What the server says of the job's progress. */
  readonly progress: unknown;
  readonly polls: number;
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly timeoutMs: number;
  readonly nextPollMs: number;
  /** What resumes polling after a reload: see `serialize`. */
  readonly state: SavedState;
}

/** How to poll; each has a default, which also stands where a number is none. */
export interface PollOptions {
  /** The live settings; read before every wait, so that a change reaches a job that is waited for. */
  readonly settings?: (() => Partial<PollSettings>) | undefined;
  /** Ends polling at once, with its wait and its request. */
  readonly signal?: AbortSignal | undefined;
  /** Go on where an earlier life of the page was. */
  readonly resume?: SavedState | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** While nobody sees the page: poll on, as far as the browser lets us (once a minute), or wait. Default: poll. */
  readonly whenHidden?: "poll" | "pause" | undefined;
  /** How many polls in a row may bring no answer. Default: 5. */
  readonly blips?: number | undefined;
  /** How long an answer may take. Default: 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
  /** See `Bounds`. Defaults: 250 ms, 1 minute, 5 minutes, 0.2, `Math.random`. */
  readonly floorMs?: number | undefined;
  readonly maxDelayMs?: number | undefined;
  readonly maxRetryAfterMs?: number | undefined;
  readonly jitter?: number | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * The result of a job, as soon as a poll brings it.
 *
 * @throws {PollError} one of its classes, for each way to end without a result.
 */
export async function pollJob<Result>(fetchStatus: FetchStatus<Result>, options: PollOptions = {}): Promise<Result> {
  return new Poller(fetchStatus, options).run();
}

class Poller<Result> {
  readonly #fetchStatus: FetchStatus<Result>;
  readonly #options: PollOptions;
  readonly #signal: AbortSignal;
  readonly #bounds: Bounds;
  readonly #clock: Clock;
  #settings: PollSettings = DEFAULT_SETTINGS;
  #polls: number;
  #blips = 0;
  #busy = 0;
  /** Whether the page slept, or was away, and no answer has come since: the job may have ended meanwhile. */
  #isStale: boolean;

  constructor(fetchStatus: FetchStatus<Result>, options: PollOptions) {
    this.#fetchStatus = fetchStatus;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#bounds = boundsOf(options);
    this.#clock = new Clock(options.resume?.startedAt);
    this.#polls = options.resume?.polls ?? 0;
    this.#isStale = options.resume !== undefined;
  }

  async run(): Promise<Result> {
    let wait = firstPhase(this.#readSettings().intervalMs, this.#bounds);
    wait = this.#isStale ? wait : Math.min(wait, this.#settings.timeoutMs);
    this.#tell("started", undefined, wait);
    for (;;) {
      await this.#wait(wait);
      const start = performance.now();
      const reply = await this.#ask();
      if (reply.state === "succeeded") return reply.result;
      wait = this.#next(reply, performance.now() - start);
      this.#tell(reply.state as Progress["reply"], "progress" in reply ? reply.progress : undefined, wait);
    }
  }

  async #wait(ms: number): Promise<void> {
    try {
      await sleep(ms, this.#signal);
      this.#isStale = this.#clock.tick(ms) || this.#isStale;
      if (this.#options.whenHidden === "pause") {
        await untilVisible(this.#signal);
        this.#isStale = this.#clock.tick(0) || this.#isStale;
      }
    } catch (reason) {
      throw new Aborted(reason, this.#state);
    }
  }

  async #ask(): Promise<Reply<Result>> {
    const timeoutMs = usable(this.#options.requestTimeoutMs, 30_000);
    this.#polls += 1;
    const reply = await ask(this.#fetchStatus, this.#polls, this.#signal, timeoutMs);
    const slept = this.#clock.tick(timeoutMs);
    if (this.#signal.aborted) throw new Aborted(this.#signal.reason, this.#state);
    // An answer that was on its way while the page slept may be older than the sleep.
    this.#isStale = slept || (this.#isStale && reply.state === "unavailable");
    return reply;
  }

  /** The wait before the next poll. */
  #next(reply: Exclude<Reply<Result>, { state: "succeeded" }>, tookMs: number): number {
    const { intervalMs, attempts, timeoutMs } = this.#readSettings();
    this.#blips = reply.state === "unavailable" ? this.#blips + 1 : 0;
    this.#busy = reply.state === "busy" ? this.#busy + 1 : 0;
    switch (reply.state) {
      case "failed":
        throw new JobFailed(reply.reason, this.#state);
      case "gone":
        throw new Gone(this.#state);
      case "refused":
        throw new Refused(reply.reason, this.#state);
      case "unavailable":
        if (this.#blips > usable(this.#options.blips, 5)) throw new Unreachable(this.#blips, this.#state, reply.cause);
    }
    if (this.#polls >= attempts) throw new AttemptsExhausted(attempts, this.#state);
    const wait = this.#pause(reply, intervalMs, tookMs);
    if (this.#isStale) return wait;
    const remaining = timeoutMs - this.#clock.elapsedMs;
    if (remaining < this.#bounds.floorMs) throw new Timeout(timeoutMs, this.#state);
    return Math.min(wait, remaining);
  }

  #pause(reply: Pending | Busy | Unavailable, intervalMs: number, tookMs: number): number {
    const bounds = this.#bounds;
    const { retryAfterMs } = reply;
    if (reply.state === "unavailable") return backOff(intervalMs, this.#blips - 1, bounds, retryAfterMs);
    if (reply.state === "busy") return backOff(intervalMs, this.#busy, bounds, retryAfterMs);
    if (isAsked(retryAfterMs)) return asked(retryAfterMs, bounds);
    const rest = step(intervalMs, bounds) - tookMs;
    return rest >= bounds.floorMs ? rest : newPhase(intervalMs, bounds);
  }

  #readSettings(): PollSettings {
    this.#settings = liveSettings(this.#options.settings, this.#settings);
    return this.#settings;
  }

  get #state(): SavedState {
    return { version: 1, startedAt: this.#clock.startedAt, polls: this.#polls };
  }

  #tell(reply: Progress["reply"], progress: unknown, nextPollMs: number): void {
    const { attempts, timeoutMs } = this.#settings;
    const { elapsedMs } = this.#clock;
    const [polls, state] = [this.#polls, this.#state];
    const told = { reply, progress, polls, attempts, elapsedMs, timeoutMs, nextPollMs, state };
    tell(() => this.#options.onProgress?.(told));
  }
}

function boundsOf({ floorMs, maxDelayMs, maxRetryAfterMs, jitter, random }: PollOptions): Bounds {
  return {
    floorMs: Math.max(1, usable(floorMs, 250)), // without one, a Retry-After of 0 would freeze the page
    maxDelayMs: usable(maxDelayMs, 60_000),
    maxRetryAfterMs: usable(maxRetryAfterMs, 300_000),
    jitter: Math.min(Math.max(usable(jitter, 0.2), 0), 0.9),
    random: chance(random),
  };
}
