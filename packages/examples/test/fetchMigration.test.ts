import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it, vi } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { compared, getSession, live, runtime, sessionsInProgress } from "../src/fetchMigration.ts"

it.live("the functions of the old code have the same results, and differences are reported", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    vi.stubEnv("SW_URL", sandbox.url)
    vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
    vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
    const [{ id }] = SandboxSpace.seeds

    yield* Effect.promise(async () => {
      const authorization = `Basic ${btoa(`${sandbox.projectId}:${Redacted.value(sandbox.apiToken)}`)}`
      const response = await fetch(`${sandbox.url}/api/video/room_sessions/${id}`, { headers: { authorization } })
      assert.deepStrictEqual<unknown>(await getSession(id), await response.json())
      assert.isNull(await getSession("ffffffff-ffff-4fff-8fff-ffffffffffff"))
      assert.isNull(await getSession("not-a-uuid"))

      const statuses: Array<unknown> = []
      for await (const { status } of sessionsInProgress()) statuses.push(status)
      assert.deepStrictEqual(statuses, ["in-progress", "in-progress"])

      const reported: Array<string> = []
      const report = (difference: string) => reported.push(difference)
      assert.strictEqual((await compared(getSession, report)(id))?.status, "completed")
      const other = { ...await getSession(id), status: "in-progress" }
      assert.strictEqual(await compared(async () => other, report)(id), other)
      await vi.waitUntil(() => reported.length > 0)
      assert.deepStrictEqual(reported, [`${id}: status`])
    })

    yield* sandbox.respondNext(401)
    yield* Effect.promise(async () => {
      const reported: Array<string> = []
      assert.isNull(await compared(async () => null, difference => reported.push(difference))(id))
      await vi.waitUntil(() => reported.length > 0)
      assert.match(reported.join(), /: \(FiberFailure\) SignalWireUnauthorized: RoomSessions\.get: not authorized/)
    })
  }).pipe(
    Effect.ensuring(Effect.promise(async () => {
      vi.unstubAllEnvs()
      await runtime.dispose()
    })),
    Effect.provide(SandboxSpace.layerTest)
  ))

it.effect("the variable of the old code is read, and where it is not set SIGNALWIRE_SPACE", () =>
  Effect.gen(function*() {
    const isConfigured = (variables: Readonly<Record<string, string>>) =>
      Effect.isSuccess(Effect.scoped(Layer.build(live))).pipe(
        Effect.withConfigProvider(ConfigProvider.fromMap(
          new Map(Object.entries({ SIGNALWIRE_PROJECT_ID: "project", SIGNALWIRE_API_TOKEN: "token", ...variables }))
        ))
      )
    assert.isTrue(yield* isConfigured({ SW_URL: "https://acme.signalwire.com", SIGNALWIRE_SPACE: "?" }))
    assert.isTrue(yield* isConfigured({ SIGNALWIRE_SPACE: "acme" }))
    assert.isFalse(yield* isConfigured({}))
  }))
