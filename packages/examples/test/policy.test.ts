import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, TestClock } from "effect"
import { glance } from "../src/policy.ts"

it.effect("a call with the policy of glance is RequestTimeout after one attempt of two seconds", () =>
  Effect.gen(function*() {
    const glancing = yield* Effect.fork(Effect.flip(glance(RoomSessionFixture.id())))
    yield* TestClock.adjust("30 seconds")
    assert.strictEqual((yield* Fiber.join(glancing))._tag, "SignalWireRequestTimeout")

    const journal = yield* CallJournal.CallJournal
    const [call] = yield* journal.calls
    assert.isDefined(call)
    assert.strictEqual(call.attempts, 1)
    assert.strictEqual(Duration.toSeconds(call.elapsed), 2)
  }).pipe(Effect.provide(RoomSessionsTest.layerTransport([ScriptedTransport.noResponse]))))
