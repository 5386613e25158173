import { RoomSessions } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, TestClock } from "effect"

const session = RoomSessionFixture.completed()
const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

it.effect("two 500s and a 429 with Retry-After are retried", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(get)
    yield* TestClock.adjust("30 seconds")
    assert.deepStrictEqual(yield* Fiber.join(call), session)

    const journal = yield* CallJournal.CallJournal
    const [only] = yield* journal.calls
    assert.isDefined(only)
    assert.strictEqual(only.attempts, 4)
    assert.isTrue(Duration.greaterThan(only.elapsed, "5 seconds"))
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.status(500),
    ScriptedTransport.status(500),
    ScriptedTransport.status(429, { retryAfter: "5 seconds" }),
    ScriptedTransport.ok(session)
  ], { policy: { maxRetries: 3 } }))))

it.effect("a body that stalls times out and is retried", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(get)
    yield* TestClock.adjust("30 seconds")
    assert.deepStrictEqual(yield* Fiber.join(call), session)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
    ScriptedTransport.stalled(ScriptedTransport.ok(session)),
    ScriptedTransport.ok(session)
  ]))))
