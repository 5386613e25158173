import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, TestClock } from "effect"
import { AmericaSessions, EuropeSessions, spaces } from "../src/spaces.ts"
import { Spaces, statusOf, TenantNotFound, Tenants } from "../src/tenants.ts"

const startSpace = (name: string) =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.completed({ name: `in ${name}` })
    const layer = SandboxSpace.layerTestWith({
      sessions: [session],
      projectId: `project-${name}`,
      apiToken: Redacted.make(`token-${name}`)
    })
    return { session, sandbox: Context.get(yield* Layer.build(layer), SandboxSpace.SandboxSpace) }
  })

const startWithVariables = (prefix: string) =>
  Effect.map(startSpace(prefix), ({ sandbox, session }) => {
    vi.stubEnv(`${prefix}_SIGNALWIRE_SPACE`, sandbox.url)
    vi.stubEnv(`${prefix}_SIGNALWIRE_PROJECT_ID`, sandbox.projectId)
    vi.stubEnv(`${prefix}_SIGNALWIRE_API_TOKEN`, Redacted.value(sandbox.apiToken))
    return session
  })

it.live("two spaces in one process have credentials of their own, from variables with a prefix", () =>
  Effect.gen(function*() {
    const { id } = yield* startWithVariables("EU")
    yield* startWithVariables("US")
    const names = yield* Effect.gen(function*() {
      const europe = yield* EuropeSessions
      const america = yield* AmericaSessions
      return [(yield* europe.get(id)).name, (yield* america.get(id)).name]
    }).pipe(Effect.provide(spaces))
    assert.deepStrictEqual(names, ["in EU", "in US"])
  }).pipe(
    Effect.scoped,
    Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs()))
  ))

it.scopedLive("each tenant has a client of its own, with the options of the database", () =>
  Effect.gen(function*() {
    const [acme, other] = [yield* startSpace("acme"), yield* startSpace("other")]
    const tenants = Layer.succeed(Tenants, {
      find: tenant =>
        tenant === "acme" ?
          Effect.succeed(acme.sandbox.options)
          : tenant === "other" ?
          Effect.succeed(other.sandbox.options)
          : Effect.fail(new TenantNotFound({ tenant }))
    })
    yield* Effect.gen(function*() {
      for (const tenant of ["acme", "other"]) {
        assert.strictEqual(yield* statusOf(tenant, acme.session.id), "completed")
      }
      yield* Spaces.invalidate("acme")
      assert.strictEqual(yield* statusOf("acme", acme.session.id), "completed")
      const error = yield* Effect.flip(statusOf("nobody", acme.session.id))
      assert.deepStrictEqual(error, new TenantNotFound({ tenant: "nobody" }))
    }).pipe(Effect.provide(Layer.provide(Spaces.layer, tenants)))
    assert.deepStrictEqual(
      [(yield* acme.sandbox.requests).length, (yield* other.sandbox.requests).length],
      [2, 1]
    )
  }))

it.scopedLive("after a rotation, 20 concurrent calls with the old token look up the new one once", () =>
  Effect.gen(function*() {
    const { sandbox, session } = yield* startSpace("acme")
    const found = [{ ...sandbox.options, apiToken: Redacted.make("old") }, sandbox.options]
    let lookups = 0
    const tenants = Layer.succeed(Tenants, { find: () => Effect.sync(() => found[lookups++] ?? sandbox.options) })
    const statuses = yield* Effect.replicateEffect(statusOf("acme", session.id), 20, { concurrency: "unbounded" }).pipe(
      Effect.provide(Layer.provide(Spaces.layer, tenants))
    )
    assert.isTrue(statuses.every(status => status === "completed"))
    assert.strictEqual(lookups, 2)
  }))

it.scoped("a token that stays wrong is looked up again once a minute", () =>
  Effect.gen(function*() {
    const { sandbox, session } = yield* startSpace("acme")
    let lookups = 0
    const wrong = { ...sandbox.options, apiToken: Redacted.make("old") }
    const tenants = Layer.succeed(Tenants, {
      find: () => {
        lookups++
        return Effect.succeed(wrong)
      }
    })
    const call = Effect.flip(statusOf("acme", session.id))
    yield* Effect.gen(function*() {
      assert.strictEqual((yield* call)._tag, "SignalWireUnauthorized")
      assert.strictEqual(lookups, 2)
      yield* Effect.replicateEffect(call, 3)
      assert.strictEqual(lookups, 2)
      yield* TestClock.adjust("61 seconds")
      yield* Effect.replicateEffect(call, 3)
      assert.strictEqual(lookups, 3)
    }).pipe(Effect.provide(Layer.provide(Spaces.layer, tenants)))
  }))
