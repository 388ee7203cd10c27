/** Polling for asynchronous jobs from a page, fit for hundreds of tabs; settings that change while it is open. */

export type { FetchStatus, Request } from "./ask.js";
export { Aborted, AttemptsExhausted, Gone, JobFailed, PollError, Refused, Timeout, Unreachable } from "./errors.js";
export { pollJob, type PollOptions, type Progress } from "./poll-job.js";
export { replyOf, type JobState, type Reply } from "./reply.js";
export { retryAfter } from "./retry-after.js";
export { DEFAULT_SETTINGS, type PollSettings } from "./settings.js";
export { restore, serialize, type SavedState } from "./state.js";
export { watchSettings, type ApplySettings, type RefusedSettings, type WatchOptions } from "./watch-settings.js";
