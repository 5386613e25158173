import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, Layer, Stream, TestClock } from "effect"
import { idsResponse } from "../src/tenantIds.ts"
import { Spaces, TenantNotFound, Tenants } from "../src/tenants.ts"

const spaces = Layer.unwrapEffect(
  Effect.map(SandboxSpace.SandboxSpace, ({ options }) =>
    Layer.provide(
      Spaces.layer,
      Layer.succeed(Tenants, {
        find: tenant => tenant === "acme" ? Effect.succeed(options) : Effect.fail(new TenantNotFound({ tenant }))
      })
    ))
)

it.scoped("a response that is read for longer than idleTimeToLive has all pages", () =>
  Effect.gen(function*() {
    const { body } = yield* idsResponse("acme")
    if (body._tag !== "Stream") return assert.fail(body._tag)
    const lines = body.stream.pipe(
      Stream.decodeText(),
      Stream.chunks,
      // the client would be idle for ten minutes between two pages
      Stream.tap(() => TestClock.adjust("11 minutes")),
      Stream.flattenChunks,
      Stream.splitLines
    )
    assert.lengthOf(Chunk.toReadonlyArray(yield* Stream.runCollect(lines)), 1500)
  }).pipe(
    Effect.provide(Layer.provideMerge(spaces, SandboxSpace.layerTestWith({ generate: 1500 })))
  ))

it.scoped("a tenant that does not exist is an error, and no response that ends early", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* Effect.flip(idsResponse("nobody")), new TenantNotFound({ tenant: "nobody" }))
  }).pipe(
    Effect.provide(Layer.provideMerge(spaces, SandboxSpace.layerTest))
  ))
