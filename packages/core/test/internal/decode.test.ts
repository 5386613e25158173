import { RoomSession } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Either, Equal, FastCheck, Option, ParseResult, Schema } from "effect"
import * as decode from "../../src/internal/decode.ts"
import * as fastDecode from "../../src/internal/fastDecode.ts"
import { parseInstant, parseInstantFast } from "../../src/internal/instant.ts"
import { body, wireSession } from "../support/sessions.ts"

const read = decode.make(RoomSession.RoomSessionSummary)
const utf8 = (text: string) => new TextEncoder().encode(text)

const reason = (chunks: ReadonlyArray<Uint8Array>) => Either.getOrThrow(Either.flip(read(chunks))).reason

describe("bytes", () => {
  it.prop(
    "may be cut anywhere, within a character too",
    [FastCheck.array(FastCheck.nat(), { maxLength: 20 })],
    ([cuts]) => {
      const whole = utf8(body({ display_name: "Grüße 日本語 🔑" }))
      const places = [0, ...cuts.map(cut => cut % whole.length), whole.length].toSorted((a, b) => a - b)
      const chunks = places.map((start, index) => whole.slice(start, places[index + 1] ?? whole.length))
      assert.strictEqual(Either.getOrThrow(read(chunks)).display_name, "Grüße 日本語 🔑")
    },
    { fastCheck: { numRuns: 200 } }
  )

  it("a byte order mark at the beginning is passed over", () => {
    assert.isTrue(Either.isRight(read([new Uint8Array([0xef, 0xbb, 0xbf]), utf8(body())])))
  })

  it.each([
    ["FF FE C0 80 inside of a string", [0xff, 0xfe, 0xc0, 0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["half a surrogate pair", [0xed, 0xa0, 0x80]],
    ["a character cut off", [0xe6, 0x97]],
    ["latin-1", [0xfc]]
  ])("%s is InvalidUtf8", (_, bytes) => {
    const [before, after] = body({ name: "|" }).split("|")
    assert.strictEqual(reason([utf8(before ?? ""), new Uint8Array(bytes), utf8(after ?? "")]), "InvalidUtf8")
  })

  it("UTF-16 is not read", () => {
    assert.strictEqual(reason([Buffer.from(`\ufeff${body()}`, "utf16le")]), "InvalidUtf8")
    assert.strictEqual(reason([Buffer.from(body(), "utf16le")]), "InvalidJson")
  })
})

describe("text", () => {
  it.each([
    ["nothing", ""],
    ["a blank", " "],
    ["HTML", "<!doctype html><html></html>"],
    ["a part", body().slice(0, -1)],
    ["more than one value", body() + body()],
    ["a comment", `/* */${body()}`],
    ["not-a-number", body().replace("1800", "NaN")],
    ["a million brackets", "[".repeat(1_000_000)]
  ])("%s is InvalidJson", (_, text) => assert.strictEqual(reason([utf8(text)]), "InvalidJson"))

  it("deep nesting is no defect", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000)
    assert.include(["InvalidJson", "SchemaMismatch"], reason([utf8(deep)]))
    assert.include(["InvalidJson", "SchemaMismatch"], reason([utf8(body().replace("\"weekly\"", deep))]))
  })

  it("of duplicate keys the last counts, as in JSON.parse", () => {
    const session = Either.getOrThrow(read([utf8(body().replace("{", "{\"name\":\"first\","))]))
    assert.strictEqual(session.name, "weekly")
  })

  it("1e400 is no number of seconds", () => {
    assert.deepInclude(Either.getOrThrow(Either.flip(read([utf8(body().replace("1800", "1e400"))]))), {
      reason: "SchemaMismatch",
      path: "duration"
    })
  })
})

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
  const derived = fastDecode.make(RoomSession.RoomSessionSummary)

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
    const small = fastDecode.make(Small)
    assert.deepStrictEqual(small(JSON.stringify({ a: "x" })), Either.right(new Small({ a: "x" })))
    assert.deepStrictEqual(small(JSON.stringify({ a: "x", b: 1 })), Either.right(new Small({ a: "x", b: 1 })))
    assert.isTrue(Either.isLeft(small(JSON.stringify({ b: 1 }))))
  })

  it("leaves what is not a class to Schema", () => {
    const trimmed = fastDecode.make(Schema.Struct({ a: Schema.Trim }))
    assert.deepStrictEqual(trimmed(JSON.stringify({ a: " x " })), Either.right({ a: "x" }))
    assert.isTrue(Option.isSome(Either.getRight(fastDecode.make(Schema.Number)("1"))))
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
