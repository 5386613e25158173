import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Equal } from "effect"
import { MessageChannel } from "node:worker_threads"
import { decodedSession, encodedSession } from "../src/boundary.ts"

const session = RoomSessionFixture.completed({ duration: "45 minutes" })

/** A value as it arrives at the other end of a port, such as that of a worker. */
const posted = (value: unknown) =>
  Effect.async<unknown>(resume => {
    const { port1, port2 } = new MessageChannel()
    port2.once("message", received => {
      port1.close()
      resume(Effect.succeed(received))
    })
    port1.postMessage(value)
  })

it.live("an encoded session is the same session after JSON and a worker's port", () =>
  Effect.gen(function*() {
    const encoded = yield* encodedSession(session.id)
    for (const arrived of [JSON.parse(JSON.stringify(encoded)), yield* posted(encoded)]) {
      assert.isTrue(Equal.equals(yield* decodedSession(arrived), session))
    }
  }).pipe(Effect.provide(RoomSessionsTest.layer([session]))))

it.live("a session that was not encoded loses its class at a worker's port, and does not decode", () =>
  Effect.gen(function*() {
    const arrived = yield* posted(session)
    assert.notInstanceOf(arrived, RoomSession.RoomSessionSummary)
    assert.strictEqual((yield* Effect.flip(decodedSession(arrived)))._tag, "ParseError")
  }))
