import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"

const session = RoomSessionFixture.completed({ duration: "1 hour" })
const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

/** The layers of production, against a server for this test. */
const overSandbox = SandboxSpace.layerWired(NodeSignalWire.layer, { sessions: [session] })

it.live("over a real socket, a 500 is retried", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    yield* sandbox.respondNext(500)
    assert.deepStrictEqual(yield* get, session)
    assert.deepStrictEqual((yield* sandbox.requests).map(request => request.status), [500, 200])
  }).pipe(Effect.provide(overSandbox)))
