import { RoomSessions } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer } from "effect"

const session = RoomSessionFixture.completed()

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

const cachedOver = <E>(layer: Layer.Layer<RoomSessionsTest.Services, E>) =>
  Layer.orDie(Layer.provideMerge(RoomSessions.layerCached(), layer))

const layers: ReadonlyArray<readonly [name: string, layer: Layer.Layer<RoomSessionsTest.Services>]> = [
  ["layer over sessions", cachedOver(RoomSessionsTest.layer([session]))],
  ["layer by id", cachedOver(RoomSessionsTest.layer({ [session.id]: session }))],
  ["layerScript", cachedOver(RoomSessionsTest.layerScript([session]))],
  ["layerTransport", cachedOver(RoomSessionsTest.layerTransport([ScriptedTransport.ok(session)]))],
  ["layerPartial", cachedOver(RoomSessionsTest.layerPartial({ get: () => Effect.succeed(session) }))]
]

describe("RoomSessions.layerCached over the layers for tests", () => {
  it.effect.each(layers)(
    "over %s it calls the client once, and the journal has the call",
    ([, layer]) =>
      Effect.gen(function*() {
        const [first, second] = yield* Effect.zip(get, get)
        assert.deepStrictEqual(first, session)
        assert.strictEqual(second, first)
        const journal = yield* CallJournal.CallJournal
        assert.deepStrictEqual((yield* journal.callsOf("RoomSessions.get")).map(({ result }) => result), ["Success"])
      }).pipe(Effect.provide(layer))
  )

  it.live("over layerPartial without get it is the setup error that names it", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(Effect.scoped(Effect.provide(get, cachedOver(RoomSessionsTest.layerPartial({})))))
      assert.isTrue(Exit.isFailure(exit))
      assert.include(
        Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "",
        "RoomSessionsTest.layerPartial: RoomSessions.get was called and is not given"
      )
    }))
})
