import { RoomSessions, type SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Effect, ParseResult } from "effect"
import http from "node:http"
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici"
import * as rawServer from "./faults/harness/rawServer.ts"
import { reply } from "./faults/harness/scripts.ts"
import { nasty } from "./faults/harness/secrets.ts"
import { session, sessionId } from "./faults/harness/session.ts"

/** The last field of the schema comes first, and two values are wrong: decoders differ in which of them they name. */
const twiceWrong = JSON.stringify({ sync_audio_video: 1, ...JSON.parse(session({ sync_audio_video: 1, name: 1 })) })

const pathOver = (settings: NodeSignalWire.Settings) =>
  Effect.gen(function*() {
    const { baseUrl } = yield* rawServer.make([reply(200, twiceWrong, { "content-type": "application/json" })])
    const { apiToken, projectId } = nasty
    const failure = yield* RoomSessions.RoomSessions.pipe(
      Effect.flatMap(sessions => sessions.get(sessionId)),
      Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken, ...settings })),
      Effect.flip
    )
    return failure._tag === "SignalWireInvalidResponse" ? failure.path : failure
  })

describe("sessions are read", () => {
  it.scopedLive("by the derived decoder, which goes through an answer from its beginning", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* pathOver({}), "sync_audio_video")
    }))

  it.scopedLive("by another decoder where the settings bring one", () =>
    Effect.gen(function*() {
      const decoder: SignalWireClient.Decoder = schema => {
        const decode = ParseResult.decodeUnknownEither(schema)
        return text => decode(JSON.parse(text))
      }
      assert.strictEqual(yield* pathOver({ decoder }), "name")
    }))
})

it.scopedLive("what is put in the place of undici's global dispatcher, fetch and http.request sees no request", () =>
  Effect.gen(function*() {
    const { baseUrl, requests } = yield* rawServer.make([reply(200, session(), { "content-type": "application/json" })])
    const { apiToken, projectId } = nasty
    const mockAgent = new MockAgent()
    mockAgent.disableNetConnect()
    const { fetch } = globalThis
    const { request } = http
    const dispatcher = getGlobalDispatcher()
    const mocked = () => {
      throw new Error("mocked")
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        setGlobalDispatcher(mockAgent)
        globalThis.fetch = mocked
        http.request = mocked
      }),
      () =>
        Effect.sync(() => {
          setGlobalDispatcher(dispatcher)
          globalThis.fetch = fetch
          http.request = request
        })
    )
    const found = yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId)).pipe(
      Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken }))
    )
    assert.strictEqual(found.id, sessionId)
    assert.strictEqual(requests.length, 1)
  }))
