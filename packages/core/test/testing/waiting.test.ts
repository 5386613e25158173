import { RoomSessions, SignalWireError } from "@effect-signalwire/core"
import {
  CallJournal,
  RoomSessionFixture,
  RoomSessionsTest,
  Script,
  ScriptedTransport
} from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Chunk, Effect, Either, Exit, Fiber, type Layer, Stream, TestClock } from "effect"
import { within } from "../support/within.ts"

const id = RoomSessionFixture.id
const inProgress = RoomSessionFixture.inProgress()
const completed = RoomSessionFixture.completed()
const listed = [
  RoomSessionFixture.listed(inProgress),
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: id(2) }))
]

type Services = RoomSessions.RoomSessions | CallJournal.CallJournal

const awaitCompleted = Effect.flatMap(RoomSessions.RoomSessions, service => service.awaitCompleted(id()))

const results = Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runCollect(service.getMany([id(), id(2)])))
  .pipe(
    Effect.map(found => Chunk.toReadonlyArray(found).map(({ result }) => Either.isRight(result)))
  )

/** What is emitted in the first minute. */
const changes = Effect.gen(function*() {
  const service = yield* RoomSessions.RoomSessions
  const found: Array<string> = []
  const fiber = yield* Effect.fork(
    Stream.runForEach(service.watchAll(), ({ _tag }) => Effect.sync(() => void found.push(_tag)))
  )
  yield* TestClock.adjust("10 seconds")
  yield* Fiber.interrupt(fiber)
  return found
})

const journal = Effect.flatMap(CallJournal.CallJournal, ({ calls }) => calls)

const get: RoomSessions.Service["get"] = given =>
  given === id() ? Effect.succeed(completed) : new SignalWireError.NotFound()

describe.each<readonly [name: string, layer: Layer.Layer<Services, unknown>]>([
  ["layer", RoomSessionsTest.layer([completed])],
  ["layerScript", RoomSessionsTest.layerScript([completed, new SignalWireError.NotFound()])],
  [
    "layerTransport",
    RoomSessionsTest.layerTransport([
      ScriptedTransport.ok(completed),
      ScriptedTransport.status(404)
    ])
  ],
  ["layerPartial", RoomSessionsTest.layerPartial({ get })]
])("getMany over RoomSessionsTest.%s", (_, layer) => {
  it.effect("getMany calls get for each id, and the calls are in the journal", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* results, [true, false])
      assert.deepStrictEqual(
        (yield* journal).map(({ operation, parameters, result }) => [operation, parameters, result]),
        [
          ["RoomSessions.get", { id: id() }, "Success"],
          ["RoomSessions.get", { id: id(2) }, "SignalWireNotFound"]
        ]
      )
    }).pipe(Effect.provide(layer)))
})

describe.each<readonly [name: string, layer: Layer.Layer<Services, unknown>]>([
  ["layerScript", RoomSessionsTest.layerScript([inProgress, completed])],
  [
    "layerTransport",
    RoomSessionsTest.layerTransport([
      ScriptedTransport.ok(inProgress),
      ScriptedTransport.ok(completed)
    ])
  ]
])("awaitCompleted over RoomSessionsTest.%s", (_, layer) => {
  it.effect("awaitCompleted calls get for each poll, and the calls are in the journal", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* awaitCompleted.pipe(within("30 seconds"))).status, "completed")
      assert.deepStrictEqual((yield* journal).map(({ startedAt }) => startedAt.epochMillis), [0, 30_000])
    }).pipe(Effect.provide(layer)))
})

describe.each<readonly [name: string, layer: Layer.Layer<Services, unknown>]>([
  ["layer", RoomSessionsTest.layer(listed)],
  ["layerScript", RoomSessionsTest.layerScript([Script.page(listed), Script.page(listed)])],
  ["layerTransport", RoomSessionsTest.layerTransport([ScriptedTransport.page(listed), ScriptedTransport.page(listed)])]
])("watchAll over RoomSessionsTest.%s", (_, layer) => {
  it.effect("watchAll calls list for each page and poll, and the calls are in the journal", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* changes, ["Started", "Started"])
      assert.deepStrictEqual((yield* journal).map(({ operation, parameters }) => [operation, parameters]), [
        ["RoomSessions.list", { status: "in-progress", page_size: 1000 }],
        ["RoomSessions.list", { status: "in-progress", page_size: 1000 }]
      ])
    }).pipe(Effect.provide(layer)))
})

describe("RoomSessionsTest.layerPartial", () => {
  it.effect("watch and awaitCompleted are made of the given get", () =>
    Effect.gen(function*() {
      const { watch } = yield* RoomSessions.RoomSessions
      assert.deepStrictEqual(Chunk.toReadonlyArray(yield* Stream.runCollect(watch(id()))), [completed])
      assert.deepStrictEqual(yield* awaitCompleted, completed)
      assert.strictEqual((yield* journal).length, 2)
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial({ get }))))

  it.effect("awaitCompleted is made of the given watch", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* awaitCompleted, completed)
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial({ watch: () => Stream.make(inProgress, completed) }))))

  it.effect.each<readonly [given: string, service: Partial<RoomSessions.Service>]>([
    ["list", { list: () => Stream.fromIterable(listed) }],
    ["listPage", { listPage: () => Effect.succeed({ items: listed, next: null }) }]
  ])("watchAll is made of the given %s", ([, service]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* changes, ["Started", "Started"])
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial(service))))

  it.effect("given functions replace those that are made of others", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* awaitCompleted, completed)
      assert.deepStrictEqual(yield* results, [])
      assert.deepStrictEqual(yield* changes, [])
    }).pipe(Effect.provide(RoomSessionsTest.layerPartial({
      awaitCompleted: () => Effect.succeed(completed),
      getMany: () => Stream.empty,
      watchAll: () => Stream.empty
    }))))

  it.effect.each<readonly [missing: string, effect: Effect.Effect<unknown, unknown, RoomSessions.RoomSessions>]>([
    ["get", results],
    ["get", awaitCompleted],
    ["list", changes]
  ])("without %s, what is made of it is a defect that names it", ([missing, effect]) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(Effect.provide(effect, RoomSessionsTest.layerPartial({})))
      const messages = Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause).map(({ message }) => message) : []
      assert.include(messages, `RoomSessionsTest.layerPartial: RoomSessions.${missing} was called and is not given`)
    }))
})
