/** The header `Retry-After`, in either of its forms (RFC 9110, 10.2.3). */

/**
 * The milliseconds that the header's text asks for; undefined where it is absent or says nothing.
 *
 * A date is the server's: it is told from the server's own clock, `Date`, where that can be read.
 */
export function retryAfter(header: string | null | undefined, date?: string | null): number | undefined {
  const text = header?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const until = parseDate(text);
  return until === undefined ? undefined : Math.max(0, until - (parseDate(date ?? "") ?? Date.now()));
}

/** HTTP's date in its three forms (5.6.7), and nothing else: `Date.parse` takes "1.5" and "Mon, 1" for dates. */
const FORMS = [
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]+day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

function parseDate(text: string): number | undefined {
  for (const form of FORMS) {
    const { day, month, year, time } = form.exec(text)?.groups ?? {};
    const found = Date.parse(`${day} ${month} ${year} ${time} GMT`);
    if (!Number.isNaN(found)) return found;
  }
  return undefined;
}
