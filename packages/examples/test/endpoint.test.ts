import { SignalWireClient } from "@effect-signalwire/core"
import { ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, TestClock } from "effect"
import { Rooms } from "../src/endpoint.ts"

const room = { id: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", name: "standup" }

const rooms = (script: ScriptedTransport.Script) =>
  Rooms.Default.pipe(
    Layer.provide(SignalWireClient.layer({ space: "test", projectId: "test", apiToken: Redacted.make("test") })),
    Layer.provide(ScriptedTransport.layer(script))
  )

it.effect("a 503 and then a room are one result, the room", () =>
  Effect.gen(function*() {
    const { get } = yield* Rooms
    const call = yield* Effect.fork(get(room.id))
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(yield* call, room)
  }).pipe(Effect.provide(rooms([ScriptedTransport.status(503), ScriptedTransport.status(200, { body: room })]))))

it.effect("the creation of a room gives the room", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* Effect.flatMap(Rooms, ({ create }) => create("standup")), room)
  }).pipe(Effect.provide(rooms([ScriptedTransport.status(201, { body: room })]))))

it.effect("a 503 to the creation of a room is not retried", () =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(Effect.flatMap(Rooms, ({ create }) => create("standup")))
    assert.include(error, { _tag: "SignalWireServerUnavailable", attempts: 1 })
  }).pipe(Effect.provide(rooms([ScriptedTransport.status(503)]))))
