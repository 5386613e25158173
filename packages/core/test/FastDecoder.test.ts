import { RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, it } from "@effect/vitest"
import { Either, Equal, FastCheck, Option, ParseResult, Schema } from "effect"
import { parseInstant } from "../src/internal/instant.ts"
import { parseInstantFast } from "../src/internal/quickInstant.ts"
import { wireSession } from "./support/sessions.ts"

/** Values of every kind, to put in the place of each field. */
const anything = FastCheck.oneof(
  FastCheck.jsonValue(),
  FastCheck.constantFrom(
    "720p",
    "20",
    "in-progress",
    20,
    30.5,
    -1,
    0,
    2 ** 53,
    "2026-02-30T00:00:00Z",
    "2024-02-29T00:00:00Z",
    "2026-03-01T09:00:00+01:00",
    "0000-01-01T00:00:00Z",
    "0099-01-01T00:00:00.000Z",
    wireSession.id
  )
)

const mixed = FastCheck.record({
  changed: FastCheck.dictionary(FastCheck.constantFrom(...Object.keys(wireSession), "extra", "toString"), anything, {
    maxKeys: 4
  }),
  dropped: FastCheck.array(FastCheck.constantFrom(...Object.keys(wireSession)), { maxLength: 3 })
})

const places = (issue: ParseResult.ParseIssue) =>
  ParseResult.ArrayFormatter.formatIssueSync(issue).map(({ path }) => path)

describe("the derived decoder", () => {
  const bySchema = ParseResult.decodeUnknownEither(RoomSession.RoomSessionSummary)
  const derived = FastDecoder.make(RoomSession.RoomSessionSummary)

  const agree = (input: unknown) => {
    const expected = bySchema(JSON.parse(JSON.stringify(input)), { errors: "all" })
    const found = derived(JSON.stringify(input))
    assert.strictEqual(found._tag, expected._tag)
    if (Either.isLeft(found) && Either.isLeft(expected)) {
      // the first of several wrong places is the first in the text, and a missing key comes last
      assert.deepInclude(places(expected.left), places(found.left)[0])
    }
    if (Either.isRight(found) && Either.isRight(expected)) {
      assert.isTrue(Equal.equals(found.right, expected.right))
      assert.instanceOf(found.right, RoomSession.RoomSessionSummary)
      assert.deepStrictEqual(Object.keys(found.right).toSorted(), Object.keys(expected.right).toSorted())
    }
  }

  it.prop(
    "says the same as Schema about sessions with other values and missing keys",
    [mixed],
    ([{ changed, dropped }]) => {
      const entries = Object.entries({ ...wireSession, ...changed }).filter(([key]) => !dropped.includes(key))
      agree(Object.fromEntries(entries))
    },
    { fastCheck: { numRuns: 2000 } }
  )

  it.prop("says the same as Schema about any value", [FastCheck.jsonValue()], ([value]) => agree(value), {
    fastCheck: { numRuns: 500 }
  })

  it("reads optional keys, which have no default", () => {
    class Small extends Schema.Class<Small>("Small")({ a: Schema.String, b: Schema.optional(Schema.Number) }) {}
    const small = FastDecoder.make(Small)
    assert.deepStrictEqual(small(JSON.stringify({ a: "x" })), Either.right(new Small({ a: "x" })))
    assert.deepStrictEqual(small(JSON.stringify({ a: "x", b: 1 })), Either.right(new Small({ a: "x", b: 1 })))
    assert.isTrue(Either.isLeft(small(JSON.stringify({ b: 1 }))))
  })

  it("leaves what is not a class to Schema", () => {
    const trimmed = FastDecoder.make(Schema.Struct({ a: Schema.Trim }))
    assert.deepStrictEqual(trimmed(JSON.stringify({ a: " x " })), Either.right({ a: "x" }))
    assert.isTrue(Option.isSome(Either.getRight(FastDecoder.make(Schema.Number)("1"))))
  })
})

describe("instants", () => {
  it.prop("the fast way reads what the careful way reads", [
    FastCheck.tuple(
      FastCheck.integer({ min: 0, max: 9999 }),
      FastCheck.integer({ min: 0, max: 13 }),
      FastCheck.integer({ min: 0, max: 32 }),
      FastCheck.integer({ min: 0, max: 25 }),
      FastCheck.integer({ min: 0, max: 61 }),
      FastCheck.integer({ min: 0, max: 61 }),
      FastCheck.constantFrom("Z", ".000Z", ".999Z", ".12Z", ".1234Z", "+00:00", "-12:30", "z", "")
    )
  ], ([[year, month, day, hours, minutes, seconds, end]]) => {
    const two = (value: number) => String(value).padStart(2, "0")
    const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${
      two(seconds)
    }${end}`
    assert.deepStrictEqual(parseInstantFast(text), parseInstant(text))
  }, { fastCheck: { numRuns: 2000 } })

  it.prop("neither reads any other text", [FastCheck.string({ minLength: 18, maxLength: 26 })], ([text]) => {
    assert.isNaN(parseInstantFast(text))
    assert.isNaN(parseInstant(text))
  })
})
