import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { live, shownStatus } from "../src/caching.ts"

it.live("the cached layer reads a session from the sandbox", () =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.completed()
    const layer = SandboxSpace.layerTestWith({ sessions: [session] })
    const sandbox = Context.get(yield* Layer.build(layer), SandboxSpace.SandboxSpace)
    vi.stubEnv("SIGNALWIRE_SPACE", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
    const statuses = yield* Effect.zip(shownStatus(session.id), shownStatus(session.id)).pipe(Effect.provide(live))
    assert.deepStrictEqual(statuses, ["completed", "completed"])
  }).pipe(
    Effect.scoped,
    Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs()))
  ))
