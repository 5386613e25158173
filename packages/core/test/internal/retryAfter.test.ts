import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { parseHttpDate, parseRetryAfter } from "../../src/internal/response/retryAfter.ts"
import { cpuMillisSince } from "../support/cpu.ts"

/** Sunday, 1 March 2026, 09:00:00 UTC. */
const now = Date.UTC(2026, 2, 1, 9)
const retryAfter = (value: string | ReadonlyArray<string>, date?: string) =>
  parseRetryAfter({ "retry-after": value, ...(date === undefined ? {} : { date }) }, now)

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["1", 1000],
    ["120", 120_000],
    [" 5 ", 5000],
    ["007", 7000],
    ["99999999", 99_999_999_000],
    ["0.5", 500],
    [" 0.5\t", 500],
    ["1.5", 1500],
    ["0.0004", 0],
    ["0.0006", 1],
    ["1.0", 1000],
    ["99999999999999.9", 2 ** 31 * 1000],
    ["1".repeat(16), 2 ** 31 * 1000]
  ])("the Retry-After %j is %d ms", (value, millis) => assert.strictEqual(retryAfter(value), millis))

  it.each([
    "-5",
    "+5",
    "abc",
    "",
    " ",
    "1e9",
    "0x10",
    "NaN",
    "Infinity",
    ".5",
    "1.",
    "1.5.5",
    "-0.5",
    "0.5s",
    "1 .5",
    "1 second",
    "5s",
    "٣",
    "2026-03-01T09:00:01Z"
  ])("the Retry-After %j is ignored", value => assert.isUndefined(retryAfter(value)))

  it.each([
    ["Sun, 01 Mar 2026 08:00:00 GMT", 0],
    ["Sun, 01 Mar 2026 09:00:00 GMT", 0],
    ["Sun, 01 Mar 2026 09:00:01 GMT", 1000],
    ["Sunday, 01-Mar-26 09:00:02 GMT", 2000],
    ["Sun Mar  1 09:00:03 2026", 3000],
    [" Sun Mar  1 09:00:03 2026 ", 3000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", Date.UTC(9999, 11, 31, 23, 59, 59) - now]
  ])("the Retry-After %s is %d ms after the response", (value, millis) => assert.strictEqual(retryAfter(value), millis))

  it("a Retry-After that is a date counts from the Date of the response, whatever the clock", () => {
    assert.strictEqual(retryAfter("Sun, 01 Mar 2026 10:00:02 GMT", "Sun, 01 Mar 2026 10:00:00 GMT"), 2000)
    assert.strictEqual(retryAfter("Sun, 01 Mar 2026 08:00:02 GMT", "Sun, 01 Mar 2026 08:00:00 GMT"), 2000)
    assert.strictEqual(retryAfter("Sun, 01 Mar 2026 09:00:03 GMT", "nonsense"), 3000)
    assert.strictEqual(retryAfter("7", "Sun, 01 Mar 2026 10:00:00 GMT"), 7000)
    const twice = ["Sun, 01 Mar 2026 10:00:00 GMT", "Sun, 01 Mar 2026 10:00:00 GMT"]
    assert.strictEqual(parseRetryAfter({ "retry-after": "Sun, 01 Mar 2026 10:00:05 GMT", date: twice }, now), 5000)
  })

  it.each([
    [["1", "3"], 3000],
    [["3", "1"], 3000],
    [["abc", "2"], 2000],
    [["2", ""], 2000],
    ["1, 3", 3000],
    ["5, abc", 5000],
    ["5, ", 5000],
    [", 5", 5000],
    ["Sun, 01 Mar 2026 09:00:04 GMT, 2", 4000],
    ["2, Sun, 01 Mar 2026 09:00:04 GMT", 4000],
    ["2, Sunday, 01-Mar-26 09:00:04 GMT, 3", 4000],
    ["Sun Mar  1 09:00:04 2026, 2", 4000],
    ["Soon, 5", 5000],
    ["0.5, 0.25", 500]
  ])(
    "the Retry-After %j is the longest of its valid delays, %d ms",
    (value, millis) => assert.strictEqual(retryAfter(value), millis)
  )

  it("a Retry-After of two lines without a valid delay is ignored", () => {
    assert.isUndefined(retryAfter(["-1", "abc"]))
  })

  it("a response without Retry-After has no delay", () => assert.isUndefined(parseRetryAfter({}, now)))

  it.prop(
    "any Retry-After is ignored, or is a delay that is not negative",
    [FastCheck.string(), FastCheck.string()],
    ([a, b]) => {
      for (const value of [a, [a, b], `${a}, ${b}`]) {
        const millis = retryAfter(value)
        assert.isTrue(millis === undefined || (Number.isSafeInteger(millis) && millis >= 0))
      }
    },
    { fastCheck: { numRuns: 1000 } }
  )

  it("a Retry-After of 400 digits is 2^31 s", () => assert.strictEqual(retryAfter("1".repeat(400)), 2 ** 31 * 1000))

  it("a long Retry-After is read in less than 250 ms of CPU", () => {
    for (const value of ["1,".repeat(8000), ",".repeat(16_000), " ".repeat(16_000), "1, ".repeat(5000) + "x"]) {
      const started = process.cpuUsage()
      retryAfter(value)
      assert.isBelow(cpuMillisSince(started), 250)
    }
  })
})

const asRfc850 = (date: Date): string => {
  const day = date.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })
  return date.toUTCString().replace(/^..., (..) (...) ..(..)/, `${day}, $1-$2-$3`)
}

const asAsctime = (date: Date): string =>
  date.toUTCString().replace(
    /^(...), (..) (...) (....) (.*) GMT$/,
    (_, weekday, day, month, year, time) => `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
  )

describe("HTTP-date", () => {
  const seconds = FastCheck.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 })

  it.prop("an HTTP-date of any second is read in the forms whose year has four digits", [seconds], ([second]) => {
    const date = new Date(second * 1000)
    assert.strictEqual(parseHttpDate(date.toUTCString(), now), date.getTime())
    assert.strictEqual(parseHttpDate(asAsctime(date), now), date.getTime())
  }, { fastCheck: { numRuns: 1000 } })

  it.prop("an HTTP-date whose year has two digits is the latest that is at most 50 years in the future", [
    seconds.map(second => new Date(second * 1000)),
    // less than 50 years in either direction, since leap days are left out
    FastCheck.integer({ min: -50 * 365 * 86_400, max: 50 * 365 * 86_400 })
  ], ([today, away]) => {
    const date = new Date(today.getTime() + away * 1000)
    if (date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1000) return
    assert.strictEqual(parseHttpDate(asRfc850(date), today.getTime()), date.getTime())
  }, { fastCheck: { numRuns: 1000 } })

  it.each([
    ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"],
    ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"],
    ["Wednesday, 26-Feb-76 09:00:00 GMT", "2076-02-26T09:00:00Z"],
    ["Sunday, 01-Mar-76 09:00:00 GMT", "2076-03-01T09:00:00Z"],
    // a second more than 50 years
    ["Monday, 01-Mar-76 09:00:01 GMT", "1976-03-01T09:00:01Z"],
    ["Monday, 01-Mar-99 09:00:00 GMT", "1999-03-01T09:00:00Z"],
    // a leap second
    ["Thu, 31 Dec 2026 23:59:60 GMT", "2027-01-01T00:00:00Z"]
  ])("the HTTP-date %s is %s", (text, iso) => assert.strictEqual(parseHttpDate(text, now), Date.parse(iso)))

  it("an HTTP-date whose year has two digits may be in the next century", () => {
    assert.strictEqual(
      parseHttpDate("Saturday, 01-Jan-00 00:00:05 GMT", Date.UTC(1999, 11, 31, 23, 59, 59)),
      Date.UTC(2000, 0, 1, 0, 0, 5)
    )
  })

  it.each([
    "Mon, 30 Feb 2026 09:00:00 GMT",
    "Sun, 01 Mar 2026 24:00:00 GMT",
    "Sun, 01 Mar 2026 09:60:00 GMT",
    "Sun, 01 Mar 2026 09:00:61 GMT",
    "Sunxday, 01-Mar-26 09:00:00 GMT",
    "Sun, 00 Mar 2026 09:00:00 GMT",
    "Sun, 1 Mar 2026 09:00:00 GMT",
    "Mon, 01 Mar 2026 09:00:00 GMT",
    "Sun, 01 Mar 2026 09:00:00 UTC",
    "Sun, 01 Mar 2026 09:00:00 +0100",
    "Sun,  01 Mar 2026 09:00:00 GMT",
    "sun, 01 mar 2026 09:00:00 gmt",
    "Sunday, 01-Mar-2026 09:00:00 GMT",
    "Sunday, 30-Feb-26 09:00:00 GMT",
    "Sun, 01-Mar-26 09:00:00 GMT",
    "Sunday, 01 Mar 26 09:00:00 GMT",
    "Sun Mar 1 09:00:00 2026",
    "Sun Mar 01 09:00:00 26",
    "Sun Mar  1 09:00:00 2026 GMT",
    "01 Mar 2026 09:00:00 GMT",
    "x Sun, 01 Mar 2026 09:00:00 GMT",
    "Sun, 01 Mar 2026 09:00:00 GMT x",
    "x Sunday, 01-Mar-26 09:00:00 GMT",
    "Sunday, 01-Mar-26 09:00:00 GMT x",
    "x Sun Mar  1 09:00:00 2026",
    "Sun Mar  1 09:00:00 2026 x",
    "2026-03-01T09:00:00Z",
    "::::::::",
    ""
  ])("%j is not an HTTP-date", text => assert.isUndefined(parseHttpDate(text, now)))
})
