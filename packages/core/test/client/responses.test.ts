import type { SignalWireClient, SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Equal, ParseResult } from "effect"
import { gzipSync } from "node:zlib"
import { getOver, patient } from "../support/client.ts"
import { json, ok, type PlayedResponse } from "../support/responses.ts"
import { body, sessionId, wireSession } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Reason = SignalWireError.InvalidResponse["reason"]

const unusable: ReadonlyArray<readonly [what: string, reason: Reason, response: PlayedResponse, fields?: object]> = [
  ["without a body", "InvalidJson", json(200, "")],
  ["with truncated JSON", "InvalidJson", json(200, body().slice(0, 100))],
  ["with HTML that is labeled as JSON", "InvalidJson", json(200, "<html></html>")],
  ["with HTML", "UnexpectedContentType", { ...ok, headers: { "content-type": "text/html" } }],
  ["with JSON in UTF-16", "UnexpectedContentType", {
    ...ok,
    headers: { "content-type": "application/json; charset=utf-16" }
  }],
  ["with gzip", "UnsupportedEncoding", {
    ...json(200, "", { "content-encoding": "gzip" }),
    chunks: [gzipSync(body())]
  }],
  ["with bytes that are not UTF-8", "InvalidUtf8", {
    ...ok,
    chunks: ["\"", new Uint8Array([0xff, 0xfe, 0xc0, 0x80]), "\""]
  }],
  ["with a content-length of 60 MB", "TooLarge", json(200, body(), { "content-length": "62914560" })],
  ["with a body above maxBodyBytes", "TooLarge", json(200, `"${"x".repeat(1_048_576)}"`)],
  ["with a string for a boolean", "SchemaMismatch", json(200, body({ locked: "PRIVATE" })), {
    path: "locked",
    expected: "a boolean, or null"
  }]
]

const endless: PlayedResponse = { ...ok, chunks: Array.from({ length: 100 }, () => " ".repeat(1024)), stalls: true }

describe.concurrent.each(transports)("responses over %s", (_, over) => {
  it.effect("a 200 is the session", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      const session = yield* getOver(transport)
      assert.strictEqual(session.id, sessionId)
      assert.strictEqual(session.fps, "20")
      assert.isTrue(Equal.equals(session.duration, Duration.minutes(30)))
      assert.isTrue(Equal.equals(session.created_at, DateTime.unsafeMake(wireSession.created_at)))
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.live("a 200 is the session on the live clock", () =>
    Effect.gen(function*() {
      const session = yield* getOver(over(ok), { policy: patient })
      assert.strictEqual(session.id, sessionId)
    }))

  it.effect("a 200 is decoded by the decoder option of its client", () =>
    Effect.gen(function*() {
      const decoder: SignalWireClient.Decoder = schema => {
        const decode = ParseResult.decodeUnknownEither(schema)
        return text => decode({ ...JSON.parse(text), name: "of the option" })
      }
      const session = yield* getOver(over(ok), { decoder })
      assert.strictEqual(session.name, "of the option")
      assert.strictEqual((yield* getOver(over(ok))).name, wireSession.name)
    }))

  it.effect("a body in chunks of one byte is the session", () =>
    Effect.gen(function*() {
      const bytes = new TextEncoder().encode(body({ name: "Grüße 🔑" }))
      const session = yield* getOver(over({ ...ok, chunks: Array.from(bytes, byte => new Uint8Array([byte])) }))
      assert.strictEqual(session.name, "Grüße 🔑")
    }))

  it.effect.each(["utf-8", " utf-8", "\"UTF-8\"", "utf8 ", " us-ascii"])(
    "the charset %j is accepted",
    charset =>
      Effect.gen(function*() {
        const response = json(200, body(), { "content-type": `application/json; charset=${charset}` })
        assert.strictEqual((yield* getOver(over(response))).id, sessionId)
      })
  )

  it.effect("a response for another id is InvalidResponse", () =>
    Effect.gen(function*() {
      const transport = over(json(200, body({ id: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" })))
      const error = yield* Effect.flip(getOver(transport))
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "SchemaMismatch", path: "id" })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("a response for the same id in lower case is the session", () =>
    Effect.gen(function*() {
      const session = yield* getOver(over(ok), {}, sessionId.toUpperCase())
      assert.strictEqual(session.id, sessionId)
    }))

  it.effect.each(unusable)(
    "a 200 %s is InvalidResponse %s, and is not retried",
    ([, reason, response, fields]) =>
      Effect.gen(function*() {
        const transport = over({ ...response, headers: { ...response.headers, "x-request-id": "r-7" } })
        const error = yield* Effect.flip(getOver(transport))
        assert.deepInclude(error, {
          _tag: "SignalWireInvalidResponse",
          reason,
          requestId: "r-7",
          attempts: 1,
          ...fields
        })
        assert.notInclude(JSON.stringify(error) + error.message, "PRIVATE")
        assert.strictEqual(transport.requests.length, 1)
      })
  )

  it.effect("a body that never ends is InvalidResponse TooLarge at once", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(within(0)(getOver(over(endless), { policy: { maxBodyBytes: 4096 } })))
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
    }))

  it.live("a body that never ends is InvalidResponse TooLarge on the live clock", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(getOver(over(endless), { policy: { ...patient, maxBodyBytes: 4096 } }))
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
    }))
})
