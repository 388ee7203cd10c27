import { useRef, type SubmitEvent } from "react";
import type { JobOrder } from "../lib/jobs";
import { useFocus, useFocusLost } from "../lib/use-focus";
import { useSubmission } from "../lib/use-submission";

/** Orders a job. */
export function JobForm({ isFocused, onAccepted }: { isFocused: boolean; onAccepted: (id: string) => void }) {
  const prompt = useFocus<HTMLTextAreaElement>(isFocused);
  const submitButton = useRef<HTMLButtonElement>(null);
  const { trouble, isUnderway, submit, stop } = useSubmission(onAccepted);
  const submitForm = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault(); // an action of React's would empty the form, also where nothing came of it
    void submit(orderOf(new FormData(event.currentTarget)));
  };
  return (
    <section className="card" aria-labelledby="new-job">
      <h2 id="new-job">New job</h2>
      <form onSubmit={submitForm}>
        <label htmlFor="prompt">What is to be done</label>
        <textarea
          ref={prompt}
          id="prompt"
          name="prompt"
          rows={3}
          required
          maxLength={4000}
          defaultValue="Ideas for a rainy day"
        />
        <label htmlFor="seconds">How long it takes, in seconds</label>
        <input id="seconds" name="seconds" type="number" required min={0} max={3600} step="any" defaultValue={20} />
        <fieldset>
          <legend>How it ends</legend>
          <Outcome value="succeed" label="with a result" isChosen />
          <Outcome value="fail" label="with a failure" />
        </fieldset>
        <div className="actions">
          <button type="submit" ref={submitButton} className="primary" aria-disabled={isUnderway}>
            {isUnderway ? "Submitting…" : "Submit the job"}
          </button>
          {isUnderway && <StopButton onStop={stop} onFocusLost={() => submitButton.current?.focus()} />}
        </div>
        <p role="alert" className={trouble ? "note doubtful" : "silent"}>
          {trouble}
        </p>
      </form>
    </section>
  );
}

function StopButton({ onStop, onFocusLost }: { onStop: () => void; onFocusLost: () => void }) {
  const button = useFocusLost<HTMLButtonElement>(onFocusLost);
  return (
    <button type="button" ref={button} onClick={onStop}>
      Stop trying
    </button>
  );
}

function Outcome({ value, label, isChosen = false }: { value: string; label: string; isChosen?: boolean }) {
  return (
    <label className="choice">
      <input type="radio" name="outcome" value={value} defaultChecked={isChosen} />
      {label}
    </label>
  );
}

const orderOf = (data: FormData): JobOrder => ({
  prompt: String(data.get("prompt")),
  seconds: Number(data.get("seconds")),
  outcome: data.get("outcome") === "fail" ? "fail" : "succeed",
});
