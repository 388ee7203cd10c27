import type { JobStatus } from "../lib/jobs";
import { Moment } from "./Moment";

/** What the server last said of a job. */
export function JobFacts({ status }: { status: JobStatus }) {
  const moments = [
    ["Submitted", status.created_at],
    ["Started", status.started_at],
    status.finished_at ? ["Finished", status.finished_at] : ["Last heard of", status.updated_at],
    ["Kept until", status.expires_at],
  ] as const;
  return (
    <dl className="pairs">
      {status.message && (
        <div>
          <dt>The worker says</dt>
          <dd>{status.message}</dd>
        </div>
      )}
      {moments.map(
        ([name, iso]) =>
          iso && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Moment iso={iso} />
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
