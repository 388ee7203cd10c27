import { useState } from "react";
import { listJobs, type JobStatus } from "../lib/jobs";
import { Moment } from "./Moment";

interface List {
  readonly jobs: readonly JobStatus[];
  /** Where the list goes on; null at its end. */
  readonly next: string | null;
}

/** The server's jobs, asked for when somebody wants to see them: no page does so by itself. */
export function RecentJobs({ onChoose }: { onChoose: (id: string) => void }) {
  const [list, setList] = useState<List>();
  const [trouble, setTrouble] = useState<string>();
  const load = (before: readonly JobStatus[], cursor: string | null): void => {
    listJobs(cursor).then(
      ({ jobs, next }) => {
        setList({ jobs: [...before, ...jobs], next });
        setTrouble(undefined);
      },
      () => setTrouble("The list could not be loaded: the server is busy or away. Try again."),
    );
  };
  return (
    <section className="card" aria-labelledby="recent">
      <h2 id="recent">Recent jobs</h2>
      {list?.jobs.length === 0 && <p className="quiet">There are none.</p>}
      {list && list.jobs.length > 0 && (
        <ul className="jobs">
          {list.jobs.map(({ id, state, created_at }) => (
            <li key={id}>
              <button type="button" className="link" onClick={() => onChoose(id)}>
                <span className="unseen">Follow job </span>
                <code>{id}</code>
              </button>
              <span>{state}</span>
              <Moment iso={created_at} />
            </li>
          ))}
        </ul>
      )}
      <div className="actions">
        <button type="button" onClick={() => load([], null)}>
          {list ? "Load the list again" : "Show recent jobs"}
        </button>
        {list?.next && (
          <button type="button" onClick={() => load(list.jobs, list.next)}>
            Show more
          </button>
        )}
      </div>
      <p role="alert" className={trouble ? "note doubtful" : "silent"}>
        {trouble}
      </p>
    </section>
  );
}
