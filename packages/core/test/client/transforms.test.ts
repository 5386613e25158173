import { RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  ConfigError,
  Context,
  Deferred,
  Effect,
  Exit,
  Fiber,
  FiberRef,
  Layer,
  Option,
  Scope,
  Stream,
  TestClock
} from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { inspect } from "node:util"
import { credentials, get, getOver, patient, sessions } from "../support/client.ts"
import { recordSpans } from "../support/recordingTracer.ts"
import { connectionError, json, noResponse, ok, type PlayedResponse, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { type Base, overHttpClient, overTransport, transports } from "../support/transports.ts"
import { until } from "../support/until.ts"
import { within } from "../support/within.ts"

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient
type Options = NonNullable<Parameters<typeof getOver>[1]>

/** How a transform is given to a call. */
const ways: ReadonlyArray<
  readonly [name: string, callOver: (base: Base, transform: Transform, options?: Options) => ReturnType<typeof getOver>]
> = [
  ["transformClient", (base, transformClient, options) => getOver(base, { ...options, transformClient })],
  ["withTransform", (base, transform, options) => SignalWireClient.withTransform(transform)(getOver(base, options))]
]

const everywhere = transports.flatMap(([transport, over]) =>
  ways.map(([way, callOver]) => [way, transport, callOver, over] as const)
)

const setHeader = (name: string, value: string) => HttpClient.mapRequest(HttpClientRequest.setHeader(name, value))

const setUrl = (url: string) => HttpClient.mapRequest(HttpClientRequest.setUrl(url))

/** Sends the request to another place, with the path of the original one. */
const redirect = (origin: string): Transform => setUrl(`${origin}/api/video/room_sessions/${sessionId}`)

const readsBody = HttpClient.tap(response => response.text)

const decoded = (text: string): unknown => JSON.parse(text)

const noRetries = { policy: { maxRetries: 0 } } as const

const basic = /^Basic /

/** A body of more than the default limits, in chunks. */
const endlessBody = Array.from({ length: 200 }, () => " ".repeat(64 * 1024))

const token = "topsecret"

/** Transforms that do something else than a request, each with the requests that it has sent. */
const endless: Readonly<Record<string, readonly [transform: Transform, requestsSent: number]>> = {
  "never sends": [HttpClient.mapRequestEffect(() => Effect.never), 0],
  "sleeps before its request": [
    HttpClient.mapRequestEffect(request => Effect.delay(Effect.succeed(request), "1 hour")),
    0
  ],
  "sleeps after its response": [HttpClient.tap(() => Effect.sleep("1 hour")), 1],
  "cannot be interrupted": [
    HttpClient.mapRequestEffect(request => Effect.uninterruptible(Effect.delay(Effect.succeed(request), "1 hour"))),
    0
  ]
}

describe.concurrent.each(everywhere)("%s over %s", (way, __, callOver, over) => {
  it.effect("adds headers to the requests of all attempts", () =>
    Effect.gen(function*() {
      const base = over(serverError, ok)
      const session = yield* within("1 minute")(callOver(base, setHeader("x-tenant", "acme")))
      assert.strictEqual(session.id, sessionId)
      assert.deepStrictEqual(base.requests.map(({ headers }) => headers["x-tenant"]), ["acme", "acme"])
    }))

  it.effect("does not see the credentials, which are sent", () =>
    Effect.gen(function*() {
      const base = over(serverError, connectionError("ECONNRESET"), ok)
      const seen: Array<unknown> = []
      const logs: Transform = client =>
        client.pipe(
          HttpClient.tapRequest(request => Effect.sync(() => void seen.push(request))),
          HttpClient.tapError(error => Effect.sync(() => void seen.push(error, error.request))),
          HttpClient.tap(response => Effect.sync(() => void seen.push(response, response.request)))
        )
      yield* within("1 minute")(callOver(base, logs))
      assert.isTrue(base.requests.every(({ headers }) => basic.test(headers["authorization"] ?? "")))
      const text = inspect(seen, { depth: 12 })
      assert.notInclude(text, base.requests[0]?.headers["authorization"]?.slice("Basic ".length) ?? token)
      assert.isFalse(seen.some(one => Object.keys(Object(Object(one).headers)).includes("authorization")))
      assert.notInclude(text, token)
    }))

  it.effect.each([
    "https://example.com",
    "https://acme.signalwire.com:8443",
    "http://acme.signalwire.com",
    "https://acme.signalwire.com.example.com",
    "https://other.signalwire.com"
  ])("a request that it sends to %s has no credentials", origin =>
    Effect.gen(function*() {
      const base = over(ok)
      yield* callOver(base, redirect(origin))
      const [request] = base.requests
      assert.isTrue(request?.url.startsWith(`${origin}/api`))
      assert.notProperty(request?.headers, "authorization")
      assert.notInclude(inspect(base.requests), token)
    }))

  it.effect("another path of the same origin has the credentials", () =>
    Effect.gen(function*() {
      const base = over(ok)
      yield* callOver(base, setUrl("https://acme.signalwire.com/proxy?x=1"))
      assert.strictEqual(base.requests[0]?.url, "https://acme.signalwire.com/proxy?x=1")
      assert.match(base.requests[0]?.headers["authorization"] ?? "", basic)
    }))

  it.effect("its own authorization header is kept, and the credentials are not sent", () =>
    Effect.gen(function*() {
      const base = over(ok)
      yield* callOver(base, HttpClient.mapRequest(HttpClientRequest.bearerToken("of the gateway")))
      assert.strictEqual(base.requests[0]?.headers["authorization"], "Bearer of the gateway")
    }))

  it.effect("changes the body of a response", () =>
    Effect.gen(function*() {
      const rename: Transform = HttpClient.transformResponse(Effect.flatMap(response =>
        Effect.map(response.text, text =>
          HttpClientResponse.fromWeb(
            response.request,
            new Response(text.replace(/"name":\s*"[^"]*"/, "\"name\":\"renamed\""), {
              headers: { "content-type": "application/json" }
            })
          ))
      ))
      assert.strictEqual((yield* callOver(over(ok), rename)).name, "renamed")
    }))

  it.effect("reads every form of a body before the client does", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const readsAll: Transform = HttpClient.tap(response =>
        Effect.gen(function*() {
          seen.push(yield* response.text)
          seen.push(yield* response.json)
          seen.push(response.status)
        })
      )
      yield* callOver(over(ok), readsAll)
      assert.deepStrictEqual(seen, [body(), decoded(body()), 200])
    }))

  it.effect.each<readonly [what: string, transform: Transform]>([
    [
      "fails with its own RequestError",
      HttpClient.mapRequestEffect(request =>
        Effect.fail(new HttpClientError.RequestError({ request, reason: "Encode", cause: new Error("no key") }))
      )
    ],
    ["dies", HttpClient.mapRequestEffect(() => Effect.dieMessage("a bug"))],
    ["interrupts itself", HttpClient.mapRequestEffect(() => Effect.interrupt)],
    [
      "throws in its request",
      HttpClient.mapRequest(() => {
        throw new Error("a bug")
      })
    ],
    ["sends a method other than GET and POST", HttpClient.mapRequest(HttpClientRequest.setMethod("DELETE"))],
    ["sends an invalid URL", setUrl("nonsense")]
  ])("a transform that %s is TransportError Other, without a request", ([, transform]) =>
    Effect.gen(function*() {
      const base = over(ok)
      const error = yield* Effect.flip(callOver(base, transform))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Other", attempts: 1, requestsSent: 0 })
      assert.match("code" in error ? String(error.code) : "", /^(?:ERR_TRANSFORM_FAILED|ERR_INVALID_URL)$/)
      assert.lengthOf(base.requests, 0)
    }))

  it.effect("a transform that dies after a response is TransportError Other", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(callOver(over(ok), HttpClient.tap(() => Effect.dieMessage("a bug"))))
      assert.deepInclude(error, {
        _tag: "SignalWireTransportError",
        reason: "Other",
        code: "ERR_TRANSFORM_FAILED",
        attempts: 1,
        requestsSent: 1
      })
    }))

  it.effect("a transform that never sends is RequestTimeout after attemptTimeout, and retried", () =>
    Effect.gen(function*() {
      const base = over(ok)
      const policy = {
        attemptTimeout: "2 seconds",
        deadline: "1 minute",
        maxRetries: 1,
        baseDelay: "1 millis"
      } as const
      const call = Effect.flip(callOver(base, HttpClient.mapRequestEffect(() => Effect.never), { policy }))
      const error = yield* within("4100 millis")(call)
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "attempt", attempts: 2, requestsSent: 0 })
    }))

  it.effect("a transform that never ends after its response is RequestTimeout after attemptTimeout, and its request is aborted", () =>
    Effect.gen(function*() {
      const base = over({ ...ok, stalls: true })
      const policy = { attemptTimeout: "2 seconds", maxRetries: 0 } as const
      const call = Effect.flip(callOver(base, HttpClient.tap(() => Effect.never), { policy }))
      const error = yield* within("2 seconds")(call)
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "attempt", requestsSent: 1 })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(base.aborted(), over === overTransport ? 1 : 0)
    }))

  it.effect("requestsSent counts the requests of a transform that retries by itself", () =>
    Effect.gen(function*() {
      const base = over(serverError, serverError, ok)
      const retries: Transform = client => HttpClient.retry(HttpClient.filterStatusOk(client), { times: 1 })
      const error = yield* Effect.flip(callOver(base, retries, noRetries))
      assert.deepInclude(error, { _tag: "SignalWireInternalServerError", attempts: 1 })
      assert.lengthOf(base.requests, 2)
      if (error.requestsSent !== 2) assert.fail(`${error.requestsSent} requests`)
    }))

  it.effect("the response of a transform that replaces it counts, and the replaced request is aborted", () =>
    Effect.gen(function*() {
      const base = over({ ...ok, stalls: true })
      const replaces: Transform = HttpClient.transformResponse(
        Effect.map(({ request }) =>
          HttpClientResponse.fromWeb(request, new Response(body(), { headers: { "content-type": "application/json" } }))
        )
      )
      assert.strictEqual((yield* callOver(base, replaces)).id, sessionId)
      yield* TestClock.adjust("1 second")
      // the `HttpClient` of the test has no abort after its headers
      assert.strictEqual(base.aborted(), over === overTransport ? 1 : 0)
    }))

  it.effect("an endless 200 that the transform reads is InvalidResponse TooLarge", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(callOver(over({ ...json(200), chunks: endlessBody, stalls: true }), readsBody))
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "TooLarge", status: 200 })
    }))

  it.effect("an endless 404 that the transform reads is NotFound", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(callOver(over({ ...json(404), chunks: endlessBody, stalls: true }), readsBody))
      assert.strictEqual(error._tag, "SignalWireNotFound")
    }))

  it.effect("an error body that stalls while the transform reads it is its error after a second", () =>
    Effect.gen(function*() {
      const response = { ...json(404, "{"), stalls: true }
      const error = yield* within("1 second")(Effect.flip(callOver(over(response), readsBody)))
      assert.strictEqual(error._tag, "SignalWireNotFound")
    }))

  it.effect("a body that the transform reads and that ends with a connection error is TransportError Truncated", () =>
    Effect.gen(function*() {
      const response = { ...json(200, "{"), ...connectionError("ECONNRESET") }
      const error = yield* Effect.flip(callOver(over(response), readsBody, noRetries))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Truncated" })
    }))

  it.effect("an interruption of the call interrupts the transform and aborts the request", () =>
    Effect.gen(function*() {
      const base = over(noResponse)
      let interrupted = 0
      const counts: Transform = HttpClient.transformResponse(
        Effect.onInterrupt(() => Effect.sync(() => void interrupted++))
      )
      const fiber = yield* Effect.fork(callOver(base, counts))
      yield* TestClock.adjust("1 second")
      const exit = yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(interrupted, 1)
      assert.strictEqual(base.aborted(), 1)
    }))

  it.effect("a call can be interrupted while its transform cannot, and the transform sends nothing afterwards", () =>
    Effect.gen(function*() {
      const base = over(ok)
      const latch = yield* Deferred.make<void>()
      const waits: Transform = client =>
        HttpClient.transformResponse(
          client,
          response => Effect.uninterruptible(Effect.zipRight(Deferred.await(latch), response))
        )
      const fiber = yield* Effect.fork(callOver(base, waits))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
      yield* Deferred.succeed(latch, undefined)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(base.requests, 0)
    }))

  it.effect.each<readonly [grace: number, what: string, transform: Transform, requestsSent: number]>(
    [0, 10_000].flatMap(grace =>
      Object.entries(endless).map(([what, [transform, sent]]) => [grace, what, transform, sent] as const)
    )
  )("a layer with a grace of %d ms that is closed ends the call of a transform that %s, with TransportError Closed", ([
    grace,
    ,
    transform,
    requestsSent
  ]) =>
    Effect.gen(function*() {
      const policy = { shutdownGrace: grace, attemptTimeout: "2 hours", deadline: "3 hours" } as const
      const scope = yield* Scope.make()
      const layer = sessions(over(ok), { policy, ...(way === "transformClient" ? { transformClient: transform } : {}) })
      const call = way === "transformClient" ? get() : SignalWireClient.withTransform(transform)(get())
      const context = yield* Layer.buildWithScope(layer, scope)
      const fiber = yield* Effect.fork(Effect.flip(Effect.provide(call, context)))
      yield* TestClock.adjust("1 second")
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      if (grace > 0) {
        yield* TestClock.adjust(grace - 1)
        assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      }
      yield* TestClock.adjust("1 millis")
      const error = yield* Effect.flatten(yield* Fiber.poll(fiber))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Closed", attempts: 1, requestsSent })
      yield* Effect.flatten(yield* Fiber.poll(closing))
    }))

  it.effect("a layer that is closed does not wait for a daemon of a transform", () =>
    Effect.gen(function*() {
      const forks = HttpClient.tap(() => Effect.forkDaemon(Effect.never))
      const session = yield* callOver(over(ok), forks, { policy: { shutdownGrace: "1 hour" } })
      assert.strictEqual(session.id, sessionId)
    }))

  it.effect("a call in an uninterruptible effect succeeds", () =>
    Effect.gen(function*() {
      const session = yield* Effect.uninterruptible(callOver(over(ok), setHeader("x-tenant", "acme")))
      assert.strictEqual(session.id, sessionId)
    }))

  it.effect("runs in the span of the attempt, without spans and trace headers of its own", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const base = over(ok)
      let current: unknown
      const records = HttpClient.mapRequestEffect(request =>
        Effect.map(Effect.orDie(Effect.currentSpan), span => {
          current = span
          return request
        })
      )
      yield* traced(callOver(base, records))
      assert.lengthOf(spans, 2)
      assert.strictEqual(current, spans[1])
      assert.notProperty(base.requests[0]?.headers, "traceparent")
    }))

  it.effect("sees and can change the trace headers that are propagated", () =>
    Effect.gen(function*() {
      const base = over(ok)
      let seen: string | undefined
      const records = HttpClient.mapRequest(request => {
        seen = request.headers["traceparent"]
        return HttpClientRequest.setHeader(request, "b3", "0")
      })
      yield* callOver(base, records, { tracePropagation: true })
      assert.isString(seen)
      assert.deepInclude(base.requests[0]?.headers, { traceparent: seen, b3: "0" })
    }))

  it.effect("has the context, the FiberRefs and the clock of the call", () =>
    Effect.gen(function*() {
      const base = over(ok)
      const ref = FiberRef.unsafeMake("none")
      let seen = ""
      const records = HttpClient.mapRequestEffect(request =>
        Effect.zipRight(
          Effect.sleep("1 second"),
          Effect.map(FiberRef.get(ref), value => {
            seen = value
            return request
          })
        )
      )
      yield* within("1 second")(Effect.locally(callOver(base, records), ref, "of the call"))
      assert.strictEqual(seen, "of the call")
    }))
})

describe.concurrent.each(ways)("%s over a Transport", (_, callOver) => {
  it.effect.each([101, 199, 204, 304, 600, 999])(
    "a response with the status %d is the same error as without a transform",
    status =>
      Effect.gen(function*() {
        const { chunks: _, ...response } = json(status)
        const plain = yield* Effect.flip(getOver(overTransport(response)))
        const transformed = yield* Effect.flip(callOver(overTransport(response), setHeader("x-tenant", "acme")))
        assert.deepStrictEqual(transformed.toJSON(), plain.toJSON())
      })
  )

  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["an unknown connection error", { cause: new Error("unknown") }],
    ["no cause", { cause: undefined }],
    ["a certificate that is not trusted", { ...connectionError("SELF_SIGNED_CERT_IN_CHAIN"), isSent: false }],
    ["a reset", connectionError("ECONNRESET")],
    ["a truncated body", { ...json(200, "{"), ...connectionError("ECONNRESET") }],
    ["two lengths", json(200, "{}", { "content-length": "2, 3" })],
    ["a header with text that is not Latin-1", json(200, "{}", { "x-request-id": "\u2603" })],
    ["a compressed body", json(200, "{}", { "content-encoding": "gzip" })],
    ["HTML", { status: 200, headers: { "content-type": "text/html" }, chunks: ["<p>"] }]
  ])("%s is the same error as without a transform, which may read the body", ([, response]) =>
    Effect.gen(function*() {
      const plain = yield* Effect.flip(getOver(overTransport(response), noRetries))
      for (const transform of [setHeader("x-tenant", "acme"), readsBody, HttpClient.filterStatusOk]) {
        const transformed = yield* Effect.flip(callOver(overTransport(response), transform, noRetries))
        assert.deepStrictEqual(transformed.toJSON(), plain.toJSON())
      }
    }))

  it.effect("the time in the queue of the transport does not count for attemptTimeout", () =>
    Effect.gen(function*() {
      const base = overTransport({ ...ok, queued: 20_000, after: 1500 })
      const policy = { attemptTimeout: "2 seconds", deadline: "1 minute", maxRetries: 0 } as const
      const waits = HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
        Effect.delay(Effect.succeed(request), "1500 millis")
      )
      const session = yield* within("1 minute")(callOver(base, waits, { policy }))
      assert.strictEqual(session.id, sessionId)
    }))

  it.effect("the time of a request that was queued counts from its connection on", () =>
    Effect.gen(function*() {
      const base = overTransport({ ...noResponse, queued: 5000 })
      const policy = { attemptTimeout: "2 seconds", deadline: "1 minute", maxRetries: 0 } as const
      const call = Effect.flip(callOver(base, setHeader("x-tenant", "acme"), { policy }))
      const error = yield* within("7 seconds")(call)
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "attempt", requestsSent: 1 })
      assert.strictEqual(base.aborted(), 1)
    }))

  it.effect("a request that the transform sends in the background is aborted when the attempt is settled", () =>
    Effect.gen(function*() {
      const base = overTransport(noResponse, ok)
      const sendsTwo: Transform = client =>
        HttpClient.transform(client, (response, request) =>
          Effect.zipRight(
            Effect.forkDaemon(client.execute(HttpClientRequest.setHeader(request, "x-background", "1"))),
            Effect.zipRight(Effect.sleep("1 second"), response)
          ))
      assert.strictEqual((yield* within("1 second")(callOver(base, sendsTwo))).id, sessionId)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(base.requests, 2)
      assert.strictEqual(base.aborted(), 1)
    }))

  it.effect("a request that the transport sends twice counts twice", () =>
    Effect.gen(function*() {
      const base = overTransport({ ...serverError, replaced: true })
      const error = yield* Effect.flip(callOver(base, setHeader("x-tenant", "acme"), noRetries))
      assert.strictEqual(error.requestsSent, 2)
    }))

  it.effect("every form of the body of a response can be read, more than once", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const reads = HttpClient.tap(response =>
        Effect.gen(function*() {
          seen.push((yield* response.arrayBuffer).byteLength)
          seen.push(new Map(yield* response.urlParamsBody).size)
          seen.push(yield* Stream.runCount(response.stream))
          seen.push(yield* Stream.runCount(response.stream))
          seen.push(Exit.isFailure(yield* Effect.exit(response.formData)))
          seen.push(response.cookies.cookies["a"] !== undefined, Option.isNone(response.remoteAddress))
          seen.push(response.toJSON() instanceof Object)
        })
      )
      yield* callOver(overTransport({ ...json(200, body(), { "set-cookie": "a=1" }), between: 1 }), reads)
        .pipe(within("1 minute"))
      assert.deepStrictEqual(seen, [Buffer.byteLength(body()), 1, 1, 1, true, true, true, true])
    }))

  it.live("code of the transform and after the call has the AsyncLocalStorage of its caller", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const run = storage.run("a connection", () => AsyncLocalStorage.snapshot())
      const waiting: Array<() => void> = []
      const transport = Layer.succeed(Transport.Transport, {
        dispatch: (_, handler) => {
          handler.onConnection()
          handler.onRequestSent()
          waiting.push(() => {
            if (!handler.onHeaders(200, { "content-type": "application/json" })) return
            setTimeout(() => {
              handler.onData(new TextEncoder().encode(body()))
              handler.onEnd()
            }, 2)
          })
          return () => {}
        },
        closed: Effect.never,
        mayDecompress: false
      })
      const seen: Array<string | undefined> = []
      const see = Effect.sync(() => void seen.push(storage.getStore()))
      const records: Transform = client =>
        client.pipe(
          HttpClient.mapRequestEffect(request => Effect.as(see, request)),
          HttpClient.tap(response => Effect.all([see, response.text, see]))
        )
      const call = (name: string) =>
        storage.run(
          name,
          () => Effect.runPromise(callOver({ transport }, records, { policy: patient }).pipe(Effect.zipRight(see)))
        )
      const calls = ["one", "two"].map(call)
      yield* until(() => waiting.length === 2)
      run(() => waiting.toReversed().forEach(respond => respond()))
      yield* Effect.promise(() => Promise.all(calls))
      assert.deepStrictEqual(seen.toSorted((one, two) => String(one).localeCompare(String(two))), [
        "one",
        "one",
        "one",
        "one",
        "two",
        "two",
        "two",
        "two"
      ])
    }))
})

/** Appends a letter to a header, so that it shows the order of the transforms. */
const append = (letter: string): Transform =>
  HttpClient.mapRequest(request =>
    HttpClientRequest.setHeader(request, "x-order", (request.headers["x-order"] ?? "") + letter)
  )

describe("withTransform", () => {
  it.effect("applies to the calls of its effect only, around those of outer effects and of the client", () =>
    Effect.gen(function*() {
      const base = overTransport(ok)
      yield* Effect.gen(function*() {
        yield* get()
        yield* get().pipe(
          SignalWireClient.withTransform(append("c")),
          Effect.zipRight(get()),
          SignalWireClient.withTransform(append("b"))
        )
        yield* get()
      }).pipe(Effect.provide(sessions(base, { transformClient: append("a") })))
      assert.deepStrictEqual(base.requests.map(({ headers }) => headers["x-order"]), ["a", "abc", "ab", "a"])
    }))

  it.effect("applies to calls in fibers that its effect forks", () =>
    Effect.gen(function*() {
      const base = overTransport(ok)
      yield* Effect.all([get(), get()], { concurrency: "unbounded" }).pipe(
        SignalWireClient.withTransform(append("a")),
        Effect.provide(sessions(base))
      )
      assert.deepStrictEqual(base.requests.map(({ headers }) => headers["x-order"]), ["a", "a"])
    }))

  it.effect("does not apply to the calls that its transform makes", () =>
    Effect.gen(function*() {
      const base = overTransport(ok)
      const layer = sessions(base)
      yield* Effect.gen(function*() {
        const context = yield* Effect.context<Layer.Layer.Success<typeof layer>>()
        const looksUp = HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
          Effect.as(Effect.orDie(Effect.provide(get(), context)), request)
        )
        yield* SignalWireClient.withTransform(looksUp)(get())
      }).pipe(Effect.provide(layer))
      assert.lengthOf(base.requests, 2)
    }))

  it.effect.each<readonly [what: string, transform: unknown]>([
    ["throws", () => {
      throw new Error("a bug")
    }],
    ["returns no HttpClient", () => undefined],
    ["is no function", "nonsense"]
  ])("a transform that %s is TransportError Other", ([, transform]) =>
    Effect.gen(function*() {
      // JavaScript without types
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const call = SignalWireClient.withTransform(transform as Transform)(getOver(overTransport(ok)))
      assert.deepInclude(yield* Effect.flip(call), {
        _tag: "SignalWireTransportError",
        reason: "Other",
        code: "ERR_TRANSFORM_FAILED",
        requestsSent: 0
      })
    }))
})

describe("transformClient", () => {
  it.effect("is applied once for each client, and keeps state between calls", () =>
    Effect.gen(function*() {
      let applied = 0
      const base = overTransport(ok)
      const counts: Transform = client => {
        applied++
        let calls = 0
        return HttpClient.mapRequest(client, request => HttpClientRequest.setHeader(request, "x-call", String(++calls)))
      }
      yield* Effect.zipRight(get(), get()).pipe(Effect.provide(sessions(base, { transformClient: counts })))
      assert.strictEqual(applied, 1)
      assert.deepStrictEqual(base.requests.map(({ headers }) => headers["x-call"]), ["1", "2"])
    }))

  it.effect.each<readonly [what: string, transformClient: unknown]>([
    ["is no function", "nonsense"],
    ["is null", null],
    ["returns no HttpClient", () => ({})]
  ])(
    "a transformClient that %s is a ConfigError that says what is accepted",
    ([, transformClient]) =>
      Effect.gen(function*() {
        // JavaScript without types
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const options = { ...credentials, transformClient: transformClient as Transform }
        const layer = Layer.provide(SignalWireClient.layerTransport(options), overTransport(ok).transport)
        const error = yield* Effect.flip(Layer.build(layer).pipe(Effect.scoped))
        assert.deepStrictEqual(
          error,
          ConfigError.InvalidData(
            ["transformClient"],
            "Expected a function that returns an HttpClient for an HttpClient, and does not throw"
          )
        )
      })
  )

  it.effect("two clients of one effect have their own transforms, credentials and transports", () =>
    Effect.gen(function*() {
      const first = overTransport(ok)
      const second = overHttpClient(ok)
      const one = getOver(first, { transformClient: append("1") })
      const two = getOver(second, { space: "other", transformClient: append("2") })
      const nested = HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
        Effect.as(Effect.orDie(two), request)
      )
      yield* SignalWireClient.withTransform(nested)(one)
      assert.deepStrictEqual(first.requests.map(({ headers, url }) => [new URL(url).host, headers["x-order"]]), [
        ["acme.signalwire.com", "1"]
      ])
      assert.deepStrictEqual(second.requests.map(({ headers, url }) => [new URL(url).host, headers["x-order"]]), [
        ["other.signalwire.com", "2"]
      ])
    }))

  it.effect("does not apply to the calls of the same client that it makes", () =>
    Effect.gen(function*() {
      const base = overTransport(ok)
      let left = 10
      const looksUp: Transform = client =>
        append("a")(
          HttpClient.tapRequest(client, () =>
            Effect.flatMap(Effect.serviceOption(RoomSessions.RoomSessions), service =>
              // ends a transform that calls itself again and again
              left-- === 0 ? Effect.void : Effect.orDie(Option.getOrThrow(service).get(sessionId))))
        )
      yield* Effect.provide(get(), sessions(base, { transformClient: looksUp }))
      assert.deepStrictEqual(
        base.requests.map(({ headers }) => headers["x-order"]),
        [undefined, "a"]
      )
    }))

  it.scoped("two clients whose transforms call each other do so once", () =>
    Effect.gen(function*() {
      const bases = { first: overTransport(ok), second: overTransport(ok) }
      const services: Partial<Record<keyof typeof bases, RoomSessions.Service>> = {}
      let left = 10
      const calls = (other: keyof typeof bases): Transform => client =>
        append(other)(
          HttpClient.tapRequest(client, () =>
            // ends transforms that call each other again and again
            left-- === 0 ? Effect.void : Effect.orDie(services[other]?.get(sessionId) ?? Effect.void))
        )
      const open = (base: Base, other: keyof typeof bases) =>
        Effect.map(
          Layer.build(sessions(base, { transformClient: calls(other) })),
          Context.get(RoomSessions.RoomSessions)
        )
      services.first = yield* open(bases.first, "second")
      services.second = yield* open(bases.second, "first")
      yield* services.first.get(sessionId)
      assert.deepStrictEqual(bases.first.requests.map(({ headers }) => headers["x-order"]), [undefined, "second"])
      assert.deepStrictEqual(bases.second.requests.map(({ headers }) => headers["x-order"]), ["first"])
    }))

  it.effect("a call of another client in a transform has the transformClient of that one, and no withTransform", () =>
    Effect.gen(function*() {
      const first = overTransport(ok)
      const second = overTransport(ok)
      const other = Effect.orDie(getOver(second, { transformClient: append("2") }))
      const nested: Transform = client => append("1")(HttpClient.tapRequest(client, () => other))
      yield* SignalWireClient.withTransform(append("w"))(getOver(first, { transformClient: nested }))
      assert.deepStrictEqual(first.requests.map(({ headers }) => headers["x-order"]), ["1w"])
      assert.deepStrictEqual(second.requests.map(({ headers }) => headers["x-order"]), ["2"])
    }))

  it.effect("a client that the transform of another client uses sends over its own transport", () =>
    Effect.gen(function*() {
      let captured: HttpClient.HttpClient | undefined
      const first = overTransport(ok)
      const second = overTransport(ok)
      const captures: Transform = client => {
        captured = client
        return client
      }
      yield* getOver(first, { transformClient: captures })
      yield* getOver(second, { transformClient: client => captured ?? client })
      assert.lengthOf(first.requests, 2)
      assert.lengthOf(second.requests, 0)
    }))

  it.live("2,000 calls at once have their own requests and responses", () =>
    Effect.gen(function*() {
      const base = overTransport({ ...ok, after: 20 })
      const options = { transformClient: setHeader("x-tenant", "acme"), policy: patient }
      const found = yield* Effect.replicateEffect(get(), 2000, { concurrency: "unbounded" }).pipe(
        SignalWireClient.withTransform(readsBody),
        Effect.provide(sessions(base, options))
      )
      assert.lengthOf(found, 2000)
      assert.lengthOf(base.requests, 2000)
    }), 180_000)

  it.live("a transform that loses the fiber of its call, in a promise, sends the request with the credentials", () =>
    Effect.gen(function*() {
      const base = overTransport(ok)
      const promises: Transform = client =>
        HttpClient.make(request =>
          Effect.tryPromise({
            try: () => Effect.runPromise(client.execute(request)),
            catch: cause => new HttpClientError.RequestError({ request, reason: "Transport", cause })
          })
        )
      assert.strictEqual((yield* getOver(base, { transformClient: promises, policy: patient })).id, sessionId)
      assert.match(base.requests[0]?.headers["authorization"] ?? "", basic)
    }))
})
