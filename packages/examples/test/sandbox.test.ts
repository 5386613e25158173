import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"

const session = RoomSessionFixture.completed({ duration: "1 hour" })
const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

/** The layers of production, against a server for this test. */
const overSandbox = Layer.unwrapEffect(
  Effect.map(SandboxSpace.SandboxSpace, ({ options }) => NodeSignalWire.layer(options))
).pipe(
  Layer.provideMerge(SandboxSpace.layerTestWith({ sessions: [session] }))
)

it.live("over a real socket, a 500 is retried", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    yield* sandbox.respondNext(500)
    assert.deepStrictEqual(yield* get, session)
    assert.deepStrictEqual((yield* sandbox.requests).map(request => request.status), [500, 200])
  }).pipe(Effect.provide(overSandbox)))

it.live("many sandboxes in parallel are independent", () =>
  Effect.gen(function*() {
    const one = Effect.gen(function*() {
      yield* get
      const sandbox = yield* SandboxSpace.SandboxSpace
      return (yield* sandbox.requests).length
    }).pipe(Effect.provide(Layer.fresh(overSandbox)))
    const counts = yield* Effect.all(Array.from({ length: 8 }, () => one), { concurrency: "unbounded" })
    assert.deepStrictEqual(counts, Array.from({ length: 8 }, () => 1))
  }))
