/** Parses RFC 3339 date-times, and those with an offset without a colon (ISO 8601). */
const dateTime =
  /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))$/i

/**
 * Milliseconds since 1970; NaN for any other text. Fractions of a millisecond are truncated. Second 60 is the first second of
 * the next minute, since Unix time does not count leap seconds.
 *
 * `Date.parse` alone would read 30 February as 2 March, and a date such as `0001-13-13` with V8's fallback parser. Then the
 * day of the month differs, which is checked.
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
