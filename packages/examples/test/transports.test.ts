/** The same behavior over every transport, against a real server. */
import { type RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { FetchHttpClient, type HttpClient } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, type ConfigError, Effect, Equal, Fiber, Layer, Redacted } from "effect"

type LayerOf = (options: SignalWireClient.Options) => Layer.Layer<RoomSessions.RoomSessions, ConfigError.ConfigError>

const over = (transport: Layer.Layer<HttpClient.HttpClient>): LayerOf => options =>
  RoomSessions.layer.pipe(Layer.provide(SignalWireClient.layer(options)), Layer.provide(transport))

const transports: ReadonlyArray<readonly [name: string, layerOf: LayerOf]> = [
  ["undici's dispatch, as NodeSignalWire has it", NodeSignalWire.layer],
  ["undici", over(NodeHttpClient.layerUndici)],
  ["node:http", over(NodeHttpClient.layer)],
  ["fetch", over(FetchHttpClient.layer)]
]

/** Long attempt timeouts for slow machines, and short delays between attempts. */
const policy: RequestPolicy.Options = {
  attemptTimeout: "30 seconds",
  deadline: "1 minute",
  baseDelay: "20 millis"
}

const [known] = SandboxSpace.seeds
const unknownId = "ffffffff-ffff-4fff-8fff-ffffffffffff"

// concurrent: each test has a sandbox and a client of its own
describe.concurrent.each(transports)("over %s", (_, layerOf) => {
  /** One call of a new client, by default to the sandbox. */
  const get = (id: string, changes: Partial<SignalWireClient.Options> = {}) =>
    Effect.flatMap(
      SandboxSpace.SandboxSpace,
      ({ options }) =>
        Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
          Effect.provide(Layer.orDie(layerOf({ ...options, policy, ...changes })))
        )
    )

  const requests = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => sandbox.requests)
  const respondNext = (...responses: ReadonlyArray<SandboxSpace.Response>) =>
    Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => sandbox.respondNext(...responses))

  const test = <E>(name: string, run: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
    it.live(name, () => Effect.provide(run, SandboxSpace.layerTest))

  test(
    "every session that exists is found",
    Effect.gen(function*() {
      for (const seed of SandboxSpace.seeds) assert.isTrue(Equal.equals(yield* get(seed.id), seed))
      assert.isTrue((yield* requests).every(({ authorized, status }) => authorized && status === 200))
    })
  )

  test(
    "an id that no session has is NotFound",
    Effect.gen(function*() {
      assert.include(yield* Effect.flip(get(unknownId)), { _tag: "SignalWireNotFound", status: 404, attempts: 1 })
      assert.strictEqual((yield* requests).length, 1)
    })
  )

  test(
    "an id that is not a UUID is not sent",
    Effect.gen(function*() {
      assert.include(yield* Effect.flip(get("../admin")), { _tag: "SignalWireInvalidRequest", attempts: 0 })
      assert.strictEqual((yield* requests).length, 0)
    })
  )

  test(
    "a wrong token is Unauthorized after one request",
    Effect.gen(function*() {
      const error = yield* Effect.flip(get(known.id, { apiToken: Redacted.make("wrong") }))
      assert.include(error, { _tag: "SignalWireUnauthorized", status: 401, attempts: 1 })
      assert.strictEqual((yield* requests).length, 1)
    })
  )

  test(
    "two 500s and then a 200 are the session",
    Effect.gen(function*() {
      yield* respondNext(500, 500)
      assert.strictEqual((yield* get(known.id)).id, known.id)
      assert.deepStrictEqual((yield* requests).map(({ status }) => status), [500, 500, 200])
    })
  )

  test(
    "a 500 in every attempt is InternalServerError after three requests",
    Effect.gen(function*() {
      yield* respondNext(...Array.from({ length: 10 }, () => 500))
      assert.include(yield* Effect.flip(get(known.id)), {
        _tag: "SignalWireInternalServerError",
        status: 500,
        attempts: 3
      })
      assert.strictEqual((yield* requests).length, 3)
    })
  )

  test(
    "a 503 with Retry-After is retried no earlier than it asks",
    Effect.gen(function*() {
      yield* respondNext({ status: 503, headers: { "retry-after": "1" } })
      const begun = yield* Clock.currentTimeMillis
      yield* get(known.id)
      assert.isAtLeast((yield* Clock.currentTimeMillis) - begun, 1000)
    })
  )

  test(
    "a body that is not a session is InvalidResponse after one request",
    Effect.gen(function*() {
      yield* respondNext({ status: 200, body: "{\"id\":1}" })
      assert.include(yield* Effect.flip(get(known.id)), {
        _tag: "SignalWireInvalidResponse",
        reason: "SchemaMismatch",
        path: "id"
      })
      yield* respondNext({ status: 200, body: " ".repeat(2_000_000) })
      assert.include(yield* Effect.flip(get(known.id)), { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
      assert.strictEqual((yield* requests).length, 2)
    })
  )

  test(
    "a redirect is not followed",
    Effect.gen(function*() {
      yield* respondNext({ status: 302, headers: { location: `/api/video/room_sessions/${known.id}` } })
      assert.include(yield* Effect.flip(get(known.id)), { _tag: "SignalWireUnexpectedStatus", status: 302 })
      assert.strictEqual((yield* requests).length, 1)
    })
  )

  test(
    "a closed port is TransportError Refused after three attempts",
    Effect.gen(function*() {
      const gone = yield* Effect.provide(SandboxSpace.SandboxSpace, Layer.fresh(SandboxSpace.layerTest))
      const error = yield* Effect.flip(get(known.id, gone.options))
      assert.include(error, {
        _tag: "SignalWireTransportError",
        reason: "Refused",
        code: "ECONNREFUSED",
        attempts: 3
      })
    })
  )

  test(
    "a response later than the attempt timeout is RequestTimeout",
    Effect.gen(function*() {
      yield* respondNext({ delay: "1 hour" }, { delay: "1 hour" })
      const error = yield* Effect.flip(
        get(known.id, { policy: { attemptTimeout: "100 millis", baseDelay: "2 millis", maxRetries: 1 } })
      )
      assert.include(error, { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 2 })
    })
  )

  test(
    "one late response is retried",
    Effect.gen(function*() {
      yield* respondNext({ delay: "1 hour" })
      const session = yield* get(known.id, { policy: { ...policy, attemptTimeout: "2 seconds" } })
      assert.strictEqual(session.id, known.id)
    })
  )

  test(
    "an interrupted call ends at once and sends nothing more",
    Effect.gen(function*() {
      yield* respondNext({ delay: "1 hour" })
      const call = yield* Effect.fork(get(known.id))
      yield* Effect.repeat(Effect.zipRight(Effect.sleep("5 millis"), requests), {
        until: received => received.length === 1
      })
      const begun = yield* Clock.currentTimeMillis
      yield* Fiber.interrupt(call)
      // long before the attempt times out
      assert.isBelow((yield* Clock.currentTimeMillis) - begun, 10_000)
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual((yield* requests).map(({ status }) => status), [undefined])
    })
  )

  test(
    "concurrent calls each get their own session",
    Effect.gen(function*() {
      const { options } = yield* SandboxSpace.SandboxSpace
      const ids = Array.from(
        { length: 40 },
        (_, index) => SandboxSpace.seeds[index % SandboxSpace.seeds.length] ?? known
      )
      const found = yield* Effect.flatMap(
        RoomSessions.RoomSessions,
        sessions => Effect.forEach(ids, ({ id }) => sessions.get(id), { concurrency: "unbounded" })
      ).pipe(
        Effect.provide(Layer.orDie(layerOf(options)))
      )
      assert.deepStrictEqual(found.map(({ id }) => id), ids.map(({ id }) => id))
    })
  )
})
