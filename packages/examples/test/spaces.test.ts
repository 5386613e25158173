import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { AmericaSessions, EuropeSessions, spaces } from "../src/spaces.ts"

const startSpace = (prefix: string) =>
  Effect.gen(function*() {
    const session = RoomSessionFixture.completed({ name: `in ${prefix}` })
    const layer = SandboxSpace.layerTestWith({
      sessions: [session],
      projectId: `project-${prefix}`,
      apiToken: Redacted.make(`token-${prefix}`)
    })
    const sandbox = Context.get(yield* Layer.build(layer), SandboxSpace.SandboxSpace)
    vi.stubEnv(`${prefix}_SPACE`, sandbox.url)
    vi.stubEnv(`${prefix}_PROJECT_ID`, sandbox.projectId)
    vi.stubEnv(`${prefix}_API_TOKEN`, Redacted.value(sandbox.apiToken))
    return session
  })

it.live("two spaces in one process have credentials of their own", () =>
  Effect.gen(function*() {
    const { id } = yield* startSpace("EU")
    yield* startSpace("US")
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
