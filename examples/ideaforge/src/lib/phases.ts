/** Where a followed job is, in words: one phase for each thing that a user has to know. */

import { AttemptsExhausted, Gone, JobFailed, Refused, Timeout, Unreachable, type Progress } from "chartgen-client";
import type { Job } from "chartgen-client/react";
import type { JobResult, JobStatus } from "./jobs";
import { span, timeOfDay } from "./times";

/** What the poller told last, when, and what was last known of the job. */
export interface Told {
  readonly progress: Progress;
  readonly at: Date;
  readonly status: JobStatus | undefined;
  /** Why the last poll brought nothing, if it did not. */
  readonly why: string;
  /** How many polls in a row brought no answer. */
  readonly misses: number;
}

export interface Phase {
  readonly name:
    | "waiting"
    | "queued"
    | "running"
    | "busy"
    | "away"
    | "succeeded"
    | "failed"
    | "cancelled"
    | "gone"
    | "timeout"
    | "exhausted"
    | "unreachable"
    | "refused";
  readonly tone: "calm" | "good" | "doubtful" | "bad";
  readonly title: string;
  readonly text: string;
}

/** How many polls in a row may bring no answer; the poller gives up with the next. */
export const BLIPS = 5;

/** What is told now; `known` is what an earlier life of the page knew of the job. */
export function told(before: Told | undefined, progress: Progress, why: string, known: JobStatus | undefined): Told {
  const isPending = progress.reply === "pending";
  return {
    progress,
    at: new Date(),
    why,
    status: isPending ? (progress.progress as JobStatus) : (before?.status ?? known),
    misses: progress.reply === "unavailable" ? (before?.misses ?? 0) + 1 : 0,
  };
}

/** Whether the poller still polls. */
export const isOpen = (job: Job<JobResult>): boolean => job.status === "polling";

/** Whether polling ended while the job itself may go on. */
export const mayGoOn = ({ name }: Phase): boolean =>
  name === "timeout" || name === "exhausted" || name === "unreachable" || name === "refused";

/** What the server said of a job that has ended. */
export function statusOf(job: Job<JobResult>): JobStatus | undefined {
  if (job.status === "succeeded") return job.result.status;
  return job.status === "failed" && job.error instanceof JobFailed ? (job.error.reason as JobStatus) : undefined;
}

export function phaseOf(job: Job<JobResult>, last: Told | undefined, known: JobStatus | undefined): Phase {
  if (job.status === "succeeded") {
    return { name: "succeeded", tone: "good", title: "Done", text: "The job is done; its result is below." };
  }
  return job.status === "failed" ? endOf(job.error) : openPhase(last, known);
}

function openPhase(last: Told | undefined, known: JobStatus | undefined): Phase {
  const reply = last?.progress.reply ?? "started";
  if (last && reply === "busy") {
    const text = `It says: ${last.why}. Trying again at ${nextTry(last)}.`;
    return { name: "busy", tone: "doubtful", title: "The server asks to wait", text };
  }
  if (last && reply === "unavailable") {
    const left = BLIPS + 1 - last.misses;
    const tries = left === 1 ? "one more try" : `${left} more tries`;
    const text = `The last time ${last.why}. Trying again at ${nextTry(last)}; ${tries} before this page gives up.`;
    return { name: "away", tone: "doubtful", title: "The server is away", text };
  }
  const state = (last?.status ?? known)?.state;
  const old = reply === "started" ? " So it was when it was last heard of; the next poll will tell." : "";
  switch (state) {
    case "queued":
      return { name: "queued", tone: "calm", title: "Queued", text: `The job waits for a worker.${old}` };
    case "running":
      return { name: "running", tone: "calm", title: "Running", text: `A worker is at it.${old}` };
    default:
      return { name: "waiting", tone: "calm", title: "Submitted", text: waitingText(last?.progress.polls ?? 0) };
  }
}

const waitingText = (polls: number): string =>
  polls === 0 ? "The first poll is still to come." : "No poll has told how it is; the next one is still to come.";

function endOf(error: Error): Phase {
  if (error instanceof JobFailed) return endOfJob(error.reason as JobStatus);
  if (error instanceof Timeout) {
    const text = "The time that the settings give a job is up. It may still be running on the server.";
    return { name: "timeout", tone: "bad", title: "Timed out", text };
  }
  if (error instanceof AttemptsExhausted) {
    const text = `The page asked ${times(error.state.polls)}, as often as the settings allow. The job may still be running on the server.`;
    return { name: "exhausted", tone: "bad", title: "Out of attempts", text };
  }
  if (error instanceof Unreachable) {
    const text = `The server did not answer ${times(BLIPS + 1)} in a row. The job may still be running there.`;
    return { name: "unreachable", tone: "bad", title: "The server cannot be reached", text };
  }
  if (error instanceof Gone) {
    const text = "The server does not know this job, or no longer: results are kept for a while alone.";
    return { name: "gone", tone: "bad", title: "Gone", text };
  }
  const why = error instanceof Refused && error.cause instanceof Error ? error.cause.message : error.message;
  return { name: "refused", tone: "bad", title: "The server refuses to tell", text: `It says: ${why}.` };
}

function endOfJob({ state, error }: JobStatus): Phase {
  if (state === "cancelled") {
    return { name: "cancelled", tone: "calm", title: "Cancelled", text: "The job was cancelled; it has no result." };
  }
  const text = error ? `${error.message} (${error.code})` : "The server does not say why.";
  return { name: "failed", tone: "bad", title: "Failed", text };
}

const nextTry = ({ at, progress }: Told): string => timeOfDay(new Date(at.getTime() + progress.nextPollMs));

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** What is left of the budget of a job, at a moment. */
export function leftOf({ progress, at }: Told, now: Date): { attempts: number; time: string; nextPoll: string } {
  const passed = now.getTime() - at.getTime();
  const untilPoll = progress.nextPollMs - passed;
  return {
    attempts: Math.max(0, progress.attempts - progress.polls),
    time: span(Math.max(0, Math.floor((progress.timeoutMs - progress.elapsedMs - passed) / 1000)) * 1000),
    nextPoll: untilPoll > 0 ? `in ${span(Math.ceil(untilPoll / 1000) * 1000)}` : overdue(-untilPoll),
  };
}

const overdue = (ms: number): string => (ms < 3000 ? "now" : `asked ${span(ms)} ago, no answer yet`);
