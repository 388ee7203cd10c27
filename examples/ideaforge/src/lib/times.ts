/** Moments and spans as people read them: in their own zone and by their own habits. */

/** The zone that all times of the page are in. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const TIME_OF_DAY = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The moment that an ISO 8601 text with its offset says; undefined where the text is something else. */
export function momentOf(text: string): Date | undefined {
  const moment = ISO.test(text) ? new Date(text) : undefined;
  return moment && !Number.isNaN(moment.getTime()) ? moment : undefined;
}

/** A day as people write it; it is the same in every zone. Undefined where the text is something else. */
export function dayOf(text: string): string | undefined {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined;
  return day && !Number.isNaN(day.getTime()) ? DAY.format(day) : undefined;
}

/** Date, time and zone. */
export const fullTime = (moment: Date): string => MOMENT.format(moment);

export const timeOfDay = (moment: Date): string => TIME_OF_DAY.format(moment);

/** A span of milliseconds in the two largest units that it has. */
export function span(ms: number): string {
  if (ms > 0 && ms < 1000) return `${ms} ms`;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ].filter(([count]) => count !== 0);
  return parts.length === 0 ? "0 s" : parts.slice(0, 2).flat().join(" ");
}
