import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { HttpClient, type HttpClientRequest } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, Layer, Logger, Redacted, TestClock } from "effect"
import { overFetchWith, overUndiciWith } from "../src/middleware.ts"
import { getWithErrorLog, getWithLog, nameOf, onBehalfOf, sign, withHeader, withLogLine } from "../src/requests.ts"

const session = RoomSessionFixture.completed()
const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))

/** Runs an effect with the environment variables of a sandbox. */
const inSandbox = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const { apiToken, projectId, url } = yield* SandboxSpace.SandboxSpace
    const environment = ConfigProvider.fromMap(
      new Map([
        ["SIGNALWIRE_REST_BASE_URL", url],
        ["SIGNALWIRE_PROJECT_ID", projectId],
        ["SIGNALWIRE_API_TOKEN", Redacted.value(apiToken)]
      ])
    )
    return yield* Effect.withConfigProvider(effect, environment)
  }).pipe(Effect.provide(SandboxSpace.layerTestWith({ sessions: [session] })))

const recordLogs = () => {
  const lines: Array<string> = []
  const logger = Logger.map(Logger.logfmtLogger, line => void lines.push(line))
  return { lines, layer: Logger.replace(Logger.defaultLogger, logger) }
}

/** Records the requests as the transforms below it have made them. */
const record = (requests: Array<HttpClientRequest.HttpClientRequest>) =>
  HttpClient.tapRequest((request: HttpClientRequest.HttpClientRequest) =>
    Effect.sync(() => void requests.push(request))
  )

it.live("the client with a header gets the session", () =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const call = SignalWireClient.withTransform(record(requests))(get)
    assert.strictEqual((yield* Effect.provide(call, withHeader)).id, session.id)
    assert.deepStrictEqual(requests.map(({ headers }) => headers["x-application"]), ["billing"])
  }).pipe(inSandbox))

it.live("the client with a log line logs each response", () =>
  Effect.gen(function*() {
    const { layer, lines } = recordLogs()
    yield* Effect.provide(get, Layer.merge(withLogLine, layer))
    assert.lengthOf(lines, 1)
    assert.match(lines[0] ?? "", /GET http:\/\/.*\/api\/video\/room_sessions\/[-0-9a-f]+: 200/)
  }).pipe(inSandbox))

it.effect("requests are signed anew for each attempt", () =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const transformClient = (client: HttpClient.HttpClient) => record(requests)(sign(Redacted.make("the key"))(client))
    const responses = [ScriptedTransport.status(500, { retryAfter: 0 }), ScriptedTransport.ok(session)]
    const call = Effect.fork(Effect.provide(get, RoomSessionsTest.layerTransport(responses, { transformClient })))
    const fiber = yield* call
    yield* TestClock.adjust("30 seconds")
    yield* Fiber.join(fiber)
    assert.lengthOf(requests, 2)
    for (const { headers } of requests) {
      assert.match(headers["x-date"] ?? "", /^1970-01-01T/)
      assert.match(headers["x-signature"] ?? "", /^[0-9a-f]{64}$/)
    }
  }))

/** Records the requests as they are sent, after the transforms around it. */
const recordLast = (requests: Array<HttpClientRequest.HttpClientRequest>) => (client: HttpClient.HttpClient) =>
  HttpClient.transform(client, (response, request) => {
    requests.push(request)
    return response
  })

it.effect("an effect on behalf of a tenant sends its name", () =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    yield* onBehalfOf("acme")(get).pipe(
      Effect.provide(
        RoomSessionsTest.layerTransport([ScriptedTransport.ok(session)], { transformClient: recordLast(requests) })
      )
    )
    assert.deepStrictEqual(requests.map(({ headers }) => headers["x-tenant"]), ["acme"])
  }))

it.effect("the log has the request id for support", () => {
  const { layer, lines } = recordLogs()
  return Effect.gen(function*() {
    assert.strictEqual(yield* nameOf(session.id), null)
    assert.strictEqual((yield* getWithLog(session.id)).id, session.id)
    assert.lengthOf(lines, 2)
    for (const text of [`requestId=${ScriptedTransport.requestId(1)}`, "status=404"]) assert.include(lines[0], text)
    assert.include(lines[1], "status=200")
  }).pipe(
    Effect.provide(Layer.merge(
      layer,
      RoomSessionsTest.layerTransport([ScriptedTransport.status(404), ScriptedTransport.ok(session)])
    ))
  )
})

it.effect("only an error is logged, with the request id for support", () => {
  const { layer, lines } = recordLogs()
  return Effect.gen(function*() {
    assert.strictEqual((yield* getWithErrorLog(session.id)).id, session.id)
    assert.lengthOf(lines, 0)
    assert.strictEqual((yield* Effect.flip(getWithErrorLog(session.id)))._tag, "SignalWireNotFound")
    assert.lengthOf(lines, 1)
    for (const text of ["level=ERROR", `requestId=${ScriptedTransport.requestId(2)}`, "status=404"]) {
      assert.include(lines[0], text)
    }
    // nothing was sent, so there is no information
    yield* Effect.flip(getWithErrorLog("1"))
    assert.include(lines[1], "id")
  }).pipe(
    Effect.provide(Layer.merge(
      layer,
      RoomSessionsTest.layerTransport([ScriptedTransport.ok(session), ScriptedTransport.status(404)])
    ))
  )
})

it.live("middleware of the HttpClient and a transport around undici's see the credentials", () =>
  Effect.gen(function*() {
    const seen: Array<string | undefined> = []
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const layers: ReadonlyArray<Layer.Layer<RoomSessions.RoomSessions, unknown>> = [
      overFetchWith(record(requests)),
      overUndiciWith(({ headers }) => void seen.push(headers["authorization"]))
    ]
    for (const layer of layers) assert.strictEqual((yield* Effect.provide(get, layer)).id, session.id)
    seen.push(...requests.map(({ headers }) => headers["authorization"]))
    assert.lengthOf(seen, 2)
    for (const value of seen) assert.match(value ?? "", /^Basic /)
  }).pipe(inSandbox))
