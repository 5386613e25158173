import { RequestPolicy } from "@effect-signalwire/core"
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Equal, Exit, Fiber, Layer, Option, Scope, TestClock, Tracer } from "effect"
import { inspect } from "node:util"
import { credentials, get, getOver, sessions } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { type RecordedSpan, recordSpans } from "../support/recordingTracer.ts"
import {
  connectionError,
  json,
  noResponse,
  ok,
  type PlayedResponse,
  type PlayedResponses,
  serverError
} from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient, overTransport, type Recorded, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const parentOf = (span: RecordedSpan | undefined) => Option.getOrUndefined(span?.parent ?? Option.none())

const attributesOf = (span: RecordedSpan | undefined) => Object.fromEntries(span?.attributes ?? [])

const isSuccess = ({ status }: RecordedSpan) => status._tag === "Ended" && Exit.isSuccess(status.exit)

/** `traceparent` and `b3` of each request. */
const traceHeaders = ({ requests }: Recorded) =>
  requests.map(({ headers }) => ["traceparent", "b3"].map(name => headers[name]))

const noTraceHeaders = [undefined, undefined]

const template = "/api/video/room_sessions/{id}"

describe.concurrent.each(transports)("tracing over %s", (_, over) => {
  it.effect("a call is a span, and its attempt a child with the attributes of an HTTP client", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(getOver(over(ok)))
      assert.deepStrictEqual(spans.map(({ name, kind }) => [name, kind]), [
        ["RoomSessions.get", "internal"],
        [`GET ${template}`, "client"]
      ])
      const [call, attempt] = spans
      assert.deepStrictEqual(attributesOf(call), {
        "signalwire.resource.id": sessionId,
        "signalwire.attempts": 1,
        "signalwire.requests_sent": 1,
        "http.response.status_code": 200
      })
      assert.deepStrictEqual(attributesOf(attempt), {
        "http.request.method": "GET",
        "url.full": `https://acme.signalwire.com/api/video/room_sessions/${sessionId}`,
        "url.template": template,
        "server.address": "acme.signalwire.com",
        "server.port": 443,
        "http.response.status_code": 200
      })
      assert.strictEqual(parentOf(attempt), call)
      assert.isTrue(spans.every(isSuccess))
    }))

  it.effect("each attempt is a child span, and retries have a resend_count", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const transport = over(serverError, connectionError("ECONNRESET"), ok)
      yield* within("1 minute")(traced(shortestDelays(getOver(transport))))
      const [call, ...attempts] = spans
      assert.isTrue(attempts.every(attempt => parentOf(attempt) === call))
      const names = ["http.request.resend_count", "http.response.status_code", "error.type"]
      assert.deepStrictEqual(attempts.map(({ attributes }) => names.map(name => attributes.get(name))), [
        [undefined, 500, "SignalWireInternalServerError"],
        [1, undefined, "SignalWireTransportError"],
        [2, 200, undefined]
      ])
      assert.deepStrictEqual(attempts.map(isSuccess), [false, false, true])
      assert.deepStrictEqual(
        attempts.slice(1).map(({ status }, index) => {
          const previous = attempts[index]?.status
          return previous?._tag === "Ended" ? Number(status.startTime - previous.endTime) / 1e6 : undefined
        }),
        [150, 300]
      )
    }))

  it.effect.each<readonly [what: string, response: PlayedResponse, errorType: string]>([
    ["a 404", json(404, ""), "SignalWireNotFound"],
    ["a 200 that is not JSON", json(200, "x"), "SignalWireInvalidResponse"],
    ["a 302", json(302, ""), "SignalWireUnexpectedStatus"]
  ])("the error of %s ends both spans", ([, response, errorType]) =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const error = yield* Effect.flip(traced(getOver(over(response))))
      assert.strictEqual(spans[1]?.attributes.get("error.type"), errorType)
      for (const { status } of spans) {
        const cause = status._tag === "Ended" && Exit.isFailure(status.exit) ? status.exit.cause : Cause.empty
        assert.isTrue(Equal.equals(Cause.squash(cause), error))
      }
    }))

  it.effect("the span of a call has its attempts, the requests that were sent and the last result", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const call = traced(getOver(over(serverError, connectionError("ECONNRESET"))))
      yield* within("1 minute")(Effect.exit(call))
      yield* within("1 minute")(traced(getOver(over(serverError, ok))))
      const calls = spans.filter(({ name }) => name === "RoomSessions.get")
      assert.deepStrictEqual(calls.map(attributesOf), [
        {
          "signalwire.resource.id": sessionId,
          "signalwire.attempts": 3,
          "signalwire.requests_sent": 3,
          "error.type": "SignalWireTransportError",
          "signalwire.transport_error.reason": "Reset"
        },
        {
          "signalwire.resource.id": sessionId,
          "signalwire.attempts": 2,
          "signalwire.requests_sent": 2,
          "http.response.status_code": 200
        }
      ])
    }))

  it.effect("the span of an attempt has the request id of a success and of an error, and the reason of a TransportError", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const transport = over(
        json(500, "", { "x-request-id": "r-1" }),
        connectionError("ECONNREFUSED"),
        json(200, body(), { "x-request-id": "r-3" })
      )
      yield* within("1 minute")(traced(getOver(transport)))
      const names = ["signalwire.request_id", "signalwire.transport_error.reason"]
      assert.deepStrictEqual(spans.slice(1).map(({ attributes }) => names.map(name => attributes.get(name))), [
        ["r-1", undefined],
        [undefined, "Refused"],
        ["r-3", undefined]
      ])
    }))

  it.effect.each(
    [
      [
        "the reason of an InvalidResponse",
        "signalwire.invalid_response.reason",
        json(200, "{"),
        "InvalidJson",
        "InvalidJson"
      ],
      ["the phase of a RequestTimeout", "signalwire.request_timeout.phase", noResponse, "attempt", "deadline"]
    ] as const
  )(
    "the spans of a call and of its attempt have %s",
    ([, name, response, ofAttempt, ofCall]) =>
      Effect.gen(function*() {
        const { spans, traced } = recordSpans()
        const call = RequestPolicy.with({ attemptTimeout: "20 seconds", deadline: "30 seconds" })(
          getOver(over(response))
        )
        yield* within("1 minute")(Effect.exit(traced(call)))
        const values = spans.map(({ attributes }) => attributes.get(name))
        assert.deepStrictEqual(values.slice(0, 2), [ofCall, ofAttempt])
      })
  )

  it.effect.each<
    readonly [
      when: string,
      responses: PlayedResponses,
      call: Readonly<Record<string, number>>,
      attempts: ReadonlyArray<number | undefined>
    ]
  >([
    ["before any response", [noResponse], { attempts: 1, requests_sent: 1 }, [undefined]],
    ["while it reads a body", [{ ...json(200, "{"), stalls: true }], { attempts: 1, requests_sent: 1, status: 200 }, [
      200
    ]],
    ["in the delay of a retry", [json(503, "{}", { "retry-after": "5" })], {
      attempts: 1,
      requests_sent: 1,
      status: 503
    }, [503]],
    ["in a retry", [json(503, "{}", { "retry-after": "0" }), noResponse], { attempts: 2, requests_sent: 2 }, [
      503,
      undefined
    ]]
  ])(
    "the spans of a call that is interrupted %s have the error.type Interrupted, the attempts, the requests that were sent and the last status",
    ([
      ,
      responses,
      { attempts, requests_sent, status },
      statuses
    ]) =>
      Effect.gen(function*() {
        const { spans, traced } = recordSpans()
        const call = shortestDelays(traced(getOver(over(...responses))))
        yield* within("1 minute")(Effect.exit(Effect.timeout(call, "1 second")))
        const [span, ...children] = spans
        assert.deepStrictEqual(attributesOf(span), {
          "signalwire.resource.id": sessionId,
          "signalwire.attempts": attempts,
          "signalwire.requests_sent": requests_sent,
          ...(status === undefined ? {} : { "http.response.status_code": status }),
          "error.type": "Interrupted"
        })
        assert.deepStrictEqual(children.map(({ attributes }) => attributes.get("http.response.status_code")), [
          ...statuses
        ])
        const isInProgress = status !== 503
        assert.strictEqual(
          children.at(-1)?.attributes.get("error.type"),
          isInProgress ? "Interrupted" : "SignalWireServerUnavailable"
        )
      })
  )

  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["ends with a connection error", { ...json(200, "{"), ...connectionError("ECONNRESET") }],
    ["stalls", { ...json(200, "{"), stalls: true }]
  ])("the span of an attempt has the status of a response whose body %s", ([, response]) =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* within("1 minute")(Effect.exit(traced(getOver(over(response)))))
      assert.strictEqual(spans[1]?.attributes.get("http.response.status_code"), 200)
    }))

  it.effect("an attempt that times out has the error.type SignalWireRequestTimeout", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const policy = { attemptTimeout: "1 second", maxRetries: 0 } as const
      yield* Effect.flip(within("1 second")(traced(getOver(over(noResponse), { policy }))))
      assert.strictEqual(spans[1]?.attributes.get("error.type"), "SignalWireRequestTimeout")
    }))

  it.effect("a base URL with a path, a port or an IPv6 address is in the URL attributes", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(getOver(over(ok), { baseUrl: "http://127.0.0.1:8080/gateway" }))
      assert.include(attributesOf(spans[1]), {
        "url.full": `http://127.0.0.1:8080/gateway/api/video/room_sessions/${sessionId}`,
        "url.template": `/gateway${template}`,
        "server.address": "127.0.0.1",
        "server.port": 8080
      })
      yield* traced(getOver(over(ok), { baseUrl: "http://[::1]:8080" }))
      assert.include(attributesOf(spans[3]), { "server.address": "::1", "server.port": 8080 })
      yield* traced(getOver(over(ok), { baseUrl: "http://localhost" }))
      assert.include(attributesOf(spans[5]), { "server.address": "localhost", "server.port": 80 })
    }))

  it.effect("spans have no times where the timing of the tracer is disabled", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* TestClock.adjust("1 second")
      yield* traced(Effect.withTracerTiming(getOver(over(ok)), false))
      assert.deepStrictEqual(spans.map(({ status }) => status.startTime), [0n, 0n])
    }))

  it.effect("spans do not contain the credentials that a server echoes", () =>
    Effect.gen(function*() {
      const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")
      const { spans, traced } = recordSpans()
      for (const status of [200, 400, 401, 404, 500]) {
        const response = json(status, body({ locked: pair }), { "x-request-id": "PTtopsecret", location: pair })
        yield* within("1 minute")(Effect.exit(traced(getOver(over(response)))))
      }
      assert.isAbove(spans.length, 10)
      const shown = spans.map(({ attributes, name, status }) =>
        inspect([name, [...attributes], status], { depth: 10, showHidden: true })
      ).join("\n")
      for (const secret of ["PTtopsecret", pair, encodeURIComponent(pair)]) assert.notInclude(shown, secret)
    }))

  it.effect("trace headers are not sent by default, whether the call is traced or not", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* getOver(transport)
      yield* recordSpans().traced(getOver(transport))
      yield* Effect.withSpan(recordSpans().traced(getOver(transport)), "outer")
      assert.deepStrictEqual(traceHeaders(transport), [noTraceHeaders, noTraceHeaders, noTraceHeaders])
    }))

  it.effect("trace headers are those of the span of each attempt with tracePropagation", () =>
    Effect.gen(function*() {
      const transport = over(serverError, ok)
      const { spans, traced } = recordSpans()
      yield* within("1 minute")(traced(getOver(transport, { tracePropagation: true })))
      const [call, ...attempts] = spans
      assert.deepStrictEqual(
        traceHeaders(transport),
        attempts.map(({ spanId, traceId }) => [
          `00-${traceId}-${spanId}-01`,
          `${traceId}-${spanId}-1-${call?.spanId}`
        ])
      )
    }))

  it.effect("trace headers are not sent where tracing is disabled, tracePropagation or not", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* Effect.withTracerEnabled(getOver(transport, { tracePropagation: true }), false)
      assert.deepStrictEqual(traceHeaders(transport), [noTraceHeaders])
    }))

  it.effect("trace headers are sent beside the other headers of the client", () =>
    Effect.gen(function*() {
      const transport = over(ok)
      yield* getOver(transport, { tracePropagation: true })
      assert.deepStrictEqual(Object.keys(transport.requests[0]?.headers ?? {}).toSorted(), [
        "accept",
        "accept-encoding",
        "authorization",
        "b3",
        "traceparent",
        "user-agent"
      ])
    }))

  it.effect("a call has no spans where tracing is disabled", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(Effect.withTracerEnabled(getOver(over(ok)), false))
      assert.strictEqual(spans.length, 0)
    }))

  it.effect("the span of a call is a child of the span around it", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(Effect.withSpan(Effect.provide(get(), sessions(over(ok))), "outer"))
      assert.deepStrictEqual(spans.map(({ name }) => name), ["outer", "RoomSessions.get", `GET ${template}`])
      assert.strictEqual(parentOf(spans[1]), spans[0])
    }))

  it.effect("a decoder that throws ends both spans", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const decoder = () => () => {
        throw new RangeError("the decoder has a bug")
      }
      yield* Effect.exit(traced(getOver(over(ok), { decoder })))
      assert.deepStrictEqual(spans.map(({ status }) => status._tag), ["Ended", "Ended"])
    }))

  it.effect("a call that is interrupted in the turn of its response ends both spans", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const call = yield* Effect.fork(traced(getOver(over({ ...ok, after: 100 }))))
      yield* TestClock.adjust("99 millis")
      // both timers fire in one adjustment of the clock
      yield* Effect.fork(Effect.zipRight(Effect.sleep("1 millis"), Fiber.interruptFork(call)))
      yield* TestClock.adjust("1 millis")
      yield* Fiber.await(call)
      assert.deepStrictEqual(spans.map(({ status }) => status._tag), ["Ended", "Ended"])
    }))
})

describe("tracing", () => {
  it.effect("middleware of the application's HttpClient runs in the span of the attempt", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      let current: unknown
      const records = HttpClient.mapRequestEffect(request =>
        Effect.map(Effect.orDie(Effect.currentSpan), span => {
          current = span
          return request
        })
      )
      const layer = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, records))
      yield* traced(getOver({ layer: Layer.provide(layer, overHttpClient(ok).layer) }))
      assert.strictEqual(current, spans[1])
      assert.lengthOf(spans, 2)
    }))

  it.effect("a transport is called with the span of the attempt as the current one of the tracer", () =>
    Effect.gen(function*() {
      const { spans, tracer } = recordSpans()
      const current: Array<Tracer.AnySpan | undefined> = []
      yield* getOver(overTransport(ok)).pipe(Effect.withTracer({
        ...tracer,
        context: (run, fiber) => {
          current.push(fiber.currentSpan)
          return run()
        }
      }))
      assert.include(current, spans[1])
    }))

  it.effect("a call after its layer was closed has a span without attempts", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(sessions(overTransport(ok)), scope)
      yield* Scope.close(scope, Exit.void)
      const error = yield* Effect.flip(traced(Effect.provide(get(), context)))
      assert.strictEqual(error._tag, "SignalWireTransportError")
      assert.deepStrictEqual(spans.map(attributesOf), [{
        "signalwire.resource.id": sessionId,
        "signalwire.attempts": 0,
        "signalwire.requests_sent": 0,
        "error.type": "SignalWireTransportError",
        "signalwire.transport_error.reason": "Closed"
      }])
    }))

  it.effect("the spans of a call have the annotations and links of the effect around it", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const link = Tracer.externalSpan({ spanId: "0".repeat(16), traceId: "1".repeat(32) })
      yield* traced(
        getOver(overTransport(ok)).pipe(
          Effect.annotateSpans("tenant", "acme"),
          Effect.linkSpans(link)
        )
      )
      for (const { attributes, links } of spans) {
        assert.strictEqual(attributes.get("tenant"), "acme")
        assert.deepStrictEqual(links.map(({ span }) => span), [link])
      }
    }))

  it.effect("a span whose propagation is disabled is not the parent of a call, but its own parent is", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const hidden = Effect.withSpan("hidden", { context: Context.make(Tracer.DisablePropagation, true) })
      yield* traced(Effect.withSpan(hidden(getOver(overTransport(ok))), "outer"))
      const call = spans.find(({ name }) => name === "RoomSessions.get")
      assert.strictEqual(parentOf(call), spans.find(({ name }) => name === "outer"))
    }))

  it.effect("a span of another program whose propagation is disabled is not the parent of a call", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      const context = Context.make(Tracer.DisablePropagation, true)
      const hidden = Tracer.externalSpan({ spanId: "1", traceId: "2", context })
      yield* traced(Effect.withParentSpan(getOver(overTransport(ok)), hidden))
      assert.isUndefined(parentOf(spans.find(({ name }) => name === "RoomSessions.get")))
    }))
})
