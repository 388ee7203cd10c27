import { momentOf } from "../lib/times";
import { Moment } from "./Moment";

/** A part of a result, whatever the job made of it; its moments are the user's. */
export function ResultValue({ value }: { value: unknown }) {
  if (typeof value === "string") return momentOf(value) ? <Moment iso={value} /> : <>{value}</>;
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
        <div key={name}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>
            <ResultValue value={each} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
