import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Redacted, Stream } from "effect"
import { X509Certificate } from "node:crypto"
import { request } from "node:https"

const [first] = SandboxSpace.seeds

/** The body of the response to a request with the credentials of the sandbox; that of a list by default. */
const body = (
  { apiToken, ca = "", projectId, url }: SandboxSpace.Service,
  path = "/api/video/room_sessions"
) =>
  Effect.async<string>(resume => {
    const auth = `${projectId}:${Redacted.value(apiToken)}`
    request(url + path, { ca, auth }, response => {
      let text = ""
      response.on("data", chunk => text += String(chunk))
      response.once("end", () => resume(Effect.succeed(text)))
    }).end()
  })

describe("a sandbox with TLS", () => {
  it.live("a wired client trusts the certificate, gets links with https, and sees a reset as a reset", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const sessions = yield* RoomSessions.RoomSessions
      assert.match(sandbox.url, /^https:\/\/127\.0\.0\.1:/)
      assert.deepStrictEqual(yield* sessions.get(first.id), first)
      assert.strictEqual(Chunk.size(yield* Stream.runCollect(sessions.list({ page_size: 2 }))), 6)
      assert.include(yield* body(sandbox), `"self":"${sandbox.url}/api/video/room_sessions?`)
      yield* sandbox.faults({ type: "reset" })
      const error = yield* Effect.flip(sessions.get(first.id))
      assert.strictEqual("reason" in error ? error.reason : error._tag, "Reset")
      assert.strictEqual(new X509Certificate(sandbox.ca ?? "").checkHost("sandbox"), "sandbox")
    }).pipe(Effect.provide(
      SandboxSpace.layerWired(options => NodeSignalWire.layer({ ...options, policy: { maxRetries: 0 } }), {
        tls: true,
        hostNames: ["sandbox"]
      })
    )))

  it.live("the console has the certificate, and the command to copy uses it", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      assert.strictEqual(yield* body(sandbox, "/_console/ca.pem"), sandbox.ca)
      const connection = yield* body(sandbox, "/_sandbox/connection.json")
      assert.include(connection, "curl --cacert ca.pem -u sandbox-project:sandbox-token")
      assert.include(connection, "export SIGNALWIRE_REST_CA_FILE='ca.pem'")
    }).pipe(Effect.provide(SandboxSpace.layerTestWith({ tls: true, control: true }))))

  it.live("a client that does not trust the certificate fails with Tls, and nothing is recorded", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const error = yield* Effect.flip(Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(first.id)))
      assert.strictEqual("reason" in error ? error.reason : error._tag, "Tls")
      assert.deepStrictEqual(yield* sandbox.requests, [])
    }).pipe(Effect.provide(
      SandboxSpace.layerWired(({ ca: _ca, ...options }) => NodeSignalWire.layer(options), { tls: true })
    )))
})
