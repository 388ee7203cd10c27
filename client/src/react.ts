/** The poller, and settings that change, as hooks of React. */

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Request } from "./ask.js";
import { Aborted, type PollError } from "./errors.js";
import { pollJob, type PollOptions, type Progress } from "./poll-job.js";
import type { Reply } from "./reply.js";

/** Where a job is. */
export type Job<Result> =
  | { readonly status: "idle" }
  | { readonly status: "polling"; readonly progress: Progress | undefined }
  | { readonly status: "succeeded"; readonly result: Result }
  | { readonly status: "failed"; readonly error: PollError };

/** Asks for the status of the job with this id. */
export type FetchJob<Result> = (id: string, request: Request) => Promise<Reply<Result>>;

/**
 * Poll for the job with this id, as long as the component is there; without an id, do nothing.
 *
 * Another id starts anew. Another `fetchJob`, other `settings` or another `onProgress`, as every render may bring, do not:
 * the latest are used. The other options are those of the rendering that brought the id.
 */
export function useJob<Result>(
  id: string | null | undefined,
  fetchJob: FetchJob<Result>,
  options: Omit<PollOptions, "signal"> = {},
): Job<Result> {
  const [known, setKnown] = useState<{ id: string; job: Job<Result> }>();
  const latest = useRef({ fetchJob, options });
  useEffect(() => {
    latest.current = { fetchJob, options };
  });
  useEffect(() => {
    if (id == null) return undefined;
    const controller = new AbortController();
    const show = (job: Job<Result>): void => {
      if (!controller.signal.aborted) setKnown({ id, job });
    };
    pollJob<Result>((request) => latest.current.fetchJob(id, request), {
      ...latest.current.options,
      settings: () => latest.current.options.settings?.() ?? {},
      signal: controller.signal,
      onProgress: (progress) => {
        show({ status: "polling", progress });
        return latest.current.options.onProgress?.(progress);
      },
    }).then(
      (result) => show({ status: "succeeded", result }),
      (error: PollError) => {
        if (!(error instanceof Aborted)) show({ status: "failed", error });
      },
    );
    return () => {
      controller.abort();
      setKnown(undefined); // the same id may come again
    };
  }, [id]);
  if (id == null) return { status: "idle" };
  return known?.id === id ? known.job : { status: "polling", progress: undefined };
}

/** The event of a generated reader that says that other settings hold now. */
const CHANGED = "chartgen:settings-changed";

/**
 * The settings that hold now; the component renders anew when others do.
 *
 * Where pages are rendered on a server, `getServerSettings` returns what it rendered with, the defaults, for the first
 * rendering in the browser; always the same object.
 */
export function useSettings<Settings>(getSettings: () => Settings, getServerSettings = getSettings): Settings {
  return useSyncExternalStore(subscribe, getSettings, getServerSettings);
}

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener(CHANGED, listener);
  return () => globalThis.removeEventListener(CHANGED, listener);
}
