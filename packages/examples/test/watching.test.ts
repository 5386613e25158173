import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, Fiber, Layer, Stream, TestClock } from "effect"
import { exportByIds } from "../src/exportByIds.ts"
import { liveSessions } from "../src/liveSessions.ts"
import { locks } from "../src/watchSession.ts"
import { minutesWhenCompleted } from "../src/whenCompleted.ts"

it.effect("after two hours there are no minutes", () =>
  Effect.gen(function*() {
    const waiting = yield* Effect.fork(minutesWhenCompleted(RoomSessionFixture.id()))
    yield* TestClock.adjust("2 hours")
    assert.isNull(yield* Fiber.join(waiting))
  }).pipe(Effect.provide(RoomSessionsTest.layer([RoomSessionFixture.inProgress()]))))

it.effect("the lock of a session is emitted when it changed, until the session is completed", () =>
  Effect.gen(function*() {
    const watching = yield* Effect.fork(Stream.runCollect(locks(RoomSessionFixture.id())))
    yield* TestClock.adjust("1 minute")
    assert.deepStrictEqual(Chunk.toReadonlyArray(yield* Fiber.join(watching)), [false, true, false])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    RoomSessionFixture.inProgress({ locked: false }),
    RoomSessionFixture.inProgress({ locked: true }),
    RoomSessionFixture.inProgress({ locked: true }),
    new SignalWireError.InternalServerError(),
    RoomSessionFixture.completed({ locked: false })
  ]))))

const standup = RoomSessionFixture.listed(RoomSessionFixture.inProgress({ display_name: "Standup" }))
const retro = RoomSessionFixture.listed(
  RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(2), display_name: "Retro" })
)

it.effect("each poll of the sessions in progress is one call of the list", () =>
  Effect.gen(function*() {
    const watching = yield* Effect.fork(Stream.runCollect(Stream.take(liveSessions, 3)))
    yield* TestClock.adjust("20 seconds")
    assert.deepStrictEqual(Chunk.toReadonlyArray(yield* Fiber.join(watching)), [
      "Standup started",
      "Retro started",
      "Standup ended"
    ])
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([
    Script.page([standup]),
    Script.page([standup, retro]),
    Script.page([retro])
  ]))))

const completed = [1, 2, 3].map(n =>
  RoomSessionFixture.completed({ id: RoomSessionFixture.id(n), duration: `${n} minutes` })
)

const overSandbox = Layer.unwrapEffect(
  Effect.map(SandboxSpace.SandboxSpace, ({ options }) => NodeSignalWire.layer(options))
).pipe(Layer.provideMerge(SandboxSpace.layerTestWith({ sessions: completed })))

it.live("an export by ids has a line for each id, over real sockets", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    yield* sandbox.respondNext(500)
    const lines: Array<string> = []
    const ids = [1, 4, 2, 3].map(n => RoomSessionFixture.id(n))
    yield* exportByIds(Stream.fromIterable(ids), line => Effect.sync(() => void lines.push(line)))
    assert.deepStrictEqual(lines, [
      `${RoomSessionFixture.id(1)},60,`,
      `${RoomSessionFixture.id(4)},,SignalWireNotFound`,
      `${RoomSessionFixture.id(2)},120,`,
      `${RoomSessionFixture.id(3)},180,`
    ])
  }).pipe(Effect.provide(overSandbox)))

it.live("a completed session is returned at once, over a real socket", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* minutesWhenCompleted(RoomSessionFixture.id(3)), 3)
  }).pipe(Effect.provide(overSandbox)))
