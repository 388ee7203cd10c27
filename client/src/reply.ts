/** What one poll brings, and how HTTP says it. */

import { retryAfter } from "./retry-after.js";

/** The job goes on. `retryAfterMs` is how long the server wants to be left alone, where it says so. */
export interface Pending {
  readonly state: "pending";
  readonly progress?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** The job is done. */
export interface Succeeded<Result> {
  readonly state: "succeeded";
  readonly result: Result;
}

/** The job is done, and has no result. */
export interface Failed {
  readonly state: "failed";
  readonly reason?: unknown;
}

/** There is no such job, or no longer: HTTP's 404 and 410. */
export interface Unknown {
  readonly state: "gone";
}

/** The server has too much to do: HTTP's 429 and 503. */
export interface Busy {
  readonly state: "busy";
  readonly retryAfterMs?: number | undefined;
}

/** There was no usable answer, and the next poll may well bring one. */
export interface Unavailable {
  readonly state: "unavailable";
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** The server answers, and will not help: HTTP's 400, 401, 403. */
export interface Rejected {
  readonly state: "refused";
  readonly reason?: unknown;
}

export type Reply<Result> = Pending | Succeeded<Result> | Failed | Unknown | Busy | Unavailable | Rejected;

/** What a body says of a job. */
export type JobState<Result> = Pending | Succeeded<Result> | Failed;

/**
 * The reply that an HTTP response is; `read` says what its body means, which is called for 2xx alone.
 *
 * A body that `read` cannot read is no answer: a proxy's page, half a document. A 202 without one is: the job goes on.
 */
export async function replyOf<Result>(
  response: Response,
  read: (body: unknown) => JobState<Result>,
): Promise<Reply<Result>> {
  const { status } = response;
  const retryAfterMs = retryAfter(response.headers.get("Retry-After"), response.headers.get("Date"));
  if (response.ok) {
    try {
      const text = await response.text();
      if (status === 202 && text === "") return { state: "pending", retryAfterMs };
      const reply = read(JSON.parse(text));
      return reply.state === "pending" ? { ...reply, retryAfterMs: reply.retryAfterMs ?? retryAfterMs } : reply;
    } catch (cause) {
      return { state: "unavailable", cause, retryAfterMs };
    }
  }
  await response.body?.cancel().catch(() => undefined); // else the connection stays taken
  if (status === 404 || status === 410) return { state: "gone" };
  if (status === 429 || status === 503) return { state: "busy", retryAfterMs };
  const cause = new Error(`HTTP status ${status}`);
  const isPassing = status >= 500 || status === 408 || status === 425 || status < 400;
  return isPassing ? { state: "unavailable", cause, retryAfterMs } : { state: "refused", reason: cause };
}
