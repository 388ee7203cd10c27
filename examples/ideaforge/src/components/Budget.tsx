import { useEffect, useState } from "react";
import { leftOf, type Told } from "../lib/phases";

/** What the settings leave a job: polls, time, and when the next poll is. It ticks, and so is no live region. */
export function Budget({ last }: { last: Told }) {
  const { attempts, time, nextPoll } = leftOf(last, useNow());
  return (
    <dl className="facts">
      <Fact name="Next poll" value={nextPoll} />
      <Fact name="Polls made" value={String(last.progress.polls)} />
      <Fact name="Attempts left" value={String(attempts)} />
      <Fact name="Time left" value={time} />
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}
