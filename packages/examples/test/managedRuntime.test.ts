/** What docs/without-effect.md says about ManagedRuntime. */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, ManagedRuntime } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"

const store = new AsyncLocalStorage<string>()

class Database extends Context.Tag("Database")<Database, string>() {}

const makeRuntime = () => ManagedRuntime.make(Layer.effect(Database, Effect.as(Effect.sleep("10 millis"), "connected")))

/** The stores that code of Effect has, of two calls at the same time. */
const storesOf = async (prepare: (runtime: ReturnType<typeof makeRuntime>) => Promise<unknown>) => {
  const runtime = makeRuntime()
  const call = (name: string) =>
    store.run(name, async () => {
      await prepare(runtime)
      return runtime.runPromise(Effect.map(Database, () => store.getStore()))
    })
  const stores = await Promise.all([call("first"), call("second")])
  await runtime.dispose()
  return stores
}

it("after await runtime.runtime(), the first calls each have their own store", async () => {
  assert.deepStrictEqual(await storesOf(runtime => runtime.runtime()), ["first", "second"])
})

it("calls that wait for a layer have the store of the call that builds it", async () => {
  assert.deepStrictEqual(await storesOf(() => Promise.resolve()), ["first", "first"])
})

it("a runtime builds its layer once, also for calls at the same time", async () => {
  let built = 0
  const runtime = ManagedRuntime.make(Layer.effect(Database, Effect.delay(Effect.sync(() => `${++built}`), "1 millis")))
  await Promise.all([1, 2, 3].map(() => runtime.runPromise(Database)))
  assert.strictEqual(built, 1)
  await runtime.dispose()
})
