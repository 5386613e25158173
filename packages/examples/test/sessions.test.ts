import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { billedMinutes } from "../src/errors.ts"

it.effect("a completed session is billed by the minute", () =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.completed({ duration: "90 seconds" })
    const billed = billedMinutes(session.id).pipe(Effect.provide(RoomSessionsTest.layer([session])))
    assert.strictEqual(yield* billed, "2 min")
  }))

it.effect("a session in progress is open, however long it has lasted", () =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.inProgress({ duration: "90 seconds" })
    const billed = billedMinutes(session.id).pipe(Effect.provide(RoomSessionsTest.layer([session])))
    assert.strictEqual(yield* billed, "open")
  }))

it.effect("a completed session without an end or a duration is not open", () =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.completed({ end_time: null, duration: null })
    const billed = billedMinutes(session.id).pipe(Effect.provide(RoomSessionsTest.layer([session])))
    assert.strictEqual(yield* billed, "not known yet")
  }))

it.effect("an id without a session is unknown", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* billedMinutes(RoomSessionFixture.id(2)), "unknown")
    assert.strictEqual(yield* billedMinutes("not an id"), "unknown")
  }).pipe(Effect.provide(RoomSessionsTest.layer([RoomSessionFixture.inProgress()]))))

it.effect("an error can take the place of a session", () =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(billedMinutes(RoomSessionFixture.id()))
    assert.strictEqual(error._tag, "SignalWireUnauthorized")
  }).pipe(Effect.provide(RoomSessionsTest.layer({
    [RoomSessionFixture.id()]: new SignalWireError.Unauthorized()
  }))))
