/** Reads `Retry-After`. All times are in milliseconds. */
import type { Headers } from "../../Transport.ts"

/** IMF-fixdate, RFC 850 and asctime. Servers must send the first; clients must accept all three (RFC 9110, 5.6.7). */
const dateForms = [
  /^(?<weekday>[A-Z][a-z]{2}), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>[\d:]{8}) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2})(?:|s|nes|rs|ur)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>[\d:]{8}) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2}) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>[\d:]{8}) (?<year>\d{4})$/
]

/**
 * Milliseconds since 1970 of an HTTP-date; undefined for any other text, and for a date that does not exist. A year with two
 * digits is the latest one that is at most 50 years in the future.
 *
 * @param now milliseconds since 1970
 */
export const parseHttpDate = (text: string, now: number): number | undefined => {
  const parts = dateForms.map(form => form.exec(text)?.groups).find(groups => groups !== undefined)
  if (parts === undefined) return undefined
  const { day = "", month, time, weekday, year = "" } = parts
  const write = (fullYear: string | number) => `${weekday}, ${day.replace(" ", "0")} ${month} ${fullYear} ${time} GMT`
  const latest = new Date(now)
  const latestYear = latest.getUTCFullYear() + 50
  latest.setUTCFullYear(latestYear)
  const fullYear = latestYear - (latestYear - Number(year)) % 100
  const isTooLate = Date.parse(write(fullYear)) > latest.getTime()
  const written = write(year.length === 4 ? year : isTooLate ? fullYear - 100 : fullYear)
  // milliseconds since 1970 count a leap second as the first second of the next minute
  const isLeapSecond = written.endsWith(":60 GMT")
  const regular = isLeapSecond ? written.replace(":60 GMT", ":59 GMT") : written
  const millis = Date.parse(regular)
  if (new Date(millis).toUTCString() !== regular) return undefined
  return isLeapSecond ? millis + 1000 : millis
}

/** Splits values that were joined into one line, except at the comma inside a date. */
const lines = (value: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  (typeof value === "string" ? [value] : value)
    .flatMap(line => line.match(/\s*[A-Z][a-z]{2}(?:(?:|s|nes|rs|ur)day)?, [^,]*|[^,]+/g) ?? [])
    .map(line => line.trim())

/** The limit of a number of seconds (RFC 9111, 1.2.2). */
const maxSeconds = 2 ** 31

const ofLine = (line: string, now: number): number | undefined => {
  if (/^\d+(?:\.\d+)?$/.test(line)) return Math.round(Math.min(Number(line), maxSeconds) * 1000)
  const date = parseHttpDate(line, now)
  return date === undefined ? undefined : Math.max(0, date - now)
}

/**
 * The delay that a server asks for, in milliseconds. A value is a number of seconds, possibly with a fraction, or an
 * HTTP-date. Any other value is ignored, and the longest of several values counts. A date is relative to the response's own
 * `Date`, so a wrong clock has no effect.
 *
 * @param wallClock milliseconds since 1970, used when the response has no `Date`
 */
export const parseRetryAfter = (headers: Headers, wallClock: number): number | undefined => {
  const value = headers["retry-after"]
  if (value === undefined) return undefined
  const [date] = [headers["date"]].flat()
  const now = (date === undefined ? undefined : parseHttpDate(date, wallClock)) ?? wallClock
  return lines(value)
    .map(line => ofLine(line, now))
    .reduce((longest, delay) => (delay === undefined || (longest ?? -1) >= delay ? longest : delay), undefined)
}
