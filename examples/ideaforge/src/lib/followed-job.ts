/** The job that this tab follows: it outlives a reload, and is no other tab's. */

import { restore, serialize, type SavedState } from "chartgen-client";
import { statusOf, type JobStatus } from "./jobs";

const ID = "ideaforge.job";
const STATE = "ideaforge.job.polling";
const STATUS = "ideaforge.job.status";

/** A job, how far polling for it was, and what the server said of it last. */
export interface FollowedJob {
  readonly id: string;
  readonly resume: SavedState | undefined;
  readonly status?: JobStatus | undefined;
}

/** The job that an earlier life of the page followed. */
export function recall(): FollowedJob | undefined {
  const id = stored((storage) => storage.getItem(ID));
  if (!id) return undefined;
  const resume = restore(stored((storage) => storage.getItem(STATE)));
  return { id, resume, status: stored((storage) => statusOf(JSON.parse(storage.getItem(STATUS) ?? ""))) };
}

export function remember({ id, resume, status }: FollowedJob): void {
  stored((storage) => {
    storage.setItem(ID, id);
    put(storage, STATE, resume && serialize(resume));
    put(storage, STATUS, status && JSON.stringify(status));
  });
}

export function forget(): void {
  stored((storage) => {
    storage.removeItem(ID);
    storage.removeItem(STATE);
    storage.removeItem(STATUS);
  });
}

function put(storage: Storage, name: string, text: string | undefined): void {
  if (text === undefined) storage.removeItem(name);
  else storage.setItem(name, text);
}

/** A browser may deny its storage, have none left, or hold what is not ours: then a reload starts anew. */
function stored<Value>(use: (storage: Storage) => Value): Value | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
