import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, TestClock } from "effect"
import { policy, sessionStatus } from "../src/rateLimit.ts"

const id = RoomSessionFixture.id()
const session = ScriptedTransport.ok(RoomSessionFixture.inProgress())

it.effect("50 calls take two seconds with 20 requests in any second", () =>
  Effect.gen(function*() {
    const calls = yield* Effect.fork(Effect.replicateEffect(sessionStatus(id), 50, { concurrency: "unbounded" }))
    yield* TestClock.adjust("2 seconds")
    yield* Fiber.join(calls)
    const journal = yield* CallJournal.CallJournal
    const seconds = (yield* journal.calls).map(call => Math.floor(Duration.toSeconds(call.elapsed)))
    assert.deepStrictEqual([0, 1, 2].map(second => seconds.filter(one => one === second).length), [20, 20, 10])
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport(Array.from({ length: 50 }, () => session), { policy }))))

it.effect("after a 429 that asks for a minute, every call is told at once to retry later", () =>
  Effect.gen(function*() {
    assert.deepInclude(yield* sessionStatus(id), { status: 503, retryAfter: 60 })
    yield* TestClock.adjust("15 seconds")
    assert.deepInclude(yield* sessionStatus(id), { status: 503, retryAfter: 45 })
    yield* TestClock.adjust("45 seconds")
    assert.deepInclude(yield* sessionStatus(id), { status: 200 })
  }).pipe(
    Effect.provide(
      RoomSessionsTest.layerTransport([ScriptedTransport.status(429, { retryAfter: "1 minute" }), session], { policy })
    )
  ))
