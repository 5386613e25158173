import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect, Redacted } from "effect"

const prints = (line: string, program: () => Promise<unknown>) =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
    const log = vi.spyOn(console, "log").mockImplementation(() => {})

    yield* Effect.promise(program)
    yield* Effect.promise(() => vi.waitFor(() => assert.deepStrictEqual(log.mock.calls, [[line]]), { timeout: 30_000 }))
  }).pipe(
    Effect.ensuring(Effect.sync(() => {
      vi.unstubAllEnvs()
      vi.restoreAllMocks()
    })),
    Effect.provide(SandboxSpace.layerTest)
  )

it.live("the application prints the status of a session", () =>
  prints("Design review is completed", () => import("../src/application.ts")))

it.live("the program of the first steps prints the minutes of a session", () =>
  prints("48 min", () => import("../src/printMinutes.ts")))
