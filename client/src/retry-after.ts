/** The header `Retry-After`, in either of its forms (RFC 9110, 10.2.3). */

/**
 * The milliseconds that the header's text asks for; undefined where it is absent or says nothing.
 *
 * A date is the server's: it is told from the server's own clock, `Date`, where that can be read.
 */
export function retryAfter(header: string | null | undefined, date?: string | null): number | undefined {
  const text = header?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000;
  const until = parseDate(text);
  return until === undefined ? undefined : Math.max(0, until - (parseDate(date ?? "") ?? Date.now()));
}

/** Only a date begins with a day's name: `Date.parse` would take "1.5" and "-3" for years. */
function parseDate(text: string): number | undefined {
  const found = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(found) ? undefined : found;
}
