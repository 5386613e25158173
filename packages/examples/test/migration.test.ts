import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { getSession, runtime, sessionsInProgress } from "../src/migration.ts"

it.live("promises and an AsyncIterable take the place of the vendor's client", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))

    const [first] = SandboxSpace.seeds
    const session = yield* Effect.promise(() => getSession(first.id))
    assert.strictEqual(session?.display_name, "Design review")
    assert.isNull(yield* Effect.promise(() => getSession("ffffffff-ffff-4fff-8fff-ffffffffffff")))

    const statuses = yield* Effect.promise(async () => {
      const found: Array<string | null> = []
      for await (const { status } of await sessionsInProgress()) found.push(status)
      return found
    })
    assert.deepStrictEqual(statuses, ["in-progress", "in-progress"])
  }).pipe(
    Effect.ensuring(Effect.promise(async () => {
      vi.unstubAllEnvs()
      await runtime.dispose()
    })),
    Effect.provide(SandboxSpace.layerTest)
  ))
