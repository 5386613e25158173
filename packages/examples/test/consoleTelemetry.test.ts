import { RoomSessions } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { inspect } from "node:util"
import { live } from "../src/consoleTelemetry.ts"

it.live("a call prints its spans, and the metrics when the layer is closed", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
    const dir = vi.spyOn(console, "dir").mockImplementation(() => {})
    yield* Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.listPage()).pipe(Effect.provide(live))
    const printed = dir.mock.calls.map(([one]) => inspect(one, { depth: null }))
    assert.isTrue(printed.some(text => text.includes("name: 'RoomSessions.list'")))
    assert.isTrue(printed.some(text => text.includes("name: 'http.client.request.duration'")))
    assert.notInclude(printed.join(), Redacted.value(sandbox.apiToken))
  }).pipe(
    Effect.ensuring(Effect.sync(() => {
      vi.unstubAllEnvs()
      vi.restoreAllMocks()
    })),
    Effect.provide(SandboxSpace.layerTest)
  ))
