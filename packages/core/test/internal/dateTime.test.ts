import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { parseDateTime } from "../../src/internal/schema/dateTime.ts"
import { parseDateTimeFast } from "../../src/internal/schema/fastDateTime.ts"

describe("date-times", () => {
  it.prop("the fast path reads a date-time as the regular expression does", [
    FastCheck.tuple(
      FastCheck.integer({ min: 0, max: 9999 }),
      FastCheck.integer({ min: 0, max: 13 }),
      FastCheck.integer({ min: 0, max: 32 }),
      FastCheck.integer({ min: 0, max: 25 }),
      FastCheck.integer({ min: 0, max: 61 }),
      FastCheck.integer({ min: 0, max: 61 }),
      FastCheck.constantFrom("Z", ".000Z", ".999Z", ".12Z", ".1234Z", "+00:00", "-12:30", "+0000", "z", "")
    )
  ], ([[year, month, day, hours, minutes, seconds, end]]) => {
    const two = (value: number) => String(value).padStart(2, "0")
    const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${
      two(seconds)
    }${end}`
    assert.deepStrictEqual(parseDateTimeFast(text), parseDateTime(text))
  }, { fastCheck: { numRuns: 2000 } })

  it.each(["0001-13-13T00:00:00Z", "0012-31-12T23:59:59.999Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z"])(
    "%s is not a date-time, though Date reads some such texts",
    text => assert.deepStrictEqual([parseDateTimeFast(text), parseDateTime(text)], [Number.NaN, Number.NaN])
  )

  it.prop("neither path reads any other text", [FastCheck.string({ minLength: 18, maxLength: 26 })], ([text]) => {
    assert.isNaN(parseDateTimeFast(text))
    assert.isNaN(parseDateTime(text))
  })
})
