/** Dates, times and durations: RFC 3339 §5.6, §5.7 and appendix A. */

import type { Format } from "../string.js";

/** `date-time`: RFC 3339 §5.6. */
export const DATE_TIME: Format = { name: "date-time", text: isDateTime };
/** `date`: `full-date` of RFC 3339 §5.6. */
export const DATE: Format = { name: "date", text: isDate };
/** `time`: `full-time` of RFC 3339 §5.6, with its offset. */
export const TIME: Format = { name: "time", text: isTime };
/** `duration`: RFC 3339 appendix A. */
export const DURATION: Format = { name: "duration", text: isDuration };

function isDateTime(text: string): boolean {
  return /^.{10}[Tt]/s.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function isDate(text: string): boolean {
  const [year, month, day] = numbers(/^(\d{4})-(\d\d)-(\d\d)$/.exec(text));
  if (year === undefined || month === undefined || day === undefined) return false;
  return day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Minutes of a day. */
const DAY = 24 * 60;

function isTime(text: string): boolean {
  const parts = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const [hour, minute, second] = numbers(parts);
  const offset = minutesEast(parts?.[4] ?? "");
  if (hour === undefined || minute === undefined || second === undefined) return false;
  if (offset === undefined || hour > 23 || minute > 59) return false;
  // A leap second is the last of a day in UTC (§5.7).
  const utc = (DAY + hour * 60 + minute - offset) % DAY;
  return second < 60 || (second === 60 && utc === DAY - 1);
}

/** `time-offset`, in minutes east. */
function minutesEast(text: string): number | undefined {
  if (text === "Z" || text === "z") return 0;
  const [hour, minute] = numbers(/^.(\d\d):(\d\d)$/.exec(text));
  if (hour === undefined || minute === undefined || hour > 23 || minute > 59) return undefined;
  const minutes = hour * 60 + minute;
  return text.startsWith("-") ? -minutes : minutes;
}

function numbers(match: RegExpExecArray | null): number[] {
  return (match ?? []).slice(1).map(Number);
}

/** Units come in order and none is left out in the middle: `P1Y1D` is none, `P1Y0M1D` is. */
const DATE_UNITS = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";
const TIME_UNITS = "(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";

function isDuration(text: string): boolean {
  const units = `^P(?:\\d+W|${DATE_UNITS}(?:T${TIME_UNITS})?|T${TIME_UNITS})$`;
  return new RegExp(units).test(text);
}
