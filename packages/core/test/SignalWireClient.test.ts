import { RequestPolicy, RoomSessions, type SignalWireClient, SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Equal, Fiber, ParseResult, Random, Redacted, Schedule, TestClock } from "effect"
import { gzipSync } from "node:zlib"
import { version } from "../src/internal/version.ts"
import { body, sessionId, wireSession } from "./support/sessions.ts"
import {
  broken,
  credentials,
  failing,
  get,
  getOver,
  json,
  type Make,
  ok,
  overHttpClient,
  overTransport,
  type Reply,
  type Requests,
  sessions,
  silence
} from "./support/transports.ts"
import { until } from "./support/until.ts"
import { longestWaits, shortestWaits, waitingForNothing, within } from "./support/within.ts"

const gaps = ({ requests }: Requests): ReadonlyArray<number> =>
  requests.slice(1).map(({ atMillis }, index) => atMillis - (requests[index]?.atMillis ?? 0))

/** A policy of which the numbers are easy to follow. */
const brisk = { attemptTimeout: "500 millis", deadline: "2 seconds" } as const

const millis = (failure: SignalWireError.SignalWireError): number => Duration.toMillis(failure.elapsed)

// each test has a clock and a transport of its own
describe.concurrent.each<readonly [name: string, make: Make]>([
  ["any HttpClient", overHttpClient],
  ["a Transport of its own", overTransport]
])("over %s", (_, over) => {
  describe("a response", () => {
    it.effect("of 200 is the session", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        const session = yield* getOver(transport)
        assert.strictEqual(session.id, sessionId)
        assert.strictEqual(session.fps, "20")
        assert.isTrue(Equal.equals(session.duration, Duration.minutes(30)))
        assert.isTrue(Equal.equals(session.created_at, DateTime.unsafeMake(wireSession.created_at)))
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect("of 200 is read by the decoder of the settings", () =>
      Effect.gen(function*() {
        const decoder: SignalWireClient.Decoder = schema => {
          const decode = ParseResult.decodeUnknownEither(schema)
          return text => decode({ ...JSON.parse(text), name: "read by this one" })
        }
        const session = yield* getOver(over(ok), { decoder })
        assert.strictEqual(session.name, "read by this one")
        assert.strictEqual((yield* getOver(over(ok))).name, wireSession.name)
      }))

    it.effect("is asked for once, at the session's address, with these headers and no others", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* getOver(transport)
        assert.deepStrictEqual(transport.requests, [{
          method: "GET",
          body: undefined,
          url: `https://acme.signalwire.com/api/video/room_sessions/${sessionId}`,
          atMillis: 0,
          headers: {
            accept: "application/json",
            "accept-encoding": "identity",
            authorization: `Basic ${Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")}`,
            "user-agent": `effect-signalwire/${version}`
          }
        }])
      }))

    it.effect.each(["Grüße", "日本語🔑", "%+/:", "ÿĀ"])(
      "is asked for with the UTF-8 bytes of the token %s",
      token =>
        Effect.gen(function*() {
          const transport = over(ok)
          yield* getOver(transport, { apiToken: Redacted.make(token) })
          const sent = transport.requests[0]?.headers["authorization"] ?? ""
          assert.strictEqual(
            Buffer.from(sent.slice("Basic ".length), "base64").toString("utf8"),
            `${credentials.projectId}:${token}`
          )
        })
    )

    it.effect("is asked for under the base URL and its prefix", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* getOver(transport, { baseUrl: "http://127.0.0.1:8080/gateway/" })
        assert.strictEqual(
          transport.requests[0]?.url,
          `http://127.0.0.1:8080/gateway/api/video/room_sessions/${sessionId}`
        )
      }))

    it.effect("for another id is refused", () =>
      Effect.gen(function*() {
        const transport = over(json(200, body({ id: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" })))
        const failure = yield* Effect.flip(getOver(transport))
        assert.deepInclude(failure, { _tag: "SignalWireInvalidResponse", reason: "SchemaMismatch", path: "id" })
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect("for the same id in the other case is the session", () =>
      Effect.gen(function*() {
        const session = yield* getOver(over(ok), {}, sessionId.toUpperCase())
        assert.strictEqual(session.id, sessionId)
      }))

    it.effect("that comes in pieces is put together", () =>
      Effect.gen(function*() {
        const text = body({ name: "Grüße 🔑" })
        const bytes = new TextEncoder().encode(text)
        const session = yield* getOver(over({ ...ok, chunks: Array.from(bytes, byte => new Uint8Array([byte])) }))
        assert.strictEqual(session.name, "Grüße 🔑")
      }))

    it.effect.each<readonly [why: string, reply: Reply, fields: object]>([
      ["empty", json(200, ""), { reason: "InvalidJson" }],
      ["cut JSON", json(200, body().slice(0, 100)), { reason: "InvalidJson" }],
      ["HTML that says it is JSON", json(200, "<html></html>"), { reason: "InvalidJson" }],
      ["HTML", { ...ok, headers: { "content-type": "text/html" } }, { reason: "UnexpectedContentType" }],
      ["UTF-16", { ...ok, headers: { "content-type": "application/json; charset=utf-16" } }, {
        reason: "UnexpectedContentType"
      }],
      ["gzip", { ...json(200, "", { "content-encoding": "gzip" }), chunks: [gzipSync(body())] }, {
        reason: "UnsupportedEncoding"
      }],
      ["not UTF-8", { ...ok, chunks: ["\"", new Uint8Array([0xff, 0xfe, 0xc0, 0x80]), "\""] }, {
        reason: "InvalidUtf8"
      }],
      ["60 MB by its length", json(200, body(), { "content-length": "62914560" }), { reason: "TooLarge" }],
      ["too large", json(200, `"${"x".repeat(1_048_576)}"`), { reason: "TooLarge" }],
      ["of a wrong type", json(200, body({ locked: "PRIVATE" })), {
        reason: "SchemaMismatch",
        path: "locked",
        expected: "a boolean, or null"
      }]
    ])("that is %s cannot be used, and is not asked for again", ([, reply, fields]) =>
      Effect.gen(function*() {
        const transport = over({ ...reply, headers: { ...reply.headers, "x-request-id": "r-7" } })
        const failure = yield* Effect.flip(getOver(transport))
        assert.deepInclude(failure, { _tag: "SignalWireInvalidResponse", requestId: "r-7", attempts: 1, ...fields })
        assert.notInclude(JSON.stringify(failure) + failure.message, "PRIVATE")
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect("without an end is given up at the limit of its size", () =>
      Effect.gen(function*() {
        const endless = Array.from({ length: 100 }, () => " ".repeat(1024))
        const transport = over({ ...ok, chunks: endless, stalls: true })
        const failure = yield* Effect.flip(within(0)(getOver(transport, { policy: { maxBodyBytes: 4096 } })))
        assert.deepInclude(failure, { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
      }))
  })

  describe("the status alone chooses the failure", () => {
    const bodies: ReadonlyArray<readonly [string, Partial<Reply>]> = [
      ["the contract's", {}],
      ["another JSON", { chunks: ["{\"message\":\"no\"}"] }],
      ["HTML", { headers: { "content-type": "text/html" }, chunks: ["<html></html>"] }],
      ["compressed", { headers: { "content-encoding": "gzip" }, chunks: [new Uint8Array([31, 139, 8, 0])] }],
      ["empty", { headers: {}, chunks: [] }],
      ["too large", { chunks: ["x".repeat(70_000)] }]
    ]
    const statuses = [
      [400, "SignalWireBadRequest", "Bad Request"],
      [401, "SignalWireUnauthorized", "Unauthorized"],
      [404, "SignalWireNotFound", "Not Found"],
      [500, "SignalWireInternalServerError", "Internal Server Error"]
    ] as const

    it.effect.each(
      statuses.flatMap(([status, tag, error]) => bodies.map(([kind, change]) => ({ status, tag, error, kind, change })))
    )(
      "$tag of $status when its body is $kind",
      ({ change, error, status, tag }) =>
        Effect.gen(function*() {
          const transport = over({ ...json(status, JSON.stringify({ error })), ...change })
          const failure = yield* Effect.flip(getOver(transport, { policy: { maxRetries: 0 } }))
          assert.strictEqual(failure._tag, tag)
          assert.strictEqual(transport.requests.length, 1)
        })
    )

    it.effect.each([
      400,
      401,
      404,
      403,
      409,
      410,
      418,
      422,
      501,
      505,
      201,
      204,
      205,
      206,
      299,
      301,
      302,
      303,
      304,
      307,
      308
    ])(
      "%d is not tried again, and nothing else is asked for",
      status =>
        Effect.gen(function*() {
          const transport = over(json(status, "{}", { location: "https://evil.example/steal" }), ok)
          const failure = yield* Effect.flip(getOver(transport))
          const own: Record<number, string> = {
            400: "SignalWireBadRequest",
            401: "SignalWireUnauthorized",
            404: "SignalWireNotFound"
          }
          assert.strictEqual(failure._tag, own[status] ?? "SignalWireUnexpectedStatus")
          assert.strictEqual("status" in failure ? failure.status : undefined, status)
          assert.strictEqual(transport.requests.length, 1)
        })
    )

    it.effect.each<readonly [status: number, tag: SignalWireError.SignalWireError["_tag"]]>([
      [500, "SignalWireInternalServerError"],
      [429, "SignalWireRateLimited"],
      [408, "SignalWireServerUnavailable"],
      [502, "SignalWireServerUnavailable"],
      [503, "SignalWireServerUnavailable"],
      [504, "SignalWireServerUnavailable"]
    ])("%d is %s, and is tried again", ([status, tag]) =>
      Effect.gen(function*() {
        const transport = over(json(status, "<html>", { "x-request-id": "r-1" }))
        const failure = yield* Effect.flip(within("1 minute")(getOver(transport)))
        assert.strictEqual(failure._tag, tag)
        assert.include(failure, { status, attempts: 3, requestId: "r-1" })
        assert.strictEqual(transport.requests.length, 3)
      }))

    it.effect("a refusal brings the service's complaints", () =>
      Effect.gen(function*() {
        const complaint = { type: "validation_error", code: "not_a_uuid", message: "must be a UUID", attribute: "id" }
        for (const status of [400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504]) {
          const transport = over(json(status, JSON.stringify({ errors: [complaint] })))
          const failure = yield* Effect.flip(getOver(transport, { policy: { maxRetries: 0 } }))
          const details = "details" in failure ? failure.details : []
          assert.deepStrictEqual(details, [new SignalWireError.ErrorDetail(complaint)])
          assert.notInclude(failure.message, "must be")
        }
      }))

    it.effect("a body that stalls does not hold back a refusal beyond the attempt", () =>
      Effect.gen(function*() {
        const transport = over({ ...json(400, "{"), stalls: true })
        const failure = yield* Effect.flip(within("500 millis")(getOver(transport, { policy: brisk })))
        assert.strictEqual(failure._tag, "SignalWireBadRequest")
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect("request ids are found under each name, cut and cleaned", () =>
      Effect.gen(function*() {
        for (const name of ["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"]) {
          const failure = yield* Effect.flip(getOver(over(json(404, "", { [name]: `r-1${"x".repeat(10_000)}` }))))
          assert.isTrue("requestId" in failure && failure.requestId?.length === 128)
        }
      }))

    it.effect("a server that echoes the credentials does not get them into the failure", () =>
      Effect.gen(function*() {
        const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")
        for (const echo of ["PTtopsecret", pair, encodeURIComponent(pair), "Basic " + pair]) {
          for (const status of [400, 401, 403, 404, 422, 429, 500, 503]) {
            const reply = json(status, JSON.stringify({ errors: [{ message: echo, code: echo }] }), {
              "x-request-id": echo
            })
            const failure = yield* Effect.flip(getOver(over(reply), { policy: RequestPolicy.noRetries }))
            const shown = JSON.stringify(failure) + failure.message + (failure.stack ?? "")
            for (const secret of ["PTtopsecret", pair]) assert.notInclude(shown, secret)
          }
        }
      }))
  })

  describe("trying again", () => {
    it.effect("500 and then 200 is the session", () =>
      Effect.gen(function*() {
        const transport = over(broken, ok)
        const session = yield* within("300 millis")(getOver(transport))
        assert.strictEqual(session.id, sessionId)
        assert.strictEqual(transport.requests.length, 2)
      }))

    it.effect("500 for ever ends after two retries, with what happened in the failure", () =>
      Effect.gen(function*() {
        const transport = over({ ...broken, headers: { "x-request-id": "r-9" } })
        const failure = yield* Effect.flip(within("10 seconds")(shortestWaits(getOver(transport))))
        assert.deepInclude(failure, { _tag: "SignalWireInternalServerError", attempts: 3, requestId: "r-9" })
        assert.strictEqual(millis(failure), 450)
      }))

    it.effect("the waits double, and are half to whole of the backoff", () =>
      Effect.gen(function*() {
        const policy = { maxRetries: 6, deadline: "1 minute", retryBudget: null } as const
        const short = over(broken)
        yield* Effect.flip(within("1 minute")(shortestWaits(getOver(short, { policy }))))
        assert.deepStrictEqual(gaps(short), [150, 300, 600, 1200, 2000, 2000])
        const long = over(broken)
        yield* Effect.flip(within("1 minute")(longestWaits(getOver(long, { policy }))))
        assert.deepStrictEqual(gaps(long), [300, 600, 1200, 2400, 4000, 4000])
      }))

    it.effect.each(["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN"])(
      "%s and then 200 is the session",
      code =>
        Effect.gen(function*() {
          const transport = over(failing(code), ok)
          yield* within("300 millis")(getOver(transport))
          assert.strictEqual(transport.requests.length, 2)
        })
    )

    it.effect.each<readonly [code: string, reason: SignalWireError.TransportError["reason"], attempts: number]>([
      ["ECONNREFUSED", "Refused", 3],
      ["ECONNRESET", "Reset", 3],
      ["ENOTFOUND", "Dns", 1],
      ["EAI_AGAIN", "Dns", 3],
      ["CERT_HAS_EXPIRED", "Tls", 1],
      ["HPE_INVALID_CONSTANT", "Malformed", 1],
      ["UND_ERR_PRX_TLS", "Proxy", 1],
      ["ENOIDEA", "Other", 1]
    ])("%s is %s after %d requests", ([code, reason, attempts]) =>
      Effect.gen(function*() {
        const transport = over(failing(code))
        const failure = yield* Effect.flip(within("10 seconds")(getOver(transport)))
        assert.deepInclude(failure, { _tag: "SignalWireTransportError", reason, code, attempts })
        assert.strictEqual(transport.requests.length, attempts)
        assert.notInclude(failure.message, "the transport says")
      }))

    it.effect("a connection that ends within the body is Truncated, and is tried again", () =>
      Effect.gen(function*() {
        const transport = over({ ...json(200, body().slice(0, 50)), ...failing("ECONNRESET") })
        const failure = yield* Effect.flip(within("10 seconds")(getOver(transport)))
        assert.deepInclude(failure, { _tag: "SignalWireTransportError", reason: "Truncated", attempts: 3 })
      }))

    it.effect("no retries is one request", () =>
      Effect.gen(function*() {
        for (const reply of [broken, failing("ECONNRESET"), json(503)]) {
          const transport = over(reply, ok)
          const failure = yield* Effect.flip(getOver(transport, { policy: { maxRetries: 0 } }))
          assert.strictEqual(failure.attempts, 1)
          assert.strictEqual(transport.requests.length, 1)
        }
      }))

    it.effect("every attempt has the same address and headers", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        yield* Effect.flip(within("10 seconds")(getOver(transport)))
        const sent = transport.requests.map(({ headers, url }) => ({ headers, url }))
        assert.deepStrictEqual(sent, [sent[0], sent[0], sent[0]])
      }))
  })

  describe("Retry-After", () => {
    it.effect("is waited for, and up to a tenth more", () =>
      Effect.gen(function*() {
        for (const status of [429, 500, 503]) {
          const short = over(json(status, "", { "retry-after": "2" }), ok)
          yield* within("3 seconds")(shortestWaits(getOver(short)))
          assert.deepStrictEqual(gaps(short), [2000])
          const long = over(json(status, "", { "retry-after": "2" }), ok)
          yield* within("3 seconds")(longestWaits(getOver(long)))
          assert.deepStrictEqual(gaps(long), [2200])
        }
      }))

    it.effect("beyond the deadline fails at once and says how long it asks", () =>
      Effect.gen(function*() {
        const transport = over(json(429, "", { "retry-after": "99999999" }))
        const failure = yield* Effect.flip(within(0)(getOver(transport)))
        assert.deepInclude(failure, {
          _tag: "SignalWireRateLimited",
          attempts: 1,
          retryAfter: Duration.seconds(99_999_999)
        })
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect.each(["-5", "abc", "", "1e9", "0x10", "NaN", "0", "Sun, 01 Mar 1970 00:00:00 GMT"])(
      "%j leaves the normal backoff",
      value =>
        Effect.gen(function*() {
          yield* TestClock.setTime(Date.UTC(2026, 2, 1))
          const transport = over(json(503, "", { "retry-after": value }), ok)
          yield* within("1 second")(shortestWaits(getOver(transport)))
          assert.deepStrictEqual(gaps(transport), [150])
        })
    )

    it.effect("as a date counts from the response's own Date", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.UTC(2026, 2, 1, 9))
        const headers = { "retry-after": "Sun, 01 Mar 2026 10:00:03 GMT", date: "Sun, 01 Mar 2026 10:00:00 GMT" }
        const transport = over(json(503, "", headers), ok)
        yield* within("5 seconds")(shortestWaits(getOver(transport)))
        assert.deepStrictEqual(gaps(transport), [3000])
      }))
  })

  describe("time", () => {
    it.effect("each attempt has its own, and they end in RequestTimeout", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const failure = yield* Effect.flip(within("2 seconds")(shortestWaits(getOver(transport, { policy: brisk }))))
        assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 3 })
        assert.strictEqual(millis(failure), 1950)
        assert.deepStrictEqual(gaps(transport), [650, 800])
        assert.strictEqual(transport.aborted(), 3)
      }))

    it.effect("a silent attempt and then 200 is the session", () =>
      Effect.gen(function*() {
        const transport = over(silence, ok)
        yield* within("2 seconds")(getOver(transport, { policy: brisk }))
        assert.strictEqual(transport.requests.length, 2)
      }))

    it.effect.each<readonly [string, Reply]>([
      ["stalls", { ...ok, chunks: [body().slice(0, 10)], stalls: true }],
      ["is dripped", { ...ok, chunks: body().split(""), between: 200 }]
    ])("a body that %s counts as well", ([, reply]) =>
      Effect.gen(function*() {
        const transport = over(reply)
        const failure = yield* Effect.flip(within("2 seconds")(shortestWaits(getOver(transport, { policy: brisk }))))
        assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", attempts: 3 })
        assert.strictEqual(millis(failure), 1950)
      }))

    it.effect("the deadline beats the number of attempts", () =>
      Effect.gen(function*() {
        const policy = { ...brisk, maxRetries: 100, baseDelay: "10 millis", maxDelay: "10 millis" } as const
        const slow = over({ ...broken, after: 450 })
        const failure = yield* Effect.flip(within("2 seconds")(shortestWaits(getOver(slow, { policy }))))
        assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 5 })
        assert.strictEqual(millis(failure), 2000)
        assert.strictEqual(slow.requests.length, 5)
      }))

    it.effect.each([0, 0.052, 0.272, 0.5, 0.777, 0.999])(
      "the deadline is kept to the millisecond, with waits of %s of the backoff's random part",
      part =>
        Effect.gen(function*() {
          const transport = over(silence)
          const failure = yield* Effect.flip(
            within("30 seconds")(Effect.withRandomFixed(getOver(transport), [part]))
          )
          assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 3 })
          assert.strictEqual(millis(failure), 30_000)
        })
    )

    it.effect("a deadline shorter than an attempt ends the attempt", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const failure = yield* Effect.flip(
          within("100 millis")(getOver(transport, { policy: { deadline: "100 millis" } }))
        )
        assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", phase: "deadline", attempts: 1 })
      }))

    it.effect("a transport that gives up connecting ends an attempt, not the call, however short the deadline is", () =>
      Effect.gen(function*() {
        const transport = over(failing("UND_ERR_CONNECT_TIMEOUT"), failing("ETIMEDOUT"), ok)
        yield* within("8 seconds")(getOver(transport, { policy: { deadline: "8 seconds" } }))
        assert.strictEqual(transport.requests.length, 3)
      }))

    it.effect("what remains being shorter than the backoff, the failure comes now", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        const failure = yield* Effect.flip(
          within(0)(shortestWaits(getOver(transport, { policy: { deadline: "150 millis" } })))
        )
        assert.deepInclude(failure, { _tag: "SignalWireInternalServerError", attempts: 1 })
        assert.strictEqual(millis(failure), 0)
      }))
  })

  describe("the retry budget", () => {
    const retryBudget = { capacity: 10, retryCost: 5, timeoutCost: 10, refill: 1 }
    const call = Effect.exit(get())

    it.effect("once spent, failures come at once", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        yield* within("1 minute")(
          Effect.provide(Effect.all([call, call, call]), sessions(transport, { policy: { retryBudget } }))
        )
        assert.strictEqual(transport.requests.length, 3 + 1 + 1)
      }))

    it.effect("refills with successes, and retries resume", () =>
      Effect.gen(function*() {
        const outage = [broken, broken, broken, broken] as const
        const transport = over(...outage, ok, ok, ok, ok, ok, broken, ok)
        yield* within("1 minute")(
          Effect.provide(
            Effect.gen(function*() {
              assert.isTrue((yield* call)._tag === "Failure" && transport.requests.length === 3)
              assert.isTrue((yield* call)._tag === "Failure" && transport.requests.length === 4)
              yield* Effect.repeat(get(), Schedule.recurs(4))
              assert.strictEqual((yield* call)._tag, "Success")
            }),
            sessions(transport, { policy: { retryBudget } })
          )
        )
        assert.strictEqual(transport.requests.length, 11)
      }))

    it.effect("a retry after a timeout costs more", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        yield* within("1 minute")(
          Effect.exit(Effect.provide(get(), sessions(transport, { policy: { ...brisk, retryBudget } })))
        )
        assert.strictEqual(transport.requests.length, 2)
      }))

    it.effect("a retry that was interrupted before it began costs nothing", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        yield* Effect.gen(function*() {
          for (let call = 0; call < 3; call++) {
            const fiber = yield* Effect.fork(get())
            yield* TestClock.adjust("10 millis")
            yield* Fiber.interrupt(fiber)
          }
          yield* within("1 minute")(call)
        }).pipe(Effect.provide(sessions(transport, { policy: { retryBudget } })))
        assert.strictEqual(transport.requests.length, 3 + 3)
      }))

    it.effect("a region has one where the layer has none", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        yield* within("1 minute")(
          Effect.all(Effect.replicate(call, 12), { concurrency: "unbounded" }).pipe(
            RequestPolicy.with({ retryBudget: RequestPolicy.defaults.retryBudget }),
            Effect.provide(sessions(transport, { policy: { retryBudget: null } }))
          )
        )
        assert.strictEqual(transport.requests.length, 12 + 20)
      }))

    it.live("1,000 calls in an outage send at most 20 requests more", () =>
      Effect.gen(function*() {
        const transport = over(json(500, ""))
        const calls = Effect.all(Array.from({ length: 1000 }, () => call), { concurrency: 100, discard: true })
        yield* Effect.provide(calls, sessions(transport, { policy: { baseDelay: "1 millis" } }))
        assert.strictEqual(transport.requests.length, 1020)
      }))

    it.live("null is no limit", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        const calls = Effect.replicateEffect(call, 30)
        const policy = { retryBudget: null, baseDelay: "1 millis" } as const
        yield* Effect.provide(calls, sessions(transport, { policy }))
        assert.strictEqual(transport.requests.length, 90)
      }))
  })

  describe("interruption", () => {
    it.effect("in the backoff ends the call, and nothing more is sent", () =>
      Effect.gen(function*() {
        const transport = over(broken)
        const fiber = yield* Effect.fork(getOver(transport))
        yield* TestClock.adjust("100 millis")
        assert.strictEqual(transport.requests.length, 1)
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.effect("of a request gives it up", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const fiber = yield* Effect.fork(getOver(transport))
        yield* TestClock.adjust("100 millis")
        assert.strictEqual(transport.aborted(), 0)
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(transport.aborted(), 1)
        assert.strictEqual(transport.requests.length, 1)
      }))

    it.live("is not needed to end what timed out in a region that cannot be interrupted", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const policy = { attemptTimeout: "10 millis", maxRetries: 0 } as const
        yield* Effect.provide(Effect.exit(Effect.uninterruptible(get())), sessions(transport, { policy }))
        yield* until(() => transport.aborted() === 1)
      }))

    it.live("of the caller does not keep a finalizer from asking", () =>
      Effect.gen(function*() {
        const found: Array<string> = []
        const transport = over(ok)
        let isRunning = false
        const running = Effect.sync(() => {
          isRunning = true
        })
        const fiber = yield* Effect.zipRight(running, Effect.never).pipe(
          Effect.onInterrupt(() => Effect.map(Effect.orDie(get()), ({ id }) => void found.push(id))),
          Effect.provide(sessions(transport)),
          Effect.fork
        )
        yield* until(() => isRunning)
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(found, [sessionId])
      }))

    it.effect("before the call sends nothing", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* Effect.exit(Effect.zipRight(Effect.interrupt, getOver(transport)))
        yield* Effect.exit(getOver(transport).pipe(Effect.fork, Effect.flatMap(Fiber.interrupt)))
        assert.strictEqual(transport.requests.length, 0)
      }))
  })

  describe("an id that is no UUID", () => {
    it.effect.each([
      "..",
      "%2e%2e",
      "../x",
      "a/b",
      "?",
      "#",
      "",
      " ",
      "a\r\nb",
      "\u0000",
      "@h/",
      `${sessionId}\n`,
      `${sessionId}/`,
      `${sessionId}?x`,
      "PRIVATE".repeat(150_000)
    ].map(id => ({ id, shown: JSON.stringify(id.slice(0, 40)) })))(
      "$shown is refused unsent and unshown",
      ({ id }) =>
        Effect.gen(function*() {
          const transport = over(ok)
          const failure = yield* Effect.flip(getOver(transport, {}, id))
          assert.deepInclude(failure, { _tag: "SignalWireInvalidRequest", attempts: 0 })
          assert.strictEqual(transport.requests.length, 0)
          assert.notInclude(JSON.stringify(failure) + failure.message, "PRIVATE")
        })
    )

    it.effect.each([{ id: undefined }, { id: null }, { id: 7 }, { id: {} }, { id: [sessionId] }])(
      "$id from a caller without types is refused as well",
      ({ id }) =>
        Effect.gen(function*() {
          const transport = over(ok)
          const service = yield* Effect.provide(RoomSessions.RoomSessions, sessions(transport))
          const call: ReturnType<typeof service.get> = Reflect.apply(service.get, service, [id])
          assert.strictEqual((yield* Effect.flip(call))._tag, "SignalWireInvalidRequest")
          assert.strictEqual(transport.requests.length, 0)
        })
    )
  })

  it.effect("an error that is not retried draws no random numbers, so that a seeded program stays as it is", () =>
    Effect.gen(function*() {
      let drawn = 0
      const counting = { ...Random.make("seed"), next: Effect.sync(() => ++drawn / 100) }
      yield* Effect.flip(getOver(over(json(404, "{}")))).pipe(Effect.withRandom(counting))
      yield* Effect.flip(getOver(over(broken), { policy: { maxRetries: 0 } })).pipe(Effect.withRandom(counting))
      assert.strictEqual(drawn, 0)
    }))

  it.effect("a clock that waits for nothing ends the call in time, and does not hang it", () =>
    Effect.gen(function*() {
      const failure = yield* getOver(over(silence)).pipe(waitingForNothing, Effect.flip)
      assert.strictEqual(failure._tag, "SignalWireRequestTimeout")
    }))

  it.effect("a charset may have blanks around it", () =>
    Effect.gen(function*() {
      for (const charset of ["utf-8", " utf-8", "\"UTF-8\"", "utf8 ", " us-ascii"]) {
        yield* getOver(over(json(200, body(), { "content-type": `application/json; charset=${charset}` })))
      }
    }))

  it.effect("two clients in one process keep their credentials to themselves", () =>
    Effect.gen(function*() {
      const first = over(ok)
      const second = over(ok)
      yield* Effect.all([
        getOver(first, { apiToken: Redacted.make("one") }),
        getOver(second, { apiToken: Redacted.make("two") })
      ], { concurrency: 2 })
      const token = ({ requests }: Requests) =>
        Buffer.from(requests[0]?.headers["authorization"]?.slice(6) ?? "", "base64").toString().split(":")[1]
      assert.deepStrictEqual([token(first), token(second)], ["one", "two"])
    }))

  describe("on the clock of the machine", () => {
    it.live("a response is the session", () =>
      Effect.gen(function*() {
        const session = yield* getOver(over(ok))
        assert.strictEqual(session.id, sessionId)
      }))

    it.live("silence is RequestTimeout, and each request is given up", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const policy = { attemptTimeout: "20 millis", baseDelay: "2 millis" } as const
        const failure = yield* Effect.flip(getOver(transport, { policy }))
        assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", attempts: 3 })
        yield* until(() => transport.aborted() === 3)
      }))

    it.live("a body without an end is given up at the limit of its size", () =>
      Effect.gen(function*() {
        const endless = Array.from({ length: 100 }, () => " ".repeat(1024))
        const transport = over({ ...ok, chunks: endless, stalls: true })
        const failure = yield* Effect.flip(getOver(transport, { policy: { maxBodyBytes: 4096 } }))
        assert.deepInclude(failure, { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
      }))

    it.live("interruption gives the request up", () =>
      Effect.gen(function*() {
        const transport = over(silence)
        const fiber = yield* Effect.fork(getOver(transport))
        yield* until(() => transport.requests.length === 1)
        yield* Fiber.interrupt(fiber)
        yield* until(() => transport.aborted() === 1)
        assert.strictEqual(transport.requests.length, 1)
      }))
  })
})
