import { RoomSessions, type SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { Effect, ParseResult } from "effect"
import * as rawServer from "./faults/harness/rawServer.ts"
import { reply } from "./faults/harness/scripts.ts"
import { nasty } from "./faults/harness/secrets.ts"
import { session, sessionId } from "./faults/harness/session.ts"

/** The last field of the schema comes first: Schema's decoder puts it in its place, the derived one leaves it there. */
const reordered = JSON.stringify({ sync_audio_video: true, ...JSON.parse(session({ sync_audio_video: true })) })

const firstKeyOver = (settings: NodeSignalWire.Settings) =>
  Effect.gen(function*() {
    const { baseUrl } = yield* rawServer.make([reply(200, reordered, { "content-type": "application/json" })])
    const { apiToken, projectId } = nasty
    const found = yield* RoomSessions.RoomSessions.pipe(
      Effect.flatMap(sessions => sessions.get(sessionId)),
      Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken, ...settings }))
    )
    return Object.keys(found)[0]
  })

describe("sessions are read", () => {
  it.scopedLive("by the derived decoder, which leaves the fields in the order in which they came", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* firstKeyOver({}), "sync_audio_video")
    }))

  it.scopedLive("by another decoder where the settings bring one", () =>
    Effect.gen(function*() {
      const decoder: SignalWireClient.Decoder = schema => {
        const decode = ParseResult.decodeUnknownEither(schema)
        return text => decode(JSON.parse(text))
      }
      assert.strictEqual(yield* firstKeyOver({ decoder }), "id")
    }))
})
