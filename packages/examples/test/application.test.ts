import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect, Redacted } from "effect"

it.live("the application prints the status of a session", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
    const log = vi.spyOn(console, "log").mockImplementation(() => {})

    yield* Effect.promise(() => import("../src/application.ts"))
    yield* Effect.promise(() =>
      vi.waitFor(() => assert.deepStrictEqual(log.mock.calls, [["Design review is completed"]]), { timeout: 30_000 })
    )
  }).pipe(
    Effect.ensuring(Effect.sync(() => {
      vi.unstubAllEnvs()
      vi.restoreAllMocks()
    })),
    Effect.provide(SandboxSpace.layerTest)
  ))
