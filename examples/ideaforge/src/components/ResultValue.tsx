import { dayOf } from "../lib/times";
import { Moment } from "./Moment";

/** What people wrote stays as they wrote it, also where it looks like a date. */
const WRITTEN = new Set(["title", "note"]);

/** A part of a result, whatever the job made of it; its moments are the user's. */
export function ResultValue({ value }: { value: unknown }) {
  if (typeof value === "string") return <Text text={value} />;
  if (Array.isArray(value)) {
    return (
      <ol>
        {value.map((each: unknown, place) => (
          <li key={place}>
            <ResultValue value={each} />
          </li>
        ))}
      </ol>
    );
  }
  if (typeof value !== "object" || value === null) return <>{String(value ?? "none")}</>;
  return (
    <dl className="pairs">
      {Object.entries(value).map(([name, each]) => (
        <div key={name} className={typeof each === "object" && each !== null ? "deep" : undefined}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>{typeof each === "string" && WRITTEN.has(name) ? each : <ResultValue value={each} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Text({ text }: { text: string }) {
  const day = dayOf(text);
  return day === undefined ? <Moment iso={text} /> : <time dateTime={text}>{day}</time>;
}
