import { SignalWireError } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { waitUntilCompleted } from "../src/waitUntilCompleted.ts"

it.effect("waitUntilCompleted polls until a session is completed, through an outage", () =>
  Effect.gen(function*() {
    const waiting = yield* Effect.fork(waitUntilCompleted(RoomSessionFixture.id()))
    yield* TestClock.adjust("30 seconds")
    const session = yield* Fiber.join(waiting)
    assert.strictEqual(session.status, "completed")

    const journal = yield* CallJournal.CallJournal
    const calls = yield* journal.calls
    assert.deepStrictEqual(calls.map(call => [call.startedAt.epochMillis, call.result]), [
      [0, "Success"],
      [10_000, "SignalWireServerUnavailable"],
      [20_000, "Success"]
    ])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    RoomSessionFixture.inProgress(),
    new SignalWireError.ServerUnavailable(),
    RoomSessionFixture.completed()
  ]))))

it.effect("two sessions complete independently", () =>
  Effect.gen(function*() {
    const ids = [RoomSessionFixture.id(1), RoomSessionFixture.id(2)]
    const waiting = yield* Effect.fork(Effect.forEach(ids, waitUntilCompleted, { concurrency: "unbounded" }))
    yield* TestClock.adjust("30 seconds")
    assert.deepStrictEqual((yield* Fiber.join(waiting)).map(session => session.id), ids)
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    Script.when("RoomSessions.get", { id: RoomSessionFixture.id(1) }, [
      RoomSessionFixture.inProgress(),
      RoomSessionFixture.completed()
    ]),
    Script.when("RoomSessions.get", { id: RoomSessionFixture.id(2) }, [
      RoomSessionFixture.completed({ id: RoomSessionFixture.id(2) })
    ])
  ]))))
