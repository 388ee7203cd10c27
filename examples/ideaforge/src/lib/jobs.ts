/** The backend's jobs, and what its answers mean to the poller. */

import { replyOf, retryAfter, type JobState, type Reply, type Request } from "chartgen-client";

const JOBS = "/api/multi-agent/jobs";

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

/** What the server said to an order; it did not take one that it was too busy for. */
export type Submission =
  | { readonly state: "accepted"; readonly id: string }
  | { readonly state: "busy"; readonly retryAfterMs: number | undefined }
  | { readonly state: "refused"; readonly message: string };

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
  onTrouble("there was no answer");
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
 * Order a job.
 *
 * @throws {TypeError} the network's: whether the server has the order is not known.
 */
export async function submitJob(order: JobOrder, signal: AbortSignal): Promise<Submission> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(JOBS, { method: "POST", headers, body: JSON.stringify(order), signal });
  const { status } = response;
  if (response.ok) return { state: "accepted", id: statusOf(await response.json()).id };
  if (status === 429 || status === 503) {
    const retryAfterMs = retryAfter(response.headers.get("Retry-After"), response.headers.get("Date"));
    return { state: "busy", retryAfterMs };
  }
  return { state: "refused", message: await complaintOf(response) };
}

/**
 * Ask for a job's cancellation; that it is cancelled is for the next poll to say.
 *
 * @throws {Error} it was not accepted. A job that is gone has no more need of it.
 */
export async function cancelJob(id: string): Promise<void> {
  const response = await fetch(urlOf(id), { method: "DELETE" });
  if (!response.ok && ![404, 409, 410].includes(response.status)) throw new Error(await complaintOf(response));
}

/**
 * The jobs, from a place in their list on.
 *
 * @throws {Error} there was no list in the answer, or no answer.
 */
export async function listJobs(cursor: string | null): Promise<JobPage> {
  const query = new URLSearchParams({ limit: "10", ...(cursor === null ? {} : { cursor }) });
  const response = await fetch(`${JOBS}?${query}`);
  if (!response.ok) throw new Error(await complaintOf(response));
  const { jobs, next } = (await response.json()) as { jobs: unknown[]; next: string | null };
  return { jobs: jobs.map(statusOf), next };
}

const urlOf = (id: string): string => `${JOBS}/${encodeURIComponent(id)}`;

/** What is no job's status is no answer: replyOf then says that there was none. */
function statusOf(body: unknown): JobStatus {
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
