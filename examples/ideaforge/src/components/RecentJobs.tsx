import { useRef, useState } from "react";
import { listJobs, type JobStatus } from "../lib/jobs";
import { useFocus } from "../lib/use-focus";
import { Moment } from "./Moment";

interface List {
  readonly jobs: readonly JobStatus[];
  /** Where the list goes on; null at its end. */
  readonly next: string | null;
  /** Whether it came by a button that goes at the end of the list, and that has the focus. */
  readonly isFocusLost: boolean;
}

/** The server's jobs, asked for when somebody wants to see them: no page does so by itself. */
export function RecentJobs({ onChoose }: { onChoose: (id: string) => void }) {
  const [list, setList] = useState<List>();
  const [trouble, setTrouble] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const load = (before: readonly JobStatus[], cursor: string | null): void => {
    if (isLoading) return;
    setLoading(true);
    setTrouble(undefined);
    listJobs(cursor)
      .then(
        ({ jobs, next }) => {
          const isFocusLost = next === null && more.current !== null && document.activeElement === more.current;
          setList({ jobs: [...before, ...jobs], next, isFocusLost });
        },
        () => setTrouble("The list could not be loaded: the server is busy or away. Try again."),
      )
      .finally(() => setLoading(false));
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
      {list?.isFocusLost && <End />}
      <div className="actions">
        <button type="button" onClick={() => load([], null)} aria-disabled={isLoading}>
          {isLoading ? "Loading…" : list ? "Load the list again" : "Show recent jobs"}
        </button>
        {list?.next && (
          <button type="button" ref={more} onClick={() => load(list.jobs, list.next)} aria-disabled={isLoading}>
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

/** What the button for more gives way to; nobody who pressed it is thrown to the page's top. */
function End() {
  const text = useFocus<HTMLParagraphElement>(true);
  return (
    <p className="quiet" tabIndex={-1} ref={text}>
      These are all.
    </p>
  );
}
