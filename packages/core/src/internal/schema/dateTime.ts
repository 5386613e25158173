/** Parses RFC 3339 date-times, and those with an offset without a colon, which ISO 8601 has. */
const dateTime =
  /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))$/i

/**
 * Milliseconds since 1970; NaN for anything else. Fractions of a millisecond are cut off. Second 60 is the first second
 * of the next minute, since milliseconds since 1970 do not count leap seconds.
 *
 * `Date.parse` alone would read 30 February as 2 March, and dates such as `0001-13-13` by V8's fallback parser; the day
 * of the month differs then.
 */
export const parseDateTime = (text: string): number => {
  const match = dateTime.exec(text)
  if (match === null) return Number.NaN
  const [, date = "", time, seconds, fraction = "", sign, hours, minutes] = match
  if (new Date(date).getUTCDate() !== Number(date.slice(8))) return Number.NaN
  const offsetMinutes = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
  return Date.parse(`${date}T${time}:00Z`) + Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0")) -
    offsetMinutes * 60_000
}
