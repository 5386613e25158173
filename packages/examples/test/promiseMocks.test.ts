/** What docs/migration.md says about tests of promises. */
import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { FetchHttpClient } from "@effect/platform"
import { assert, it, vi } from "@effect/vitest"
import { Layer, ManagedRuntime, Redacted } from "effect"
import { makeClient } from "../src/migration.ts"

const session = RoomSessionFixture.completed()

it("a mock of the global fetch is used over FetchHttpClient.layer", async () => {
  const runtime = ManagedRuntime.make(RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
    Layer.provide(FetchHttpClient.layer)
  ))
  const mock = vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(session))
  const found = await makeClient(runtime).getSession(session.id)
  mock.mockRestore()
  assert.strictEqual(found?.id, session.id)
  await runtime.dispose()
})

it("a response that was not used rejects dispose", async () => {
  const runtime = ManagedRuntime.make(
    RoomSessionsTest.layerTransport([ScriptedTransport.ok(session), ScriptedTransport.ok(session)])
  )
  await makeClient(runtime).getSession(session.id)
  const rejection = await runtime.dispose().then(() => "none", String)
  assert.include(rejection, "1 response of the script was not used")
})
