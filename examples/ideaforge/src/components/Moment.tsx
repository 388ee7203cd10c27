import { fullTime, momentOf } from "../lib/times";

/** A moment in the user's own zone; what machines read is the server's text. */
export function Moment({ iso }: { iso: string }) {
  const moment = momentOf(iso);
  return moment ? <time dateTime={iso}>{fullTime(moment)}</time> : <>{iso}</>;
}
