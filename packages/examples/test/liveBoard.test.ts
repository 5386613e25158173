import { SignalWireError } from "@effect-signalwire/core"
import { CallJournal, RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, Fiber, Layer, Stream, TestClock } from "effect"
import { Board, namesInProgress } from "../src/liveBoard.ts"

const inProgress = (n: number, display_name: string) =>
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(n), display_name }))

const [standup, retro, demo] = [inProgress(1, "Standup"), inProgress(2, "Retro"), inProgress(3, "Demo")]

/** The states that a page shows, of which there are so many. */
const page = (count: number) =>
  Effect.map(Stream.runCollect(Stream.take(namesInProgress, count)), Chunk.toReadonlyArray)

it.effect("a page that is opened later has the present state, and all pages share the polls", () =>
  Effect.gen(function*() {
    yield* TestClock.adjust("1 second")
    const first = yield* Effect.fork(page(3))
    yield* TestClock.adjust("10 seconds")
    const second = yield* Effect.fork(page(2))
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(yield* Fiber.join(first), [["Standup"], ["Retro", "Standup"], ["Demo", "Retro"]])
    assert.deepStrictEqual(yield* Fiber.join(second), [["Retro", "Standup"], ["Demo", "Retro"]])
    const journal = yield* CallJournal.CallJournal
    assert.lengthOf(yield* journal.calls, 3)
  }).pipe(Effect.provide(Layer.provideMerge(
    Board.layer,
    RoomSessionsTest.layerScript([
      Script.page([standup]),
      Script.page([standup, retro]),
      Script.page([retro, demo])
    ])
  ))))

it.effect("the board is empty after an error, until the next watch", () =>
  Effect.gen(function*() {
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(yield* page(1), [[]])
    yield* TestClock.adjust("1 minute")
    assert.deepStrictEqual(yield* page(1), [["Retro"]])
  }).pipe(Effect.provide(Layer.provideMerge(
    Board.layer,
    RoomSessionsTest.layerScript([
      Script.page([standup]),
      new SignalWireError.Unauthorized(),
      Script.page([retro])
    ])
  ))))
