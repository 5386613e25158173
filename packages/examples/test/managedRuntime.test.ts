/** What docs/without-effect.md says about ManagedRuntime. */
import { SignalWireError } from "@effect-signalwire/core"
import { assert, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Fiber, Layer, ManagedRuntime, Runtime } from "effect"
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

it("code that another fiber resumes has the store of that fiber", async () => {
  const runtime = ManagedRuntime.make(Layer.empty)
  const deferred = await runtime.runPromise(Deferred.make<void>())
  const waiting = store.run(
    "waiting",
    () => runtime.runFork(Effect.map(Deferred.await(deferred), () => store.getStore()))
  )
  await store.run("completing", () => runtime.runPromise(Deferred.succeed(deferred, undefined)))
  assert.strictEqual(await runtime.runPromise(Fiber.join(waiting)), "completing")
  await runtime.dispose()
})

it("a rejection of runPromise is a FiberFailure with the error in its cause, and no instance of the error's class", async () => {
  const runtime = ManagedRuntime.make(Layer.empty)
  const error = new SignalWireError.NotFound()
  const rejection = await runtime.runPromise(error).then(() => undefined, (reason: unknown) => reason)
  assert.notInstanceOf(rejection, SignalWireError.NotFound)
  assert.isTrue(Runtime.isFiberFailure(rejection))
  if (Runtime.isFiberFailure(rejection)) {
    assert.deepStrictEqual(Cause.squash(rejection[Runtime.FiberFailureCauseId]), error)
  }
  await runtime.dispose()
})

it.each(["before", "during"])(
  "a signal that is aborted %s a call rejects it with an interruption, and no AbortError",
  async when => {
    const runtime = ManagedRuntime.make(Layer.empty)
    const controller = new AbortController()
    if (when === "before") controller.abort(new Error("closed"))
    const call = runtime.runPromise(Effect.never, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error("closed")), 1)
    const rejection = await call.then(() => undefined, (reason: unknown) => reason)
    assert.isTrue(controller.signal.aborted)
    assert.notInclude(String(rejection), "closed")
    assert.isTrue(Runtime.isFiberFailure(rejection))
    if (Runtime.isFiberFailure(rejection)) {
      assert.notStrictEqual(rejection.name, "AbortError")
      assert.isTrue(Cause.isInterruptedOnly(rejection[Runtime.FiberFailureCauseId]))
    }
    await runtime.dispose()
  }
)

it("a disposed runtime runs nothing more", async () => {
  const runtime = ManagedRuntime.make(Layer.succeed(Database, "connected"))
  await runtime.dispose()
  const rejection = await runtime.runPromise(Database).then(() => undefined, String)
  assert.include(rejection, "ManagedRuntime disposed")
})
