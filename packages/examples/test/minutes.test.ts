import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { minutesOf } from "../src/minutes.ts"

const session = RoomSessionFixture.completed({ duration: "90 seconds" })

it.effect("a completed session has its minutes, rounded up", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* minutesOf(session.id), 2)
  }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

it.effect("a session that does not exist has no minutes", () =>
  Effect.gen(function*() {
    assert.isNull(yield* minutesOf(RoomSessionFixture.id(2)))
  }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

it.effect("a 503 is retried", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(minutesOf(session.id))
    yield* TestClock.adjust("30 seconds")
    assert.strictEqual(yield* Fiber.join(call), 2)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.status(503),
    ScriptedTransport.ok(session)
  ]))))

it.effect("an outage is an error that may be gone later", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(Effect.flip(minutesOf(session.id)))
    yield* TestClock.adjust("30 seconds")
    const error = yield* Fiber.join(call)
    assert.strictEqual(error._tag, "SignalWireServerUnavailable")
    assert.isTrue(error.isRetryable)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.status(503),
    ScriptedTransport.status(503),
    ScriptedTransport.status(503)
  ]))))
