import { RoomSessions, SignalWireClient, SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { HttpClient, type HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Either, Exit, Fiber, Redacted, Stream, TestClock } from "effect"
import { inspect } from "node:util"
import { credentials, get, getOver, sessions } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { connectionError, json, noResponse, ok, type PlayedResponse, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const { withResponseInfo } = SignalWireClient

const otherId = "0a1b2c3d-4e5f-4a6b-8c7d-000000000002"

const headers = { "x-ratelimit-remaining": "41", "date": "Thu, 26 Nov 2026 09:00:00 GMT" }

const patience = <A, E, R>(effect: Effect.Effect<A, E, R>) => within("5 minutes")(shortestDelays(effect))

describe.concurrent.each(transports)("withResponseInfo over %s", (_, over) => {
  it.effect("a success has its status, request id, attempts and headers", () =>
    Effect.gen(function*() {
      const base = over(json(200, body(), { "x-request-id": "r-1", ...headers }))
      const { info, result } = yield* withResponseInfo(getOver(base))
      assert.strictEqual(Either.getOrThrow(result).id, sessionId)
      assert.deepStrictEqual(info, {
        operation: "RoomSessions.get",
        status: 200,
        requestId: "r-1",
        attempts: 1,
        requestsSent: 1,
        elapsed: Duration.zero,
        headers: { "content-type": "application/json", "x-request-id": "r-1", ...headers }
      })
    }))

  it.effect("an error has them too, and catchTag handles it after flatMap", () =>
    Effect.gen(function*() {
      const base = over(json(404, "{}", { "x-request-id": "r-1" }))
      const { info, result } = yield* withResponseInfo(getOver(base))
      assert.deepInclude(info, { status: 404, requestId: "r-1", attempts: 1, requestsSent: 1 })
      const handled = Effect.catchTag(result, "SignalWireNotFound", ({ requestId }) => Effect.succeed(requestId))
      assert.strictEqual(yield* handled, "r-1")
    }))

  it.effect("after retries it is about the last attempt, and attempts, requestsSent and elapsed are those of the call", () =>
    Effect.gen(function*() {
      const base = over(
        json(500, "{}", { "x-request-id": "r-1" }),
        connectionError("ECONNRESET"),
        { ...json(200, body(), { "x-request-id": "r-3" }), after: 1000 }
      )
      const { info } = yield* patience(withResponseInfo(getOver(base)))
      assert.deepInclude(info, {
        status: 200,
        requestId: "r-3",
        attempts: 3,
        requestsSent: 3,
        elapsed: Duration.millis(1450)
      })
    }))

  it.effect("an error with retries has the attempts, requestsSent and elapsed of the error", () =>
    Effect.gen(function*() {
      const { info, result } = yield* patience(withResponseInfo(getOver(over(serverError))))
      const { attempts, elapsed, requestsSent } = yield* Effect.flip(result)
      assert.strictEqual(attempts, 3)
      assert.deepInclude(info, { attempts, elapsed, requestsSent })
    }))

  it.effect("a call in the pause of a rate limit, which sends nothing, has 0 attempts and no status", () =>
    Effect.gen(function*() {
      const base = over(json(429, "", { "retry-after": "20" }))
      const policy = { rateLimit: { limit: 9, interval: "1 second" }, deadline: "10 seconds" } as const
      const { info } = yield* within("1 second")(
        Effect.zipRight(Effect.flip(get()), withResponseInfo(get())).pipe(Effect.provide(sessions(base, { policy })))
      )
      assert.deepStrictEqual(info, {
        operation: "RoomSessions.get",
        attempts: 0,
        requestsSent: 0,
        elapsed: Duration.zero,
        headers: {}
      })
    }))

  it.effect("a connection error has neither a status nor headers", () =>
    Effect.gen(function*() {
      const base = over(connectionError("ECONNRESET"))
      const { info } = yield* patience(withResponseInfo(getOver(base, { policy: { maxRetries: 0 } })))
      assert.deepStrictEqual(info, {
        operation: "RoomSessions.get",
        attempts: 1,
        requestsSent: 1,
        elapsed: Duration.zero,
        headers: {}
      })
    }))

  it.effect.each(
    [
      ["is truncated", { ...json(200, "{", { "x-request-id": "r-1" }), ...connectionError("ECONNRESET") }],
      ["never ends", { ...json(200, "{", { "x-request-id": "r-1" }), stalls: true }],
      ["is not JSON", json(200, "{", { "x-request-id": "r-1" })]
    ] as const
  )("a response whose body %s has its status and its request id", ([, response]) =>
    Effect.gen(function*() {
      const { info, result } = yield* patience(withResponseInfo(getOver(over(response), { policy: { maxRetries: 0 } })))
      assert.isTrue(Either.isLeft(result))
      assert.deepInclude(info, { status: 200, requestId: "r-1" })
    }))

  it.effect.each<readonly [what: string, transformClient: (client: HttpClient.HttpClient) => HttpClient.HttpClient]>([
    ["reads the body", HttpClient.tap(response => response.text)],
    [
      "reads the body as JSON and changes the error",
      client => HttpClient.transformResponse(client, Effect.tap(response => Effect.orDie(response.json)))
    ],
    ["reads the body and ignores its error", HttpClient.tap(response => Effect.ignore(response.text))]
  ])(
    "a 200 that is truncated or never ends has its status and its request id, with and without a transform that %s",
    ([, transformClient]) =>
      Effect.gen(function*() {
        const partial = json(200, "{", { "x-request-id": "r-1" })
        for (const end of [connectionError("ECONNRESET"), { stalls: true }]) {
          const infoOf = (options: Parameters<typeof getOver>[1]) => {
            const call = getOver(over({ ...partial, ...end }), { ...options, policy: { maxRetries: 0 } })
            return Effect.map(patience(withResponseInfo(call)), ({ info }) => info)
          }
          const info = yield* infoOf({ transformClient })
          assert.deepInclude(info, { status: 200, requestId: "r-1" })
          assert.deepStrictEqual(info, yield* infoOf({}))
        }
      })
  )

  it.effect("only the headers of the list are there, without control characters and credentials", () =>
    Effect.gen(function*() {
      const secret = Redacted.value(credentials.apiToken)
      const allowed = {
        "content-type": "application/json",
        "retry-after": "1",
        "ratelimit": "limit=10",
        "ratelimit-policy": "10;w=1",
        "x-ratelimit-limit": "10",
        "x-rate-limit-reset": "5",
        "request-id": "a",
        "x-signalwire-request-id": "b",
        "x-amzn-requestid": "c"
      }
      const base = over(json(200, body(), {
        ...allowed,
        "x-ratelimit-note": `Bearer ${secret}`,
        "x-ratelimit-long": "x".repeat(1000),
        "set-cookie": "a=1",
        "x-powered-by": "servers",
        "server": "nginx",
        "ratelimiting": "no"
      }))
      const { info } = yield* withResponseInfo(getOver(base))
      assert.deepStrictEqual(info?.headers, { ...allowed, "x-ratelimit-long": "x".repeat(256) })
      assert.notInclude(inspect(info), secret)
    }))

  it.effect("info is undefined where nothing was sent: no call, or InvalidRequest", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* withResponseInfo(Effect.succeed(1)), { result: Either.right(1), info: undefined })
      const { info, result } = yield* withResponseInfo(getOver(over(ok), {}, "nonsense"))
      assert.isTrue(Either.isLeft(result) && result.left._tag === "SignalWireInvalidRequest")
      assert.isUndefined(info)
    }))

  it.effect("info is undefined after a success and then an InvalidRequest", () =>
    Effect.gen(function*() {
      const calls = Effect.zipRight(get(), get("nonsense"))
      const { info, result } = yield* withResponseInfo(calls).pipe(Effect.provide(sessions(over(ok))))
      assert.isTrue(Either.isLeft(result) && result.left._tag === "SignalWireInvalidRequest")
      assert.isUndefined(info)
    }))

  it.effect("of several calls, info is about the one that settled last", () =>
    Effect.gen(function*() {
      const base = over(
        { ...json(200, body(), { "x-request-id": "slow" }), after: 2000 },
        { ...json(200, body(), { "x-request-id": "quick" }), after: 1000 }
      )
      const both = Effect.all([get(), get()], { concurrency: "unbounded" })
      const { info } = yield* patience(withResponseInfo(both).pipe(Effect.provide(sessions(base))))
      assert.strictEqual(info?.requestId, "slow")
    }))

  it.effect("each of many concurrent calls has its own info", () =>
    Effect.gen(function*() {
      const responses: ReadonlyArray<PlayedResponse> = Array.from({ length: 100 }, (_, index) => ({
        ...json(200, body(), { "x-request-id": `r-${index}` }),
        after: (index * 37) % 100
      }))
      const base = over(ok, ...responses)
      const infos = yield* patience(
        Effect.zipRight(get(), Effect.replicateEffect(withResponseInfo(get()), 100, { concurrency: "unbounded" })).pipe(
          Effect.provide(sessions(base))
        )
      )
      assert.deepStrictEqual(infos.map(({ info }) => info?.requestId), responses.map((_, index) => `r-${index}`))
    }))

  it.effect("uses nest: the outer one has the info of calls of the inner one", () =>
    Effect.gen(function*() {
      const base = over(json(200, body(), { "x-request-id": "1" }), json(404, "", { "x-request-id": "2" }))
      const nested = Effect.zipRight(get(), withResponseInfo(get()))
      const { info, result } = yield* withResponseInfo(nested).pipe(Effect.provide(sessions(base)))
      assert.strictEqual(info?.requestId, "2")
      assert.strictEqual(Either.getOrThrow(result).info?.requestId, "2")
    }))

  it.effect("calls outside of the effect do not count", () =>
    Effect.gen(function*() {
      const base = over(json(200, body(), { "x-request-id": "1" }), json(200, body(), { "x-request-id": "2" }))
      const { info } = yield* Effect.zipLeft(withResponseInfo(get()), get()).pipe(Effect.provide(sessions(base)))
      assert.strictEqual(info?.requestId, "1")
    }))

  it.effect("a defect and an interruption pass through", () =>
    Effect.gen(function*() {
      const defect = yield* Effect.exit(
        withResponseInfo(Effect.zipRight(getOver(over(ok)), Effect.dieMessage("a bug")))
      )
      assert.isTrue(Exit.isFailure(defect) && Cause.isDie(defect.cause))
      const fiber = yield* Effect.fork(withResponseInfo(getOver(over(noResponse))))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
    }))

  it.effect("calls of a transform do not count", () =>
    Effect.gen(function*() {
      const lookUp = HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
        Effect.as(Effect.ignore(getOver(over(json(404)))), request)
      )
      const call = Effect.timeoutOption(getOver(over(noResponse), { transformClient: lookUp }), "1 second")
      const { info } = yield* patience(withResponseInfo(call))
      assert.isUndefined(info)
    }))
})

describe("withResponseInfo over the layers for tests", () => {
  const listed = Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runCollect(service.list()))

  it.effect("RoomSessionsTest.layerScript gives the status of a success, and the fields of an error", () =>
    Effect.gen(function*() {
      const success = yield* withResponseInfo(get(RoomSessionFixture.id()))
      assert.deepStrictEqual(success.info, {
        operation: "RoomSessions.get",
        status: 200,
        attempts: 1,
        requestsSent: 1,
        elapsed: Duration.zero,
        headers: {}
      })
      const limited = yield* withResponseInfo(listed)
      assert.deepStrictEqual(limited.info, {
        operation: "RoomSessions.list",
        status: 429,
        requestId: "r-1",
        attempts: 3,
        requestsSent: 3,
        elapsed: Duration.zero,
        headers: { "retry-after": "7" }
      })
      const refused = yield* withResponseInfo(get(RoomSessionFixture.id()))
      assert.deepInclude(refused.info, { attempts: 2, requestsSent: 0, headers: {} })
      assert.notProperty(refused.info, "status")
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      RoomSessionFixture.inProgress(),
      new SignalWireError.RateLimited({
        requestId: "r-1",
        attempts: 3,
        requestsSent: 3,
        retryAfter: Duration.millis(6500)
      }),
      new SignalWireError.TransportError({ reason: "Refused", attempts: 2, requestsSent: 0 })
    ]))))

  it.effect("RoomSessionsTest.layer gives the status of a success and of NotFound, and nothing for InvalidRequest", () =>
    Effect.gen(function*() {
      const statusOf = (id: string) => Effect.map(withResponseInfo(get(id)), ({ info }) => info?.status)
      assert.strictEqual(yield* statusOf(RoomSessionFixture.id()), 200)
      assert.strictEqual(yield* statusOf(RoomSessionFixture.id(2)), 404)
      assert.strictEqual(yield* statusOf("nonsense"), undefined)
      assert.strictEqual(yield* statusOf(otherId), 404)
    }).pipe(Effect.provide(RoomSessionsTest.layer([RoomSessionFixture.inProgress()]))))

  it.effect("RoomSessionsTest.layer has no info after a success and then an InvalidRequest", () =>
    Effect.gen(function*() {
      const { info } = yield* withResponseInfo(Effect.zipRight(get(RoomSessionFixture.id()), get("nonsense")))
      assert.isUndefined(info)
    }).pipe(Effect.provide(RoomSessionsTest.layer([RoomSessionFixture.inProgress()]))))

  it.effect("RoomSessionsTest.layerTransport is the real pipeline", () =>
    Effect.gen(function*() {
      const { info } = yield* patience(withResponseInfo(get(RoomSessionFixture.id())))
      assert.deepInclude(info, { status: 200, attempts: 2, requestId: ScriptedTransport.requestId(2) })
    }).pipe(Effect.provide(RoomSessionsTest.layerTransport([
      ScriptedTransport.status(500),
      ScriptedTransport.ok(RoomSessionFixture.inProgress())
    ]))))

  it.effect("RoomSessionsTest.layerTransport sends through transformClient", () =>
    Effect.gen(function*() {
      const transformClient = HttpClient.mapRequest(request => {
        seen.push(request.url)
        return request
      })
      const seen: Array<string> = []
      const layer = RoomSessionsTest.layerTransport([ScriptedTransport.status(404)], { transformClient })
      const error = yield* Effect.flip(get(RoomSessionFixture.id())).pipe(Effect.provide(layer))
      assert.strictEqual(error._tag, "SignalWireNotFound")
      assert.lengthOf(seen, 1)
    }))

  it.effect("an exhausted script of RoomSessionsTest.layerTransport is a defect under a transform", () =>
    Effect.gen(function*() {
      const layer = RoomSessionsTest.layerTransport([], { transformClient: HttpClient.filterStatusOk })
      const exit = yield* Effect.exit(get(RoomSessionFixture.id()).pipe(Effect.provide(layer)))
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
    }))
})
