import type { Instant } from "../data/types";

const isoTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:?\d{2})?$/;

/** Whole microseconds since 1970 of an ISO 8601 time (UTC where it names no zone); null for anything else. */
export function parseInstant(text: string): Instant | null {
  const match = isoTime.exec(text);
  if (match === null) {
    return null;
  }
  const [, date, time, fraction = "", zone = "Z"] = match;
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** ISO 8601 with microseconds, in UTC: exact, for copying. */
export function isoText(instant: Instant): string {
  const seconds = Math.floor(instant / 1_000_000);
  const micros = String(instant - seconds * 1_000_000).padStart(6, "0");
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${micros}Z`;
}

/** How long ago, in the largest unit that fits: `now`, `42s ago`, `5m ago`, `3h ago`, `12d ago`, then the date. */
export function agoText(instant: Instant, now: Instant): string {
  const seconds = Math.floor((now - instant) / 1_000_000);
  if (seconds < -60) {
    return `in ${unitText(-seconds)}`;
  }
  if (seconds < 5) {
    return "now";
  }
  return seconds < 30 * 86_400 ? `${unitText(seconds)} ago` : dayText(instant);
}

function unitText(seconds: number): string {
  if (seconds < 60) {
    return `${seconds}s`;
  }
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)}m`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

const day = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric" });
const moment = new Intl.DateTimeFormat("en", {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndClock = new Intl.DateTimeFormat("en", {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const shortDay = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** The date in the reader's zone: `Mar 4, 2025`. */
export function dayText(instant: Instant): string {
  return day.format(instant / 1_000);
}

/** The moment in the reader's zone, to the millisecond: `Mar 4, 2025, 17:03:21.042`. */
export function momentText(instant: Instant): string {
  const milliseconds = String(Math.floor(instant / 1_000) % 1_000).padStart(3, "0");
  return `${moment.format(instant / 1_000)}.${milliseconds}`;
}

/** `17:03`. */
export function clockText(instant: Instant): string {
  return clock.format(instant / 1_000);
}

/** `Mar 4, 17:03`. */
export function dayAndClockText(instant: Instant): string {
  return dayAndClock.format(instant / 1_000);
}

/** `Mar 4`. */
export function shortDayText(instant: Instant): string {
  return shortDay.format(instant / 1_000);
}

/** The present as an instant. */
export function nowInstant(): Instant {
  return Date.now() * 1_000;
}
