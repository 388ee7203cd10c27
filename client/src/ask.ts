/** One request: it ends, whatever becomes of it, and what is no answer is a reply that says so. */

import type { Reply } from "./reply.js";
import { LONGEST_MS } from "./sleep.js";

/** What a request is given: pass `signal` on to `fetch`; `attempt` counts from 1. */
export interface Request {
  readonly signal: AbortSignal;
  readonly attempt: number;
}

/** Asks for a job's status once. A rejection is no answer, and is tolerated as that. */
export type FetchStatus<Result> = (request: Request) => Promise<Reply<Result>>;

const STATES = new Set(["pending", "succeeded", "failed", "gone", "busy", "unavailable", "refused"]);

export async function ask<Result>(
  fetchStatus: FetchStatus<Result>,
  attempt: number,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Reply<Result>> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const late = new Error(`no answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => controller.abort(late), Math.min(timeoutMs, LONGEST_MS));
  try {
    controller.signal.throwIfAborted();
    const request = async (): Promise<Reply<Result>> => fetchStatus({ signal: controller.signal, attempt });
    return checked(await Promise.race([request(), aborted(controller.signal)]));
  } catch (cause) {
    return { state: "unavailable", cause };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** A request that does not listen to its signal must not hold us up. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** Replies come from code that no compiler may have seen. A job that is done has a result, or it is not done. */
function checked<Result>(reply: Reply<Result> | undefined): Reply<Result> {
  const isKnown = STATES.has(reply?.state ?? "") && (reply?.state !== "succeeded" || "result" in reply);
  return reply && isKnown ? reply : { state: "unavailable", cause: new Error("the reply is of no known form") };
}
