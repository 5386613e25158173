/** Times, durations and foreign text, as people read them. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** Foreign text without the characters that steer a terminal or turn the direction of writing. */
export const printable = (value: string): string => value.replace(/[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/gu, " ")

const units = ["days", "hours", "minutes", "seconds"] as const

/** `1 hour 2 minutes`; what is zero is left out. */
export const duration = (value: Duration.Duration): string => {
  const parts = Duration.parts(value)
  const said = units
    .filter(unit => parts[unit] !== 0)
    .map(unit => `${parts[unit]} ${parts[unit] === 1 ? unit.slice(0, -1) : unit}`)
  return said.length === 0 ? "0 seconds" : said.join(" ")
}

/** An elapsed time: `14 ms`, or `2.1 s` from a second on. */
export const elapsed = (value: Duration.Duration): string => {
  const millis = Math.round(Duration.toMillis(value))
  return millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`
}

const clock = ({ hours, minutes, seconds }: DateTime.DateTime.Parts): string =>
  [hours, minutes, seconds].map(part => String(part).padStart(2, "0")).join(":")

/**
 * An instant in the zone and in UTC, to the second: `2026-01-01 10:00:00 +01:00` and `09:00:00 UTC`. UTC carries its
 * date where it is another one, and `local` is left out where both read the same.
 */
export const instant = (
  value: DateTime.Utc,
  zone: DateTime.TimeZone
): { readonly local: string | undefined; readonly utc: string } => {
  const here = DateTime.setZone(value, zone)
  const [date, time] = [DateTime.formatIsoDate(here), clock(DateTime.toParts(here))]
  const offset = DateTime.formatIsoOffset(here).slice(-6)
  const [utcDate, utcTime] = [DateTime.formatIsoDateUtc(value), clock(DateTime.toPartsUtc(value))]
  return offset === "+00:00"
    ? { local: undefined, utc: `${utcDate} ${utcTime} UTC` }
    : { local: `${date} ${time} ${offset}`, utc: `${utcDate === date ? "" : `${utcDate} `}${utcTime} UTC` }
}

/** `a`, `a and b`, `a, b and c`. */
export const list = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
