import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { cachedStatusOf } from "../src/cachedTenants.ts"
import { Spaces, Tenants } from "../src/tenants.ts"

const [seed] = SandboxSpace.seeds

it.live("each tenant has a cache, which an invalidated client takes along", () =>
  Effect.gen(function*() {
    const { options, requests } = yield* SandboxSpace.SandboxSpace
    const tenants = Layer.succeed(Tenants, { find: () => Effect.succeed(options) })
    yield* Effect.gen(function*() {
      yield* Effect.replicateEffect(cachedStatusOf("acme", seed.id), 20, { concurrency: "unbounded" })
      yield* Effect.replicateEffect(cachedStatusOf("acme", seed.id), 5)
      assert.lengthOf(yield* requests, 1)
      yield* cachedStatusOf("other", seed.id)
      assert.lengthOf(yield* requests, 2)
      yield* Spaces.invalidate("acme")
      yield* cachedStatusOf("acme", seed.id)
      assert.lengthOf(yield* requests, 3)
    }).pipe(Effect.provide(Layer.provide(Spaces.layer, tenants)))
  }).pipe(Effect.provide(SandboxSpace.layerTest)))
