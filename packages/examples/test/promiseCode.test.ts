import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { FetchHttpClient } from "@effect/platform"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { assert, it } from "vitest"
import { makeClient } from "../src/migration.ts"

const session = RoomSessionFixture.completed()

it("a session is found after a 500", async () => {
  const runtime = ManagedRuntime.make(RoomSessionsTest.layerTransport(
    [ScriptedTransport.status(500), ScriptedTransport.ok(session)],
    // the clock is the real one
    { policy: { baseDelay: "1 millis" } }
  ))
  const found = await makeClient(runtime).getSession(session.id)
  assert.strictEqual(found?.status, "completed")
  // rejects when a response of the script was not used
  await runtime.dispose()
})

it("a session is found over HTTP", async () => {
  const runtime = ManagedRuntime.make(SandboxSpace.layerWired(NodeSignalWire.layer, { sessions: [session] }))
  await runtime.runPromise(Effect.flatMap(SandboxSpace.SandboxSpace, space => space.respondNext(503)))
  const found = await makeClient(runtime).getSession(session.id)
  assert.strictEqual(found?.status, "completed")
  await runtime.dispose()
})

/** The client over the `fetch` of a test, for tests of the old code. Without the last line it is the global `fetch`. */
const overFetch = (fetchImpl: typeof fetch) =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetchImpl))
  )

it("a session is found by the fetch of the test", async () => {
  const urls: Array<string> = []
  const runtime = ManagedRuntime.make(overFetch(async input => {
    urls.push(new Request(input).url)
    return Response.json(session)
  }))
  const found = await makeClient(runtime).getSession(session.id)
  assert.strictEqual(found?.status, "completed")
  assert.deepStrictEqual(urls, [`https://acme.signalwire.com/api/video/room_sessions/${session.id}`])
  await runtime.dispose()
})
