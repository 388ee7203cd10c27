/** The job that this tab follows: it outlives a reload, and is no other tab's. */

import { restore, serialize, type SavedState } from "chartgen-client";

const ID = "ideaforge.job";
const STATE = "ideaforge.job.polling";

/** A job, and how far polling for it was. */
export interface FollowedJob {
  readonly id: string;
  readonly resume: SavedState | undefined;
}

/** The job that an earlier life of the page followed. */
export function recall(): FollowedJob | undefined {
  const id = stored((storage) => storage.getItem(ID));
  return id ? { id, resume: restore(stored((storage) => storage.getItem(STATE))) } : undefined;
}

export function remember({ id, resume }: FollowedJob): void {
  stored((storage) => {
    storage.setItem(ID, id);
    if (resume) storage.setItem(STATE, serialize(resume));
    else storage.removeItem(STATE);
  });
}

export function forget(): void {
  stored((storage) => {
    storage.removeItem(ID);
    storage.removeItem(STATE);
  });
}

/** A browser may deny its storage, or have none left: then a reload starts anew. */
function stored<Value>(use: (storage: Storage) => Value): Value | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
