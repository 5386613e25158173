import { SignalWireError } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { minutesWhenCompleted } from "../src/whenCompleted.ts"

it.effect("the minutes are those of the completed session, after an outage", () =>
  Effect.gen(function*() {
    const waiting = yield* Effect.fork(minutesWhenCompleted(RoomSessionFixture.id()))
    yield* TestClock.adjust("90 seconds")
    assert.strictEqual(yield* Fiber.join(waiting), 45)

    const journal = yield* CallJournal.CallJournal
    const calls = yield* journal.calls
    assert.deepStrictEqual(calls.map(call => [call.startedAt.epochMillis, call.result]), [
      [0, "Success"],
      [30_000, "SignalWireServerUnavailable"],
      [60_000, "Success"]
    ])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    RoomSessionFixture.inProgress(),
    new SignalWireError.ServerUnavailable(),
    RoomSessionFixture.completed({ duration: "45 minutes" })
  ]))))

it.effect("two sessions complete independently", () =>
  Effect.gen(function*() {
    const ids = [RoomSessionFixture.id(1), RoomSessionFixture.id(2)]
    const waiting = yield* Effect.fork(Effect.forEach(ids, minutesWhenCompleted, { concurrency: "unbounded" }))
    yield* TestClock.adjust("30 seconds")
    assert.deepStrictEqual(yield* Fiber.join(waiting), [45, 10])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    Script.when("RoomSessions.get", { id: RoomSessionFixture.id(1) }, [
      RoomSessionFixture.inProgress(),
      RoomSessionFixture.completed({ duration: "45 minutes" })
    ]),
    Script.when("RoomSessions.get", { id: RoomSessionFixture.id(2) }, [
      RoomSessionFixture.completed({ id: RoomSessionFixture.id(2), duration: "10 minutes" })
    ])
  ]))))
