// Times in the reader's own zone, in the words of the pages: "14:32", "Yesterday", "Monday, 3 March".

const LANGUAGE = "en-GB";
const DAY_MS = 24 * 60 * 60 * 1000;

const clockFormat = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const weekdayFormat = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long" });
const dateFormat = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long" });
const dateOfYearFormat = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const shortFormat = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });

/** "14:32" */
export function clock(at: Date): string {
  return clockFormat.format(at);
}

/** "Monday, 3 March 2025 at 14:32" */
export function fullDate(at: Date): string {
  return `${weekdayFormat.format(at)}, ${dateOfYearFormat.format(at)} at ${clock(at)}`;
}

/** The reader's calendar day, to tell days apart: "2025-03-03". */
export function dayKey(at: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}

function nearDay(at: Date, now: Date): "Today" | "Yesterday" | undefined {
  if (dayKey(at) === dayKey(now)) return "Today";
  return dayKey(at) === dayKey(new Date(now.getTime() - DAY_MS)) ? "Yesterday" : undefined;
}

/** "Today", "Yesterday", "Monday, 3 March", and with the year when it is another one. */
export function dayLabel(at: Date, now = new Date()): string {
  const format = at.getFullYear() === now.getFullYear() ? dateFormat : dateOfYearFormat;
  return nearDay(at, now) ?? `${weekdayFormat.format(at)}, ${format.format(at)}`;
}

/** For lists: "14:32", "Yesterday", "3 Mar". */
export function shortTime(at: Date, now = new Date()): string {
  const near = nearDay(at, now);
  if (near === "Today") return clock(at);
  return near ?? shortFormat.format(at);
}
