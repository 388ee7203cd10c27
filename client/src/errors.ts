/** How polling ends without a result: one class for each way, all of them `PollError`. */

import type { SavedState } from "./state.js";

/** The end of polling without a result. `state` resumes it, where that makes sense. */
export class PollError extends Error {
  readonly code: string;
  readonly state: SavedState;

  constructor(code: string, message: string, state: SavedState, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code;
    this.code = code;
    this.state = state;
  }
}

/** The deadline has passed, and a last poll brought no result. */
export class Timeout extends PollError {
  constructor(timeoutMs: number, state: SavedState) {
    super("Timeout", `the job is not done after ${timeoutMs} ms`, state);
  }
}

/** As many polls were made as the settings allow. */
export class AttemptsExhausted extends PollError {
  constructor(attempts: number, state: SavedState) {
    super("AttemptsExhausted", `the job is not done after ${attempts} polls`, state);
  }
}

/** The caller's signal aborted; `cause` is its reason. */
export class Aborted extends PollError {
  constructor(reason: unknown, state: SavedState) {
    super("Aborted", "polling was aborted", state, reason);
  }
}

/** The job itself failed; `reason` is what the server says of it. */
export class JobFailed extends PollError {
  readonly reason: unknown;

  constructor(reason: unknown, state: SavedState) {
    super("JobFailed", "the job failed", state, reason);
    this.reason = reason;
  }
}

/** The server does not know the job, or no longer: it never will. */
export class Gone extends PollError {
  constructor(state: SavedState) {
    super("Gone", "the server knows no such job", state);
  }
}

/** The server will not answer this request, however often it is made: rights, a wrong address. */
export class Refused extends PollError {
  constructor(reason: unknown, state: SavedState) {
    super("Refused", "the server refuses the request", state, reason);
  }
}

/** Too many polls in a row brought no answer; `cause` is what became of the last. */
export class Unreachable extends PollError {
  constructor(polls: number, state: SavedState, cause: unknown) {
    super("Unreachable", `${polls} polls in a row brought no answer`, state, cause);
  }
}
