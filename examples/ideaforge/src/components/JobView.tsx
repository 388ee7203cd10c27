import type { SavedState } from "chartgen-client";
import { useJob, type FetchJob } from "chartgen-client/react";
import { useEffect, useRef, useState } from "react";
import { remember, type FollowedJob } from "../lib/followed-job";
import { pollSettings } from "../lib/job-config";
import { ANSWER_MS, fetchJob, type JobResult, type JobStatus } from "../lib/jobs";
import { BLIPS, isOpen, mayGoOn, phaseOf, statusOf, told, type Phase, type Told } from "../lib/phases";
import { useFocus } from "../lib/use-focus";
import { CancelButton } from "./CancelButton";
import { Budget } from "./Budget";
import { JobFacts } from "./JobFacts";
import { ResultValue } from "./ResultValue";

interface Properties {
  readonly job: FollowedJob;
  readonly run: number;
  readonly onFollow: (job: FollowedJob) => void;
  readonly onLeave: () => void;
}

/** Follows one job to its end, and says where it is. */
export function JobView({ job: { id, resume, status: known }, run, onFollow, onLeave }: Properties) {
  const [last, setLast] = useState<Told>();
  const latest = useRef<Told>(undefined); // what the next poll finds is told before anything is rendered
  const why = useRef("");
  const fetchStatus: FetchJob<JobResult> = (id, request) => fetchJob(id, request, (trouble) => (why.current = trouble));
  const job = useJob<JobResult>(id, fetchStatus, {
    settings: pollSettings,
    resume,
    blips: BLIPS,
    requestTimeoutMs: ANSWER_MS,
    onProgress: (progress) => {
      const now = told(latest.current, progress, why.current, known);
      latest.current = now;
      remember({ id, resume: progress.state, status: now.status });
      setLast(now);
    },
  });
  const heading = useFocus<HTMLHeadingElement>(run > 0); // whoever reloads the page is not moved about
  const phase = phaseOf(job, last, known);
  const status = statusOf(job) ?? last?.status ?? known;
  useTitle(phase);
  const again = (state?: SavedState): void => onFollow({ id, resume: state, status });
  return (
    <section className="card" aria-labelledby="job" data-phase={phase.name}>
      <h2 id="job" tabIndex={-1} ref={heading}>
        Job <code>{id}</code>
      </h2>
      <div role="status" className={`phase ${phase.tone}`}>
        <strong>{phase.title}</strong>
        <p>{phase.text}</p>
      </div>
      {isOpen(job) && <JobProgress status={status} />}
      {isOpen(job) && last && <Budget last={last} />}
      {status && <JobFacts status={status} />}
      {job.status === "succeeded" && (
        <section aria-labelledby="result">
          <h3 id="result">Result</h3>
          <ResultValue value={job.result.result} />
        </section>
      )}
      <div className="actions">
        {mayGoOn(phase) && (
          <button type="button" className="primary" onClick={() => again()}>
            Ask again from the start
          </button>
        )}
        {(isOpen(job) || mayGoOn(phase)) && <CancelButton id={id} onFocusLost={() => heading.current?.focus()} />}
        <button type="button" onClick={onLeave}>
          {isOpen(job) ? "Leave it running, and submit another" : "New job"}
        </button>
      </div>
    </section>
  );
}

function JobProgress({ status }: { status: JobStatus | undefined }) {
  const value = status?.progress;
  const percent = Math.round((value ?? 0) * 100);
  return (
    <div className="progress">
      <label htmlFor="progress">Progress</label>
      <progress id="progress" {...(value === undefined ? {} : { value })} />
      <span>{value === undefined ? "not known yet" : `${percent} %`}</span>
    </div>
  );
}

/** A tab in the background tells by its title. */
function useTitle({ title }: Phase): void {
  useEffect(() => {
    document.title = `${title} – Ideaforge`;
    return () => void (document.title = "Ideaforge");
  }, [title]);
}
