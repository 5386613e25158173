import { RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Either, Equal, FastCheck, Hash, ParseResult, Schema } from "effect"
import * as nodeAssert from "node:assert/strict"
import { parseInstant } from "../src/internal/schema/dateTime.ts"
import { parseInstantFast } from "../src/internal/schema/fastDateTime.ts"
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

const Total = Schema.transform(Schema.Struct({ parts: Schema.Array(Schema.Number) }), Schema.Number, {
  strict: true,
  decode: ({ parts }) => parts.reduce((sum, part) => sum + part, 0),
  encode: total => ({ parts: [total] })
})

class Measured extends Schema.Class<Measured>("Measured")({ text: Schema.String }) {
  readonly length = this.text.length
}

class Optional extends Schema.Class<Optional>("Optional")({
  a: Schema.optionalWith(Schema.String, { as: "Option" })
}) {}

describe("the derived decoder", () => {
  const bySchema = ParseResult.decodeUnknownEither(RoomSession.RoomSessionSummary)
  const derived = FastDecoder.make(RoomSession.RoomSessionSummary)

  const agree = (input: unknown) => {
    const expected = bySchema(JSON.parse(JSON.stringify(input)))
    const found = derived(JSON.stringify(input))
    assert.strictEqual(found._tag, expected._tag)
    if (Either.isLeft(found) && Either.isLeft(expected)) {
      assert.deepStrictEqual(
        ParseResult.ArrayFormatter.formatIssueSync(found.left),
        ParseResult.ArrayFormatter.formatIssueSync(expected.left)
      )
    }
    if (Either.isRight(found) && Either.isRight(expected)) {
      assert.isTrue(Equal.equals(found.right, expected.right))
      assert.instanceOf(found.right, RoomSession.RoomSessionSummary)
      nodeAssert.deepStrictEqual(found.right, expected.right)
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

  const both = <A, I>(schema: Schema.Schema<A, I>, value: I) => ({
    found: FastDecoder.make(schema)(JSON.stringify(value)),
    expected: ParseResult.decodeEither(schema)(value)
  })

  it.each([
    ["a number", both(Schema.Number, 1)],
    ["a struct", both(Schema.Struct({ a: Schema.Trim }), { a: " x " })],
    [
      "a key of another name",
      both(Schema.Struct({ a: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("b")) }), { b: "x" })
    ],
    ["a transformation of a struct", both(Total, { parts: [1, 2] })],
    ["a class with fields of its own", both(Measured, { text: "abc" })],
    ["a class with annotations", both(Measured.annotations({ title: "Measured" }), { text: "abc" })],
    ["a class with options", both(Optional, { a: "x" })]
  ])("leaves %s to Schema", (_, { expected, found }) => assert.deepStrictEqual(found, expected))
})

describe("a session that was decoded fast", () => {
  const createdAt = ({ created_at }: RoomSession.RoomSessionSummary) => created_at ?? assert.fail("it was sent")

  /** What reads a date-time, or a duration, and may note something in it. */
  const uses: ReadonlyArray<readonly [name: string, use: (session: RoomSession.RoomSessionSummary) => unknown]> = [
    ["nothing", () => undefined],
    ["DateTime.toParts", session => DateTime.toParts(createdAt(session))],
    ["DateTime.toPartsUtc", session => DateTime.toPartsUtc(createdAt(session))],
    ["DateTime.formatIso", session => DateTime.formatIso(createdAt(session))],
    ["DateTime.add", session => DateTime.add(createdAt(session), { days: 1 })],
    ["DateTime.setZoneOffset", session => DateTime.toParts(DateTime.setZoneOffset(createdAt(session), 3_600_000))],
    ["Hash.hash", session => Hash.hash(session)],
    ["Hash.hash of a date-time", session => Hash.hash(createdAt(session))],
    ["Hash.hash of a duration", ({ duration }) => Hash.hash(duration)],
    ["Equal.equals", session => Equal.equals(session, session)],
    ["JSON.stringify", session => JSON.stringify(session)],
    ["Duration.toSeconds", ({ duration }) => duration === null ? null : Duration.toSeconds(duration)]
  ]
  const text = JSON.stringify(wireSession)
  const fast = () => Either.getOrThrow(FastDecoder.make(RoomSession.RoomSessionSummary)(text))
  const bySchema = () => Schema.decodeUnknownSync(RoomSession.RoomSessionSummary)(JSON.parse(text))

  it.each(uses)("is deeply equal to one by Schema after %s on either of them", (_, use) => {
    for (const [used, other] of [[fast(), bySchema()], [bySchema(), fast()]] as const) {
      use(used)
      nodeAssert.deepStrictEqual(used, other)
      expect(used).toEqual(other)
      expect(used).toStrictEqual(other)
      expect(other).toStrictEqual(used)
    }
  })

  it("has date-times with the properties of Effect's own, hidden ones included", () => {
    const found = createdAt(fast())
    const own = DateTime.unsafeMake(found.epochMillis)
    nodeAssert.deepStrictEqual(Object.getOwnPropertyDescriptors(found), Object.getOwnPropertyDescriptors(own))
    assert.strictEqual(Object.getPrototypeOf(found), Object.getPrototypeOf(own))
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
      FastCheck.constantFrom("Z", ".000Z", ".999Z", ".12Z", ".1234Z", "+00:00", "-12:30", "+0000", "z", "")
    )
  ], ([[year, month, day, hours, minutes, seconds, end]]) => {
    const two = (value: number) => String(value).padStart(2, "0")
    const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${
      two(seconds)
    }${end}`
    assert.deepStrictEqual(parseInstantFast(text), parseInstant(text))
  }, { fastCheck: { numRuns: 2000 } })

  it.each(["0001-13-13T00:00:00Z", "0012-31-12T23:59:59.999Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z"])(
    "%s is none, though Date reads some of such dates",
    text => assert.deepStrictEqual([parseInstantFast(text), parseInstant(text)], [Number.NaN, Number.NaN])
  )

  it.prop("neither reads any other text", [FastCheck.string({ minLength: 18, maxLength: 26 })], ([text]) => {
    assert.isNaN(parseInstantFast(text))
    assert.isNaN(parseInstant(text))
  })
})
