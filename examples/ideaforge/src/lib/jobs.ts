/** The backend's jobs, and what its answers mean to the poller. */

import { replyOf, retryAfter, type JobState, type Reply, type Request } from "chartgen-client";

const JOBS = "/api/multi-agent/jobs";

/** How long an answer may take: who looks at the page is to hear of a stalled network soon. */
export const ANSWER_MS = 10_000;
const NO_ANSWER = "there was no answer";

const STATES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;

/** A job as the backend tells of it; moments are ISO 8601 in UTC. */
export interface JobStatus {
  readonly id: string;
  readonly state: (typeof STATES)[number];
  /** From 0 to 1. */
  readonly progress: number;
  readonly message: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly updated_at: string;
  readonly finished_at: string | null;
  readonly expires_at: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What came of a job, and what the server said of it last. */
export interface JobResult {
  readonly status: JobStatus;
  readonly result: Readonly<Record<string, unknown>>;
}

/** What to do, for how many seconds, and how it is to end. */
export interface JobOrder {
  readonly prompt: string;
  readonly seconds: number;
  readonly outcome: "succeed" | "fail";
}

/** What came of an order. The server did not take one that it was too busy for; where it is unclear, it may have done so. */
export type Submission =
  | { readonly state: "accepted"; readonly id: string }
  | { readonly state: "busy" | "unclear"; readonly why: string; readonly retryAfterMs?: number | undefined }
  | { readonly state: "refused"; readonly why: string };

/** What came of a cancellation that was asked for. */
export type Cancellation =
  { readonly state: "accepted" } | { readonly state: "busy" | "unclear" | "refused"; readonly why: string };

/** One page of the jobs, the newest first. */
export interface JobPage {
  readonly jobs: readonly JobStatus[];
  readonly next: string | null;
}

/**
 * Ask for a job once; the result is fetched in the same breath, so that one is not waited for twice.
 *
 * `onTrouble` hears why there is no answer, before the poller does.
 */
export async function fetchJob(
  id: string,
  { signal }: Request,
  onTrouble: (why: string) => void,
): Promise<Reply<JobResult>> {
  onTrouble(NO_ANSWER);
  const status = await fetch(urlOf(id), { signal });
  if (!status.ok) onTrouble(await complaintOf(status.clone()));
  const reply = await replyOf(status, readStatus);
  if (reply.state !== "succeeded") return reply;
  const response = await fetch(`${urlOf(id)}/result`, { signal });
  if (!response.ok) onTrouble(await complaintOf(response.clone()));
  // One replica may know of the end before the other does.
  if (response.status === 409) return { state: "pending", progress: reply.result };
  return replyOf(response, (body) => ({
    state: "succeeded",
    result: { status: reply.result, result: resultOf(body) },
  }));
}

/**
 * Order a job. However often it is sent with the same key, it is one job.
 *
 * @throws the signal's reason, where it aborts.
 */
export async function submitJob(order: JobOrder, key: string, signal: AbortSignal): Promise<Submission> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  const body = JSON.stringify(order);
  try {
    const response = await fetch(JOBS, { method: "POST", headers, body, signal: AbortSignal.any([signal, soon()]) });
    if (response.ok) return { state: "accepted", id: statusOf(await response.json()).id };
    const retryAfterMs = retryAfter(response.headers.get("Retry-After"), response.headers.get("Date"));
    return { state: meaningOf(response.status), why: await complaintOf(response), retryAfterMs };
  } catch {
    signal.throwIfAborted();
    return { state: "unclear", why: NO_ANSWER };
  }
}

/**
 * Ask for a job's cancellation, which may be done again; that it is cancelled is for the next poll to say.
 *
 * A job that is gone, or over, has no more need of it.
 */
export async function cancelJob(id: string): Promise<Cancellation> {
  try {
    const response = await fetch(urlOf(id), { method: "DELETE", signal: soon() });
    if (response.ok || [404, 409, 410].includes(response.status)) return { state: "accepted" };
    return { state: meaningOf(response.status), why: await complaintOf(response) };
  } catch {
    return { state: "unclear", why: NO_ANSWER };
  }
}

/**
 * The jobs, from a place in their list on.
 *
 * @throws {Error} there was no list in the answer, or no answer.
 */
export async function listJobs(cursor: string | null): Promise<JobPage> {
  const query = new URLSearchParams({ limit: "10", ...(cursor === null ? {} : { cursor }) });
  const response = await fetch(`${JOBS}?${query}`, { signal: soon() });
  if (!response.ok) throw new Error(await complaintOf(response));
  const { jobs, next } = (await response.json()) as { jobs: unknown[]; next: string | null };
  return { jobs: jobs.map(statusOf), next };
}

const soon = (): AbortSignal => AbortSignal.timeout(ANSWER_MS);

/** What a status that is no success means for what was sent: a server, or a proxy, that fails may have passed it on before. */
function meaningOf(status: number): "busy" | "unclear" | "refused" {
  if (status === 429) return "busy";
  return status < 400 || status >= 500 || status === 408 || status === 425 ? "unclear" : "refused";
}

const urlOf = (id: string): string => `${JOBS}/${encodeURIComponent(id)}`;

/**
 * The job's status that something is.
 *
 * @throws {Error} it is none: replyOf then says that there was no answer.
 */
export function statusOf(body: unknown): JobStatus {
  const found = body as JobStatus;
  const isStatus = typeof found.id === "string" && STATES.includes(found.state) && typeof found.progress === "number";
  if (!isStatus) throw new Error("the answer is no job's status");
  return found;
}

function readStatus(body: unknown): JobState<JobStatus> {
  const status = statusOf(body);
  if (status.state === "succeeded") return { state: "succeeded", result: status };
  if (status.state === "failed" || status.state === "cancelled") return { state: "failed", reason: status };
  return { state: "pending", progress: status };
}

function resultOf(body: unknown): JobResult["result"] {
  const { result } = body as JobResult;
  if (typeof result !== "object" || result === null) throw new Error("the answer is no job's result");
  return result;
}

/** What the server says is wrong: a text, what the backend says of itself, or FastAPI's list of faults in the order. */
type Detail = string | { message: string } | { loc: (string | number)[]; msg: string }[];

async function complaintOf(response: Response): Promise<string> {
  const status = `the server answered with status ${response.status}`;
  try {
    const { detail } = (await response.json()) as { detail?: Detail };
    if (!detail || typeof detail === "string") return detail || status;
    if (!Array.isArray(detail)) return detail.message;
    return detail.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`).join("; ");
  } catch {
    return status;
  }
}
