/** Formats date-times, durations and texts of the service. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** Removes the characters that control a terminal or the text direction. */
export const printable = (value: string): string => value.replace(/[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/gu, " ")

/** Escapes, as in JSON, what `printable` removes, but not line feeds and tabs. */
export const escaped = (text: string): string =>
  text.replace(
    /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/gu,
    character => character.split("").map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
  )

const units = ["days", "hours", "minutes", "seconds"] as const

/** Formats a duration, such as `1 hour 2 minutes`; units that are zero are omitted. */
export const duration = (value: Duration.Duration): string => {
  const parts = Duration.parts(value)
  const texts = units
    .filter(unit => parts[unit] !== 0)
    .map(unit => `${parts[unit]} ${parts[unit] === 1 ? unit.slice(0, -1) : unit}`)
  return texts.length === 0 ? "0 seconds" : texts.join(" ")
}

/** Formats an elapsed time: `14 ms` below one second, `2.1 s` otherwise. */
export const elapsed = (value: Duration.Duration): string => {
  const millis = Math.round(Duration.toMillis(value))
  return millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`
}

/** Formats how long something took: `420 ms`, `11s`, `2m 5s`. */
export const took = (value: Duration.Duration): string =>
  Duration.toMillis(value) < 1000 ? elapsed(value) : shortDuration(value)

const timeOfDay = ({ hours, minutes, seconds }: DateTime.DateTime.Parts): string =>
  [hours, minutes, seconds].map(part => String(part).padStart(2, "0")).join(":")

/**
 * Formats a date-time in a zone and in UTC, in whole seconds: `2026-01-01 10:00:00 +01:00` and `09:00:00 UTC`. `utc` has a date
 * only where it differs from the local one. `local` is undefined where the offset of the zone is zero.
 */
export const dateTime = (
  value: DateTime.Utc,
  zone: DateTime.TimeZone
): { readonly local: string | undefined; readonly utc: string } => {
  const zoned = DateTime.setZone(value, zone)
  const [date, time] = [DateTime.formatIsoDate(zoned), timeOfDay(DateTime.toParts(zoned))]
  const offset = DateTime.formatIsoOffset(zoned).slice(-6)
  const [utcDate, utcTime] = [DateTime.formatIsoDateUtc(value), timeOfDay(DateTime.toPartsUtc(value))]
  return offset === "+00:00"
    ? { local: undefined, utc: `${utcDate} ${utcTime} UTC` }
    : { local: `${date} ${time} ${offset}`, utc: `${utcDate === date ? "" : `${utcDate} `}${utcTime} UTC` }
}

/** Formats a date-time in a zone, to the second, without the offset: `2026-01-01 10:00:00`. */
export const localTime = (value: DateTime.Utc, zone: DateTime.TimeZone): string => {
  const zoned = DateTime.setZone(value, zone)
  return `${DateTime.formatIsoDate(zoned)} ${timeOfDay(DateTime.toParts(zoned))}`
}

/** Formats a duration with its two largest units: `3d 4h`, `1h 2m`, `2m 5s`, `11s`. */
export const shortDuration = (value: Duration.Duration): string => {
  const parts = Duration.parts(value)
  const first = units.findIndex(unit => parts[unit] !== 0)
  return first === -1 ? "0s" : units.slice(first, first + 2).map(unit => `${parts[unit]}${unit[0]}`).join(" ")
}

/** Formats a size: `512 B`, `1.2 kB`, `52.4 MB`. The units are powers of 1,000. */
export const size = (bytes: number): string => {
  const exponent = Math.max(0, ["kB", "MB", "GB", "TB"].findLastIndex((_, i) => bytes >= 1000 ** (i + 1)) + 1)
  return exponent === 0
    ? `${bytes} B`
    : `${(bytes / 1000 ** exponent).toFixed(1)} ${["kB", "MB", "GB", "TB"][exponent - 1]}`
}

/** Joins names: `a`, `a and b`, `a, b and c`. */
export const list = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
