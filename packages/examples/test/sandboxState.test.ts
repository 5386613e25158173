import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect, TestClock } from "effect"

it.effect("a session lasts until the test ends it", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const sessions = yield* RoomSessions.RoomSessions
    const { id } = yield* sandbox.put(RoomSessionFixture.inProgress({ duration: "1 minute" }))
    const ada = yield* sandbox.addMember(id, { name: "Ada" })
    yield* TestClock.adjust("30 seconds")
    const during = yield* sessions.get(id)
    assert.deepStrictEqual([during.status, during.toJSON().duration], ["in-progress", 90])

    yield* sandbox.removeMember(ada.id)
    yield* sandbox.end(id)
    const after = yield* sessions.get(id)
    assert.deepStrictEqual([after.status, after.toJSON().duration], ["completed", 90])
  }).pipe(Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer))))
