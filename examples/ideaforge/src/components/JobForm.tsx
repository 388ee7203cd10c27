import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { submitJob, type JobOrder } from "../lib/jobs";
import { timeOfDay } from "../lib/times";
import { useFocus } from "../lib/use-focus";

const BUSY_MS = 5000;
const FAR_AWAY = "The server does not answer, so whether it has the job is not known: see the recent jobs below.";

/** Orders a job. */
export function JobForm({ isFocused, onAccepted }: { isFocused: boolean; onAccepted: (id: string) => void }) {
  const prompt = useFocus<HTMLTextAreaElement>(isFocused);
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
          <button type="submit" className="primary" aria-disabled={isUnderway}>
            {isUnderway ? "Submitting…" : "Submit the job"}
          </button>
          {isUnderway && (
            <button type="button" onClick={stop}>
              Stop trying
            </button>
          )}
        </div>
        <p role="alert" className={trouble ? "note doubtful" : "silent"}>
          {trouble}
        </p>
      </form>
    </section>
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

/** Sends an order; a server that is too busy for it is asked again when it says, one that is away is not. */
function useSubmission(onAccepted: (id: string) => void) {
  const [trouble, setTrouble] = useState<string>();
  const [isUnderway, setUnderway] = useState(false);
  const controller = useRef<AbortController>(undefined);
  const stop = (): void => {
    controller.current?.abort();
    setUnderway(false);
    setTrouble(undefined);
  };
  useEffect(() => () => controller.current?.abort(), []);

  const submit = async (order: JobOrder): Promise<void> => {
    if (isUnderway) return;
    const { signal } = (controller.current = new AbortController());
    setUnderway(true);
    setTrouble(undefined);
    try {
      for (;;) {
        const answer = await submitJob(order, signal);
        if (answer.state === "accepted") return onAccepted(answer.id);
        if (answer.state === "refused") return setTrouble(`The server does not take it: ${answer.message}`);
        const wait = Math.max(answer.retryAfterMs ?? 0, BUSY_MS) * (1 + Math.random() / 5);
        const again = timeOfDay(new Date(Date.now() + wait));
        setTrouble(`The server is busy and has not taken the job. Trying again at ${again}.`);
        await pause(wait, signal);
      }
    } catch {
      if (!signal.aborted) setTrouble(FAR_AWAY);
    } finally {
      if (!signal.aborted) setUnderway(false);
    }
  };
  return { trouble, isUnderway, submit, stop };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
