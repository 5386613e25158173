/** Reads RFC 3339 date-times. */
import * as DateTime from "effect/DateTime"

const rfc3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** `Date.parse` reads 30 February as 2 March. */
const dayExists = (year: number, month: number, day: number): boolean =>
  day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Milliseconds since 1970; not a number for anything else. Digits below the millisecond are cut off. */
export const parseInstant = (text: string): number => {
  const match = rfc3339.exec(text)
  return match !== null && dayExists(Number(match[1]), Number(match[2]), Number(match[3]))
    ? Date.parse(text)
    : Number.NaN
}

/** Days of each month that every year has, and the days before its first. */
const sureDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** Days from 1 January of the year 1 to 1 January 1970. */
const epochDay = 719_162

/** Days since 1970 of a date in the Gregorian calendar. */
const dayNumber = (year: number, month: number, day: number): number => {
  const past = year - 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const leapDay = isLeap && month > 2 ? 1 : 0
  return past * 365 + leapDays - epochDay + (daysBefore[month - 1] ?? 0) + leapDay + day - 1
}

const digit = (text: string, index: number): number => {
  const value = text.charCodeAt(index) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}

const twoDigits = (text: string, index: number): number => digit(text, index) * 10 + digit(text, index + 1)

/**
 * The same for what the service writes, `2026-01-31T23:59:59Z` and `2026-01-31T23:59:59.123Z`, read at fixed places (0.04 µs
 * against 0.3). Anything else, 29 February among it, is read by `parseInstant`.
 */
export const parseInstantFast = (text: string): number => {
  const hasMillis = text.length === 24
  const isShape = (hasMillis ? text.charCodeAt(19) === 46 : text.length === 20) &&
    text.charCodeAt(text.length - 1) === 90 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58
  if (!isShape) return parseInstant(text)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  const millis = hasMillis ? digit(text, 20) * 100 + twoDigits(text, 21) : 0
  const isPlain = year >= 1 && day >= 1 && day <= (sureDays[month - 1] ?? 0) && hours <= 23 && minutes <= 59 &&
    seconds <= 59 && millis >= 0
  return isPlain
    ? dayNumber(year, month, day) * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis
    : parseInstant(text)
}

const utcPrototype: object = Object.getPrototypeOf(DateTime.unsafeMake(0))

/** What `DateTime.unsafeMake` makes of a number, without the `Date` in between (0.01 µs against 0.16). */
export const utcFromMillis = (epochMillis: number): DateTime.Utc => {
  const utc: DateTime.Utc & { epochMillis: number } = Object.create(utcPrototype)
  utc.epochMillis = epochMillis
  return utc
}
