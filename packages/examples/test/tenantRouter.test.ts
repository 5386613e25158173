import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { HttpServerRequest } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, HashMap, Layer, Logger } from "effect"
import { router } from "../src/tenantRouter.ts"
import { Spaces, TenantNotFound, Tenants } from "../src/tenants.ts"

const session = RoomSessionFixture.completed()

/** The status of the response to a request of a tenant. */
const get = (tenant: string, id: string) =>
  Effect.provideService(
    router,
    HttpServerRequest.HttpServerRequest,
    HttpServerRequest.fromWeb(
      new Request(`http://localhost/meetings/${id}`, { headers: { "x-tenant": tenant } })
    )
  ).pipe(Effect.map(({ status }) => status))

/** A test layer for each tenant, in place of its client. */
const spaces = Layer.succeed(Spaces, {
  get: tenant => {
    if (tenant === "acme") return RoomSessionsTest.layer([session])
    if (tenant === "rotated") return RoomSessionsTest.layerScript([new SignalWireError.Unauthorized()])
    return Layer.fail(new TenantNotFound({ tenant }))
  },
  invalidate: () => Effect.void,
  refresh: () => Effect.void
})

it.effect("a session is that of the tenant of the request", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* get("acme", session.id), 200)
    assert.strictEqual(yield* get("acme", RoomSessionFixture.id(2)), 404)
    assert.strictEqual(yield* get("nobody", session.id), 404)
  }).pipe(Effect.provide(spaces)))

it.effect("a log line has its tenant", () => {
  const tenants: Array<unknown> = []
  const logger = Logger.make(({ annotations }) => tenants.push(HashMap.unsafeGet(annotations, "tenant")))
  return Effect.gen(function*() {
    assert.strictEqual(yield* get("rotated", session.id), 502)
    assert.deepStrictEqual(tenants, ["rotated"])
  }).pipe(Effect.provide([spaces, Logger.replace(Logger.defaultLogger, logger)]))
})

it.live("a tenant has the options of the database, over a real socket", () =>
  Effect.gen(function*() {
    const { options } = yield* SandboxSpace.SandboxSpace
    const tenants = Layer.succeed(Tenants, { find: () => Effect.succeed(options) })
    const status = yield* get("acme", session.id).pipe(Effect.provide(Layer.provide(Spaces.layer, tenants)))
    assert.strictEqual(status, 200)
  }).pipe(Effect.provide(SandboxSpace.layerTestWith({ sessions: [session] }))))
