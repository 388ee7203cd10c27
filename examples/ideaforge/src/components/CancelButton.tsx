import { useLayoutEffect, useRef, useState } from "react";
import { cancelJob } from "../lib/jobs";

interface Properties {
  readonly id: string;
  /** Called when the button goes while it has the focus, which would be thrown to the page's top. */
  readonly onFocusLost: () => void;
}

/** Asks for a job's cancellation; whether it came to that is for the next poll to say. */
export function CancelButton({ id, onFocusLost }: Properties) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (document.activeElement === element) onFocusLost();
    };
    // What is called is the same all the time.
  }, []);
  const [asked, setAsked] = useState<"no" | "asking" | "accepted" | "failed">("no");
  const cancel = (): void => {
    if (asked === "asking" || asked === "accepted") return;
    setAsked("asking");
    cancelJob(id).then(
      () => setAsked("accepted"),
      () => setAsked("failed"),
    );
  };
  const words = {
    no: undefined,
    asking: undefined,
    accepted: "The cancellation is accepted; the next poll will tell.",
    failed: "The server did not take the cancellation. Try again.",
  }[asked];
  return (
    <>
      <button type="button" ref={button} onClick={cancel} aria-disabled={asked === "asking" || asked === "accepted"}>
        {asked === "asking" || asked === "accepted" ? "Cancelling…" : "Cancel the job"}
      </button>
      <p role="status" className={words ? "note" : "silent"}>
        {words}
      </p>
    </>
  );
}
