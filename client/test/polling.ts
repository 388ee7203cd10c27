/** A job on a server that tests write out, reply by reply, under timers that they turn. */

import { vi } from "vitest";
import { pollJob, type PollOptions, type PollSettings, type Reply } from "../src/index.js";

export const PENDING: Reply<never> = { state: "pending" };
export const DONE: Reply<string> = { state: "succeeded", result: "the result" };
/** Chance that is none: first phase and jitter fall into the middle. */
export const EVEN = (): number => 0.5;

type Answer = Reply<string> | Error | ((signal: AbortSignal) => Promise<Reply<string>>);

export interface Watched {
  /** When each poll began, in milliseconds since the start of the test's clock. */
  readonly polls: number[];
  /** How it ended, once it has. */
  readonly end: { result?: unknown; error?: unknown; at?: number };
  readonly settings: { -readonly [Name in keyof PollSettings]: PollSettings[Name] };
  mostInFlight: number;
}

/** Poll with these answers, one after the other, the last of them for ever. */
export function poll(answers: Answer[], options: PollOptions & Partial<PollSettings> = {}): Watched {
  const start = performance.now();
  const { intervalMs = 5000, attempts = 120, timeoutMs = 600_000, ...rest } = options;
  const watched: Watched = { polls: [], end: {}, settings: { intervalMs, attempts, timeoutMs }, mostInFlight: 0 };
  let inFlight = 0;
  const fetchStatus = async ({ signal }: { signal: AbortSignal }): Promise<Reply<string>> => {
    const answer = answers[Math.min(watched.polls.length, answers.length - 1)]!;
    watched.polls.push(performance.now() - start);
    inFlight += 1;
    watched.mostInFlight = Math.max(watched.mostInFlight, inFlight);
    try {
      if (answer instanceof Error) throw answer;
      return await (typeof answer === "function" ? answer(signal) : answer);
    } finally {
      inFlight -= 1;
    }
  };
  void pollJob(fetchStatus, { settings: () => watched.settings, random: EVEN, ...rest }).then(
    (result) => Object.assign(watched.end, { result, at: performance.now() - start }),
    (error: unknown) => Object.assign(watched.end, { error, at: performance.now() - start }),
  );
  return watched;
}

/** An answer that takes its time; an abort ends it. */
export const after =
  (ms: number, reply: Reply<string>) =>
  (signal: AbortSignal): Promise<Reply<string>> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(reply), ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    });

export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** The page as the browser shows or hides it; there is no DOM in these tests. */
export function page(): { show: () => void; hide: () => void } {
  const target = new EventTarget();
  const page = Object.assign(target, { visibilityState: "visible" });
  vi.stubGlobal("document", page);
  const turn = (state: string): void => {
    page.visibilityState = state;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { show: () => turn("visible"), hide: () => turn("hidden") };
}
