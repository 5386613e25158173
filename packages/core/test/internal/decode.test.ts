import { RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck, Schema } from "effect"
import * as decode from "../../src/internal/response/decode.ts"
import { body } from "../support/sessions.ts"

const utf8 = (text: string) => new TextEncoder().encode(text)

describe.each([
  ["Schema's decoder", decode.bySchema],
  ["the derived decoder", FastDecoder.make]
])("decoding by %s", (_, decoder) => {
  const decodeBody = decode.make(RoomSession.RoomSessionSummary, decoder, false)
  const read = (chunks: ReadonlyArray<Uint8Array>) => decodeBody(chunks, () => assert.fail("nothing drifts"))

  const reason = (chunks: ReadonlyArray<Uint8Array>) => Either.getOrThrow(Either.flip(read(chunks))).reason

  describe("bytes", () => {
    it.prop(
      "a body may be split anywhere, also within a character",
      [FastCheck.array(FastCheck.nat(), { maxLength: 20 })],
      ([cuts]) => {
        const whole = utf8(body({ display_name: "Grüße 日本語 🔑" }))
        const places = [0, ...cuts.map(cut => cut % whole.length), whole.length].toSorted((a, b) => a - b)
        const chunks = places.map((start, index) => whole.slice(start, places[index + 1] ?? whole.length))
        assert.strictEqual(Either.getOrThrow(read(chunks)).display_name, "Grüße 日本語 🔑")
      },
      { fastCheck: { numRuns: 200 } }
    )

    it("a byte order mark at the beginning is skipped", () => {
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

    it("UTF-16 is InvalidUtf8 or InvalidJson", () => {
      assert.strictEqual(reason([Buffer.from(`\ufeff${body()}`, "utf16le")]), "InvalidUtf8")
      assert.strictEqual(reason([Buffer.from(body(), "utf16le")]), "InvalidJson")
    })
  })

  it("a filter that throws is SchemaMismatch and not InvalidJson", () => {
    const filtered = Schema.Struct({ id: Schema.String.pipe(Schema.filter(() => assert.fail("a bug"))) })
    const decoded = decode.make(filtered, decoder, false)([utf8("{\"id\":\"x\"}")], () => {})
    assert.strictEqual(Either.getOrThrow(Either.flip(decoded)).reason, "SchemaMismatch")
  })

  describe("text", () => {
    it.each([
      ["an empty body", ""],
      ["a blank", " "],
      ["HTML", "<!doctype html><html></html>"],
      ["truncated JSON", body().slice(0, -1)],
      ["more than one value", body() + body()],
      ["a comment", `/* */${body()}`],
      ["NaN", body().replace("1800", "NaN")],
      ["a text of a million brackets", "[".repeat(1_000_000)]
    ])("%s is InvalidJson", (_, text) => assert.strictEqual(reason([utf8(text)]), "InvalidJson"))

    it("deep nesting is InvalidJson or SchemaMismatch, not a defect", () => {
      const deep = "[".repeat(100_000) + "]".repeat(100_000)
      assert.include(["InvalidJson", "SchemaMismatch"], reason([utf8(deep)]))
      assert.include(["InvalidJson", "SchemaMismatch"], reason([utf8(body().replace("\"weekly\"", deep))]))
    })

    it("the last of duplicate keys is decoded, as by JSON.parse", () => {
      const session = Either.getOrThrow(read([utf8(body().replace("{", "{\"name\":\"first\","))]))
      assert.strictEqual(session.name, "weekly")
    })

    it("1e400 seconds is SchemaMismatch", () => {
      assert.deepInclude(Either.getOrThrow(Either.flip(read([utf8(body().replace("1800", "1e400"))]))), {
        reason: "SchemaMismatch",
        path: "duration"
      })
    })
  })
})
