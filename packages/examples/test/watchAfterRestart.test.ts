import { CallJournal, RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { FileSystem, KeyValueStore } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Schema, TestServices } from "effect"
import { layerFolder } from "../src/folderStore.ts"
import { follow } from "../src/watchAfterRestart.ts"

const inProgress = (n: number) =>
  RoomSessionFixture.listed(RoomSessionFixture.inProgress({ id: RoomSessionFixture.id(n) }))

const [a, b, c] = [inProgress(1), inProgress(2), inProgress(3)]

const decodeState = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({
  inProgress: Schema.Array(Schema.Struct({ id: Schema.String })),
  pending: Schema.Array(Schema.Unknown)
})))

/** Whether there was a poll, its sessions are stored, and its changes are handled. */
const isStored = (listed: ReadonlyArray<typeof a>) =>
  Effect.gen(function*() {
    const { calls } = yield* CallJournal.CallJournal
    const text = Option.getOrElse(yield* (yield* KeyValueStore.KeyValueStore).get("in-progress"), () => "")
    const { inProgress, pending } = Option.getOrElse(decodeState(text), () => ({ inProgress: [], pending: [] }))
    const stored = new Set(inProgress.map(({ id }) => id))
    return (yield* calls).length > 0 && pending.length === 0 && stored.size === listed.length &&
      listed.every(({ id }) => stored.has(id))
  })

/**
 * The changes of one run of the program, which is interrupted after its first poll.
 *
 * @param step runs before and after each change is handled
 */
const run = (listed: ReadonlyArray<typeof a>, step: Effect.Effect<void> = Effect.void) =>
  Effect.gen(function*() {
    const changes: Array<string> = []
    const watch = follow(({ _tag, session }) =>
      step.pipe(
        Effect.zipRight(Effect.sync(() => void changes.push(`${_tag} ${session.id}`))),
        Effect.zipRight(step)
      )
    )
    const fiber = yield* Effect.fork(watch)
    const hasEnded = Effect.map(Fiber.poll(fiber), Option.isSome)
    const look = Effect.zipRight(
      TestServices.provideLive(Effect.sleep("2 millis")),
      Effect.all([isStored(listed), hasEnded])
    )
    yield* Effect.repeat(look, { until: ([stored, ended]) => stored || ended })
    yield* Fiber.interrupt(fiber)
    return changes
  }).pipe(Effect.provide(RoomSessionsTest.layer({ sessions: listed })))

/** A run whose process is killed at a point: the points are before and after each change is handled and each write to the store. */
const runKilled = (listed: ReadonlyArray<typeof a>, killedAt: number) =>
  Effect.gen(function*() {
    let points = 0
    const step = Effect.suspend(() => ++points >= killedAt ? Effect.die("killed") : Effect.void)
    const store = yield* KeyValueStore.KeyValueStore
    const killed = KeyValueStore.make({
      ...store,
      set: (key, value) => step.pipe(Effect.zipRight(store.set(key, value)), Effect.zipLeft(step))
    })
    const changes = yield* Effect.provideService(run(listed, step), KeyValueStore.KeyValueStore, killed)
    return { changes, isKilled: points >= killedAt }
  })

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

const withFolder = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped()
  const storeOver = (changes: Partial<FileSystem.FileSystem>) =>
    Effect.provide(
      KeyValueStore.KeyValueStore,
      Layer.provide(layerFolder(folder), Layer.succeed(FileSystem.FileSystem, { ...files, ...changes }))
    )
  return { files, folder, storeOver }
})

it.scoped("two processes can write one key of a folder at the same time, and the value is that of one of them", () =>
  Effect.gen(function*() {
    const { files, folder, storeOver } = yield* withFolder
    const stores = [yield* storeOver({}), yield* storeOver({})]
    const values = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(10_000 * (index + 1)))
    yield* Effect.forEach(
      values,
      (value, index) => Effect.forEach(stores, ({ set }) => set(`key ${index % 2}`, value)),
      {
        concurrency: "unbounded"
      }
    )
    const found = yield* Effect.forEach(
      ["key 0", "key 1"],
      key => Effect.flatten(stores[0]?.get(key) ?? Effect.die(key))
    )
    for (const value of found) assert.include(values, value)
    assert.sameMembers(yield* files.readDirectory(folder), ["key%200", "key%201"])
  }).pipe(Effect.provide(NodeContext.layer)))

it.scoped("modify replaces the file of a key as set does", () =>
  Effect.gen(function*() {
    const { storeOver } = yield* withFolder
    const store = yield* storeOver({})
    yield* store.set("key", "old")
    const { modify, modifyUint8Array } = yield* storeOver({ rename: () => Effect.die("killed") })
    yield* Effect.exit(modify("key", () => "new"))
    yield* Effect.exit(modifyUint8Array("key", () => new Uint8Array([1])))
    assert.deepStrictEqual(yield* store.get("key"), Option.some("old"))
    assert.deepStrictEqual(yield* store.modify("key", old => `${old}er`), Option.some("older"))
    assert.deepStrictEqual(yield* store.get("key"), Option.some("older"))
  }).pipe(Effect.provide(NodeContext.layer)))

it.scoped("a write to a folder that fails leaves the value as it was, and no other file", () =>
  Effect.gen(function*() {
    const { files, folder, storeOver } = yield* withFolder
    yield* (yield* storeOver({})).set("key", "old")
    const { set } = yield* storeOver({ rename: () => Effect.die("killed") })
    yield* Effect.exit(set("key", "new"))
    assert.strictEqual(yield* files.readFileString(`${folder}/key`), "old")
    assert.deepStrictEqual(yield* files.readDirectory(folder), ["key"])
  }).pipe(Effect.provide(NodeContext.layer)))

it.effect("a process that is killed at any point handles each change at least once, in order, and loses none", () =>
  Effect.gen(function*() {
    const changes = [`Started ${a.id}`, `Started ${b.id}`, `Started ${c.id}`, `Ended ${a.id}`]
    // the runs have 8 and, with the changes of the one before, 14 points
    for (let first = 1; first <= 9; first++) {
      for (let second = 1; second <= 15; second++) {
        yield* Effect.gen(function*() {
          const one = yield* runKilled([a, b], first)
          const two = yield* runKilled([b, c], second)
          const handled = [...one.changes, ...two.changes, ...yield* run([b, c])]
          // before the first write nobody knows of the session that ended meanwhile
          const expected = first === 1 ? changes.filter(change => !change.endsWith(a.id)) : changes
          assert.deepStrictEqual([...new Set(handled)], expected, `killed at ${first} and ${second}`)
          if (first === 9) assert.isFalse(one.isKilled)
          if (second === 15) assert.isFalse(two.isKilled)
        }).pipe(Effect.provide(Layer.fresh(KeyValueStore.layerMemory)))
      }
    }
  }))

it.effect("an interruption ends a change that hangs, and the next start begins with it", () =>
  Effect.gen(function*() {
    const handled: Array<string> = []
    const watch = follow(({ session: { id } }) => id === b.id ? Effect.never : Effect.sync(() => void handled.push(id)))
      .pipe(Effect.provide(RoomSessionsTest.layer({ sessions: [a, b] })))
    const fiber = yield* Effect.fork(watch)
    const look = TestServices.provideLive(Effect.sleep("2 millis"))
    yield* Effect.repeat(look, { until: () => handled.length === 1 })
    yield* Fiber.interrupt(fiber)
    assert.deepStrictEqual(handled, [a.id])
    assert.deepStrictEqual(yield* run([a, b]), [`Started ${b.id}`])
  }).pipe(Effect.provide(KeyValueStore.layerMemory)))

it.effect("many sessions are stored twice for a poll, before and after its changes are handled", () => {
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
    assert.strictEqual(stored, 2)
    // a poll without changes
    assert.lengthOf(yield* run(many), 0)
    assert.strictEqual(stored, 2)
  }).pipe(Effect.provide(counted))
})
