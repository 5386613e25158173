/** Reads `Retry-After`. All times are in milliseconds. */
import type { Headers } from "../../Transport.ts"

/** IMF-fixdate, RFC 850 and asctime: servers send the first, and all three have to be read (RFC 9110, 5.6.7). */
const dateForms = [
  /^(?<weekday>[A-Z][a-z]{2}), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>[\d:]{8}) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2})(?:|s|nes|rs|ur)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>[\d:]{8}) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2}) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>[\d:]{8}) (?<year>\d{4})$/
]

/**
 * The instant of an HTTP-date, if it is one that exists. Of a year with two digits it is the latest that is not more than 50
 * years away in the future.
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
  // a leap second is the first of the next minute, as milliseconds since 1970 have it
  const isLeapSecond = written.endsWith(":60 GMT")
  const regular = isLeapSecond ? written.replace(":60 GMT", ":59 GMT") : written
  const millis = Date.parse(regular)
  if (new Date(millis).toUTCString() !== regular) return undefined
  return isLeapSecond ? millis + 1000 : millis
}

/** Values that were joined into one line are taken apart, without cutting the comma inside a date. */
const lines = (value: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  (typeof value === "string" ? [value] : value)
    .flatMap(line => line.match(/\s*[A-Z][a-z]{2}(?:(?:|s|nes|rs|ur)day)?, [^,]*|[^,]+/g) ?? [])
    .map(line => line.trim())

/** RFC 9111 lets a number of seconds that is too large count as this one. */
const longestSeconds = 2 ** 31

const ofLine = (line: string, now: number): number | undefined => {
  if (/^\d+(?:\.\d+)?$/.test(line)) return Math.round(Math.min(Number(line), longestSeconds) * 1000)
  const instant = parseHttpDate(line, now)
  return instant === undefined ? undefined : Math.max(0, instant - now)
}

/**
 * How long a server asks to wait, in seconds, of which some send fractions, or until an HTTP-date; of several lines the longest
 * counts, and what is neither is ignored. A date is read against the response's own `Date`, so that a clock that is off does no harm.
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
    .reduce((longest, wait) => (wait === undefined || (longest ?? -1) >= wait ? longest : wait), undefined)
}
