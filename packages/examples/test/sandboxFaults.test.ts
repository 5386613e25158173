import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"

const [session] = SandboxSpace.seeds

it.live("a 503 and a random latency", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const sessions = yield* RoomSessions.RoomSessions
    yield* sandbox.faults(
      { type: "status", status: 503, operation: "RoomSessions.get", requests: 1 },
      { type: "lognormalLatency", median: "20 millis", sigma: 1 }
    )
    assert.deepStrictEqual(yield* sessions.get(session.id), session)
    assert.deepStrictEqual(
      (yield* sandbox.requests).map(({ attempt, status }) => [attempt, status]),
      [[1, 503], [2, 200]]
    )
    yield* sandbox.faults()
  }).pipe(Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer))))
