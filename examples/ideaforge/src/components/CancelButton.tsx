import { useState } from "react";
import { cancelJob, type Cancellation } from "../lib/jobs";
import { useFocusLost } from "../lib/use-focus";

interface Properties {
  readonly id: string;
  /** Called when the button goes while it has the focus. */
  readonly onFocusLost: () => void;
}

/** Asks for a job's cancellation; whether it came to that is for the next poll to say. */
export function CancelButton({ id, onFocusLost }: Properties) {
  const button = useFocusLost<HTMLButtonElement>(onFocusLost);
  const [asked, setAsked] = useState<Cancellation | "no" | "asking">("no");
  const isAsked = asked === "asking" || (asked !== "no" && asked.state === "accepted");
  const cancel = (): void => {
    if (isAsked) return;
    setAsked("asking");
    void cancelJob(id).then(setAsked);
  };
  const words = typeof asked === "string" ? undefined : wordsOf(asked);
  return (
    <>
      <button type="button" ref={button} onClick={cancel} aria-disabled={isAsked}>
        {isAsked ? "Cancelling…" : "Cancel the job"}
      </button>
      <p role="status" className={words ? "note" : "silent"}>
        {words}
      </p>
    </>
  );
}

function wordsOf(asked: Cancellation): string {
  if (asked.state === "accepted") return "The cancellation is accepted; the next poll will tell.";
  if (asked.state !== "unclear") return `The server did not take the cancellation: ${asked.why}.`;
  return `Whether the server has the cancellation is not known: ${asked.why}. The next poll will tell; it may be asked for again.`;
}
