/** The reasons why `SpaceMap` is not a `LayerMap` of Effect (docs/decisions/space-map.md). A test that fails means that a reason is gone. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, LayerMap, Scope } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"

class Client extends Context.Tag("Client")<Client, number>() {}

describe("LayerMap of Effect", () => {
  it.scopedLive("an error of a lookup is remembered for the idle time", () =>
    Effect.gen(function*() {
      let lookups = 0
      const lookup = () =>
        Layer.effect(Client, Effect.suspend(() => ++lookups === 1 ? Effect.fail("error") : Effect.succeed(1)))
      const map = yield* LayerMap.make(lookup, { idleTimeToLive: "1 minute" })
      const use = Effect.exit(Effect.provide(Client, map.get("key")))
      assert.deepStrictEqual([yield* use, yield* use], [Exit.fail("error"), Exit.fail("error")])
    }))

  it.scopedLive("its entries are closed one after the other", () =>
    Effect.gen(function*() {
      let [closing, most] = [0, 0]
      const release = Effect.gen(function*() {
        most = Math.max(most, ++closing)
        yield* Effect.sleep("5 millis")
        closing--
      })
      const scope = yield* Scope.make()
      const map = yield* LayerMap.make(
        (key: number) => Layer.scoped(Client, Effect.acquireRelease(Effect.succeed(key), () => release)),
        { idleTimeToLive: "1 minute" }
      ).pipe(Scope.extend(scope))
      yield* Effect.forEach([1, 2, 3], key => Effect.provide(Client, map.get(key)))
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(most, 1)
    }))

  it.scopedLive("the last release of an invalidated entry removes the entry that replaced it, although it is in use", () =>
    Effect.gen(function*() {
      let made = 0
      const map = yield* LayerMap.make(() => Layer.effect(Client, Effect.sync(() => ++made)), {
        idleTimeToLive: "10 millis"
      })
      const old = yield* Scope.make()
      yield* Layer.buildWithScope(map.get("key"), old)
      yield* map.invalidate("key")
      yield* Layer.build(map.get("key"))
      yield* Scope.close(old, Exit.void)
      yield* Effect.sleep("100 millis")
      assert.strictEqual(yield* Effect.provide(Client, map.get("key")), 3)
    }))

  it.scopedLive("code of a caller that waits for a first use runs in the asynchronous context of another caller", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const lookup = () => Layer.effect(Client, Effect.delay(Effect.succeed(1), "10 millis"))
      const map = yield* LayerMap.make(lookup, { idleTimeToLive: "1 minute" })
      const store = Effect.provide(Effect.sync(() => storage.getStore()), map.get("key"))
      const stores = yield* Effect.promise(() =>
        Promise.all(["a", "b"].map(caller => storage.run(caller, () => Effect.runPromise(store))))
      )
      assert.deepStrictEqual(stores, ["a", "a"])
    }))
})
