/** Reads RFC 3339 date-times. */

const rfc3339 = /^\d{4}(?:-\d\d){2}T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i

/**
 * Milliseconds since 1970; not a number for anything else. Digits below the millisecond are cut off. `Date.parse` alone
 * would read 30 February as 2 March. A date without a time may be read by V8's lenient parser (`0001-13-13`), one with a time
 * of this form is not.
 */
export const parseInstant = (text: string): number =>
  rfc3339.test(text) && new Date(text.slice(0, 10)).getUTCDate() === Number(text.slice(8, 10))
    ? Date.parse(text.toUpperCase())
    : Number.NaN
