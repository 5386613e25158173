/** A fast parser for the two forms of a date-time that the service sends. */
import * as DateTime from "effect/DateTime"
import { parseDateTime } from "./dateTime.ts"

/**
 * Days since 1970 of a date in the Gregorian calendar: Howard Hinnant's `days_from_civil`. Its years begin in March, so a leap
 * day is the last day of its year.
 *
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  const leapDays = (y >> 2) - ((y / 100) | 0) + ((y / 400) | 0)
  return y * 365 + leapDays + (((153 * m + 2) / 5) | 0) + day - 719_469
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1)

/**
 * The number that two characters represent; below -1000 where one of them is not a digit. It is always a small integer and
 * never NaN, so V8 does not allocate it on the heap.
 */
const twoDigits = (text: string, index: number): number => {
  const tens = text.charCodeAt(index) - 48
  const ones = text.charCodeAt(index + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000
}

/**
 * Returns what `parseDateTime` returns. `2026-01-31T23:59:59Z` and `2026-01-31T23:59:59.123Z` take the fast path (0.03 µs
 * against 0.3 µs); any other text falls back to `parseDateTime`.
 */
export const parseDateTimeFast = (text: string): number => {
  const hasMillis = text.length === 24
  const isShape = (hasMillis ? text.charCodeAt(19) === 46 : text.length === 20) &&
    text.charCodeAt(text.length - 1) === 90 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58
  if (!isShape) return parseDateTime(text)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  const hundredths = hasMillis ? twoDigits(text, 20) : 0
  const thousandths = hasMillis ? text.charCodeAt(22) - 48 : 0
  const isValid = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) &&
    hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 59 &&
    hundredths >= 0 && thousandths >= 0 && thousandths <= 9
  return isValid
    ? daysFromCivil(year, month, day) * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 +
      hundredths * 10 + thousandths
    : parseDateTime(text)
}

const epoch = DateTime.unsafeMake(0)
let next = 0
const takeNext = (): number => next

/**
 * Makes what `DateTime.unsafeMake` makes, including its hidden properties, without a `Date` in between (0.11 µs against
 * 0.16 µs).
 */
export const utcFromMillis = (epochMillis: number): DateTime.Utc => {
  next = epochMillis
  return DateTime.mapEpochMillis(epoch, takeNext)
}
