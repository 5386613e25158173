import { CallJournal, RoomSessionFixture, RoomSessionsTest, Script } from "@effect-signalwire/core/testing"
import { FileSystem, KeyValueStore } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, TestServices } from "effect"
import { layerFolder } from "../src/folderStore.ts"
import { follow } from "../src/watchAfterRestart.ts"

const inProgress = (n: number) =>
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(n) }))

const [a, b, c] = [inProgress(1), inProgress(2), inProgress(3)]

/** Whether there was a poll, and its sessions are stored. */
const isStored = (listed: ReadonlyArray<typeof a>) =>
  Effect.gen(function*() {
    const { calls } = yield* CallJournal.CallJournal
    const stored = Option.getOrElse(yield* (yield* KeyValueStore.KeyValueStore).get("in-progress"), () => "")
    const count = stored.match(/"record_on_start"/g)?.length ?? 0
    return (yield* calls).length > 0 && count === listed.length && listed.every(({ id }) => stored.includes(id))
  })

/** The changes of one run of the program, which is interrupted after its first poll. */
const run = (listed: ReadonlyArray<typeof a>) =>
  Effect.gen(function*() {
    const changes: Array<string> = []
    const watch = follow(({ _tag, session }) => Effect.sync(() => void changes.push(`${_tag} ${session.id}`)))
    const fiber = yield* Effect.fork(watch)
    const hasEnded = Effect.map(Fiber.poll(fiber), Option.isSome)
    const step = Effect.zipRight(
      TestServices.provideLive(Effect.sleep("2 millis")),
      Effect.all([isStored(listed), hasEnded])
    )
    yield* Effect.repeat(step, { until: ([stored, ended]) => stored || ended })
    yield* Fiber.interrupt(fiber)
    return changes
  }).pipe(Effect.provide(RoomSessionsTest.layerScript([Script.page(listed)])))

const restarts = Effect.gen(function*() {
  assert.deepStrictEqual(yield* run([a, b]), [`Started ${a.id}`, `Started ${b.id}`])
  assert.deepStrictEqual(yield* run([b, c]), [`Started ${c.id}`, `Ended ${a.id}`])
  assert.deepStrictEqual(yield* run([b, c]), [])
})

it.effect("after a restart, what started and ended meanwhile is handled, and nothing twice", () =>
  Effect.provide(restarts, KeyValueStore.layerMemory))

it.scoped("a folder as the store has one file for the sessions, which is replaced as a whole", () =>
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    const folder = yield* files.makeTempDirectoryScoped()
    yield* Effect.provide(restarts, layerFolder(folder))
    assert.deepStrictEqual(yield* files.readDirectory(folder), ["in-progress"])

    // a process that is killed while it writes leaves the file as it was
    const written = yield* files.readFileString(`${folder}/in-progress`)
    const killed = Layer.succeed(FileSystem.FileSystem, { ...files, rename: () => Effect.interrupt })
    yield* Effect.exit(Effect.provide(run([a]), Layer.provide(layerFolder(folder), killed)))
    assert.strictEqual(yield* files.readFileString(`${folder}/in-progress`), written)
  }).pipe(Effect.provide(NodeContext.layer)))

it.effect("many sessions are stored once for a poll", () => {
  let stored = 0
  const counted = Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.map(KeyValueStore.KeyValueStore, store =>
      KeyValueStore.make({
        ...store,
        set: (key, value) => Effect.zipRight(Effect.sync(() => stored++), store.set(key, value))
      }))
  ).pipe(Layer.provide(KeyValueStore.layerMemory))
  return Effect.gen(function*() {
    const many = Array.from({ length: 50 }, (_, index) => inProgress(index + 1))
    assert.lengthOf(yield* run(many), 50)
    assert.strictEqual(stored, 1)
  }).pipe(Effect.provide(counted))
})
