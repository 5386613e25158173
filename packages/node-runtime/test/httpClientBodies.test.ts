import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, HttpClient, type HttpClientError, type HttpClientResponse } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import * as rawServer from "./faults/harness/rawServer.ts"
import { head, json, ok, pause, reset, send, sequence } from "./faults/harness/scripts.ts"
import { session, sessionId } from "./faults/harness/session.ts"

type Client = Layer.Layer<HttpClient.HttpClient>

const clients: ReadonlyArray<readonly [name: string, client: Client]> = [
  ["FetchHttpClient.layer", FetchHttpClient.layer],
  ["UndiciHttpClient.layer", Layer.orDie(UndiciHttpClient.layer())],
  ["NodeHttpClient.layer", NodeHttpClient.layer],
  ["NodeHttpClient.layerUndici", NodeHttpClient.layerUndici]
]

type Read = (
  response: HttpClientResponse.HttpClientResponse
) => Effect.Effect<unknown, HttpClientError.HttpClientError>

/** A call over an `HttpClient` whose middleware reads the body of each response. */
const callOver = (client: Client, read: Read, script: rawServer.Script) =>
  Effect.gen(function*() {
    const server = yield* rawServer.make([script])
    const middleware = HttpClient.tap(response => Effect.ignore(read(response)))
    const live = RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layer({
        baseUrl: server.baseUrl,
        projectId: "project",
        apiToken: Redacted.make("token"),
        policy: { baseDelay: "1 millis", attemptTimeout: "10 seconds" }
      })),
      Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, middleware))),
      Layer.provide(client)
    )
    return yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId)).pipe(
      Effect.provide(live)
    )
  })

const typed = { "content-type": "application/json" }
const body = session()

/** With and without a `content-length`, and in several chunks. */
const successes: ReadonlyArray<readonly [name: string, script: rawServer.Script]> = [
  ["a 200", ok],
  [
    "a 200 in chunks",
    sequence(
      send(head(200, { ...typed, "transfer-encoding": "chunked" }), `a\r\n${body.slice(0, 10)}\r\n`),
      pause("20 millis"),
      send(`${(body.length - 10).toString(16)}\r\n${body.slice(10)}\r\n0\r\n\r\n`)
    )
  ]
]

const empty: ReadonlyArray<readonly [name: string, script: rawServer.Script]> = [
  ["a length of 0", send(head(200, { ...typed, "content-length": "0" }))],
  ["no chunks", send(head(200, { ...typed, "transfer-encoding": "chunked" }), "0\r\n\r\n")]
]

const asText: ReadonlyArray<readonly [name: string, read: Read]> = [
  ["text", response => response.text],
  ["json", response => response.json]
]

const otherwise: ReadonlyArray<readonly [name: string, read: Read]> = [
  ["arrayBuffer", response => response.arrayBuffer],
  ["stream", response => Stream.runDrain(response.stream)],
  ["the beginning of stream", response => Stream.runDrain(Stream.take(response.stream, 1))]
]

describe.concurrent.each(clients)("middleware of %s that reads the body", (_, client) => {
  for (const [name, read] of asText) {
    it.scopedLive.each(successes)(
      `with ${name}: %s is the session`,
      ([, script]) => Effect.map(callOver(client, read, script), ({ id }) => assert.strictEqual(id, sessionId))
    )

    it.scopedLive(`with ${name}: a 404 has the error details of its body`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(callOver(client, read, json(404, "{\"errors\":[{\"code\":\"not_found\"}]}")))
        assert.strictEqual(error._tag === "SignalWireNotFound" ? error.details[0]?.code : error, "not_found")
      }))

    it.scopedLive(`with ${name}: a reset in the body is TransportError Truncated`, () =>
      Effect.gen(function*() {
        const truncated = sequence(
          send(head(200, { ...typed, "content-length": "100" }), "{"),
          pause("20 millis"),
          reset
        )
        const error = yield* Effect.flip(callOver(client, read, truncated))
        assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Truncated", attempts: 3 })
      }))
  }

  it.scopedLive("with text in a fiber of its own, which has not ended: a slow 200 is the session", () =>
    Effect.gen(function*() {
      const slow = sequence(
        send(head(200, { ...typed, "content-length": String(Buffer.byteLength(body)) }), body.slice(0, 10)),
        pause("1500 millis"),
        send(body.slice(10))
      )
      const read: Read = response => Effect.zipRight(Effect.fork(response.text), Effect.sleep("100 millis"))
      assert.strictEqual((yield* callOver(client, read, slow)).id, sessionId)
    }))

  for (const [name, read] of asText) {
    it.scopedLive.each(empty)(
      `with ${name}: an empty body with %s is InvalidResponse InvalidJson`,
      ([, script]) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(callOver(client, read, script))
          assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "InvalidJson", attempts: 1 })
        })
    )
  }

  for (const [name, read] of otherwise) {
    it.scopedLive.each(empty)(
      `with ${name}: an empty body with %s is an error without a retry`,
      ([, script]) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(callOver(client, read, script))
          assert.oneOf(error._tag, ["SignalWireInvalidResponse", "SignalWireTransportError"])
          assert.strictEqual("attempts" in error ? error.attempts : 0, 1)
        })
    )
  }

  it.scopedLive.each(otherwise)(
    "with %s: a 200 is TransportError Other without a retry, with a code that says why",
    ([, read]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(callOver(client, read, ok))
        assert.deepInclude(error, {
          _tag: "SignalWireTransportError",
          reason: "Other",
          code: "ERR_BODY_ALREADY_USED",
          attempts: 1
        })
      })
  )
})
