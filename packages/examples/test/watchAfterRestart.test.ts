import { RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { KeyValueStore } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { follow } from "../src/watchAfterRestart.ts"

const inProgress = (n: number) =>
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(n) }))

const [a, b, c] = [inProgress(1), inProgress(2), inProgress(3)]

/** The changes of one run of the program, which is interrupted after its first poll. */
const run = (listed: ReadonlyArray<typeof a>) =>
  Effect.gen(function*() {
    const changes: Array<string> = []
    const watch = follow(({ _tag, session }) => Effect.sync(() => void changes.push(`${_tag} ${session.id}`)))
    const fiber = yield* Effect.fork(watch)
    yield* TestClock.adjust("1 second")
    yield* Fiber.interrupt(fiber)
    return changes
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([Script.page(listed)])))

it.effect("after a restart, what started and ended meanwhile is handled, and nothing twice", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* run([a, b]), [`Started ${a.id}`, `Started ${b.id}`])
    assert.deepStrictEqual(yield* run([b, c]), [`Started ${c.id}`, `Ended ${a.id}`])
    assert.deepStrictEqual(yield* run([b, c]), [])
  }).pipe(Effect.provide(KeyValueStore.layerMemory)))
