import { assert, describe, it } from "@effect/vitest"
import { Cause, type Context, Effect, Exit, Option, Tracer } from "effect"
import { inspect } from "node:util"
import { body, sessionId } from "./support/sessions.ts"
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
  sessions,
  silence
} from "./support/transports.ts"
import { shortestWaits, within } from "./support/within.ts"

/** A span that keeps what it is told. */
class RecordedSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly sampled = true
  readonly traceId: string
  readonly spanId: string
  readonly attributes = new Map<string, unknown>()
  readonly links: ReadonlyArray<Tracer.SpanLink>
  status: Tracer.SpanStatus
  readonly name: string
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly kind: Tracer.SpanKind

  constructor(
    index: number,
    ...[name, parent, context, links, startTime, kind]: Parameters<Tracer.Tracer["span"]>
  ) {
    this.name = name
    this.parent = parent
    this.context = context
    this.links = links
    this.kind = kind
    this.status = { _tag: "Started", startTime }
    this.traceId = Option.getOrElse(Option.map(parent, span => span.traceId), () => "0".repeat(31) + "1")
    this.spanId = String(index).padStart(16, "0")
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
  }

  attribute(key: string, value: unknown): void {
    this.attributes.set(key, value)
  }

  event(): void {}

  addLinks(): void {}
}

/** A tracer that keeps its spans, in the order in which they began. */
const record = () => {
  const spans: Array<RecordedSpan> = []
  const tracer = Tracer.make({
    span: (...args) => {
      const span = new RecordedSpan(spans.length + 1, ...args)
      spans.push(span)
      return span
    },
    context: run => run()
  })
  return { spans, traced: Effect.withTracer(tracer) }
}

const parentOf = (span: RecordedSpan | undefined) => Option.getOrUndefined(span?.parent ?? Option.none())

const attributes = (span: RecordedSpan | undefined) => Object.fromEntries(span?.attributes ?? [])

const template = "/api/video/room_sessions/{id}"

describe.each<readonly [name: string, make: Make]>([
  ["any HttpClient", overHttpClient],
  ["a Transport of its own", overTransport]
])("over %s", (_, over) => {
  it.effect("a call is a span, and its attempt a child with the attributes of an HTTP client", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      yield* traced(getOver(over(ok)))
      assert.deepStrictEqual(spans.map(({ name, kind }) => [name, kind]), [
        ["RoomSessions.get", "internal"],
        [`GET ${template}`, "client"]
      ])
      const [call, attempt] = spans
      assert.deepStrictEqual(attributes(call), { "signalwire.resource.id": sessionId })
      assert.deepStrictEqual(attributes(attempt), {
        "http.request.method": "GET",
        "url.full": `https://acme.signalwire.com/api/video/room_sessions/${sessionId}`,
        "url.template": template,
        "server.address": "acme.signalwire.com",
        "server.port": 443,
        "http.response.status_code": 200
      })
      assert.strictEqual(parentOf(attempt), call)
      assert.isTrue(spans.every(({ status }) => status._tag === "Ended" && Exit.isSuccess(status.exit)))
    }))

  it.effect("each attempt is a child of its own, numbered from the second on", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      yield* within("1 minute")(traced(shortestWaits(getOver(over(broken, failing("ECONNRESET"), ok)))))
      const [call, ...attempts] = spans
      assert.isTrue(attempts.every(attempt => parentOf(attempt) === call))
      const facts = ["http.request.resend_count", "http.response.status_code", "error.type"]
      assert.deepStrictEqual(attempts.map(({ attributes }) => facts.map(name => attributes.get(name))), [
        [undefined, 500, "500"],
        [1, undefined, "SignalWireTransportError"],
        [2, 200, undefined]
      ])
      assert.deepStrictEqual(attempts.map(({ status }) => status._tag === "Ended" && Exit.isSuccess(status.exit)), [
        false,
        false,
        true
      ])
      assert.deepStrictEqual(
        attempts.slice(1).map(({ status }, index) => {
          const before = attempts[index]?.status
          return before?._tag === "Ended" ? Number(status.startTime - before.endTime) / 1e6 : undefined
        }),
        [150, 300]
      )
    }))

  it.effect("a failure ends both spans with it", () =>
    Effect.gen(function*() {
      for (
        const [reply, tag] of [[json(404, ""), "404"], [json(200, "x"), "SignalWireInvalidResponse"], [
          json(302, ""),
          "SignalWireUnexpectedStatus"
        ]] as const
      ) {
        const { spans, traced } = record()
        const failure = yield* Effect.flip(traced(getOver(over(reply))))
        assert.strictEqual(spans[1]?.attributes.get("error.type"), tag)
        for (const { status } of spans) {
          const cause = status._tag === "Ended" && Exit.isFailure(status.exit) ? status.exit.cause : Cause.empty
          assert.strictEqual(Cause.squash(cause), failure)
        }
      }
    }))

  it.effect("a status that arrived is told, though its body did not", () =>
    Effect.gen(function*() {
      const broken = { ...json(200, "{"), ...failing("ECONNRESET") }
      const stalled = { ...json(200, "{"), stalls: true }
      for (const reply of [broken, stalled]) {
        const { spans, traced } = record()
        yield* within("1 minute")(Effect.exit(traced(getOver(over(reply)))))
        assert.strictEqual(spans[1]?.attributes.get("http.response.status_code"), 200)
      }
    }))

  it.effect("a timeout is named", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      const policy = { attemptTimeout: "1 second", maxRetries: 0 } as const
      yield* Effect.flip(within("1 second")(traced(getOver(over(silence), { policy }))))
      assert.strictEqual(spans[1]?.attributes.get("error.type"), "SignalWireRequestTimeout")
    }))

  it.effect("an address of one's own is described too", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      yield* traced(getOver(over(ok), { baseUrl: "http://127.0.0.1:8080/gateway" }))
      assert.include(attributes(spans[1]), {
        "url.full": `http://127.0.0.1:8080/gateway/api/video/room_sessions/${sessionId}`,
        "url.template": `/gateway${template}`,
        "server.address": "127.0.0.1",
        "server.port": 8080
      })
      yield* traced(getOver(over(ok), { baseUrl: "http://[::1]:8080" }))
      assert.include(attributes(spans[3]), { "server.address": "::1", "server.port": 8080 })
    }))

  it.effect("no span has a secret in it, whatever the server says", () =>
    Effect.gen(function*() {
      const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")
      const { spans, traced } = record()
      for (const status of [200, 400, 401, 404, 500]) {
        const reply = json(status, body({ locked: pair }), { "x-request-id": "PTtopsecret", location: pair })
        yield* within("1 minute")(Effect.exit(traced(getOver(over(reply)))))
      }
      assert.isAbove(spans.length, 10)
      const shown = spans.map(({ attributes, name, status }) =>
        inspect([name, [...attributes], status], { depth: 10, showHidden: true })
      ).join("\n")
      for (const secret of ["PTtopsecret", pair, encodeURIComponent(pair)]) assert.notInclude(shown, secret)
    }))

  describe("trace headers", () => {
    const headers = ["traceparent", "b3"]
    const sent = (transport: ReturnType<Make>) =>
      transport.requests.map(({ headers: all }) => headers.map(name => all[name]))

    it.effect("are not sent, traced or not", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* getOver(transport)
        yield* record().traced(getOver(transport))
        yield* Effect.withSpan(record().traced(getOver(transport)), "outer")
        assert.deepStrictEqual(sent(transport), [[undefined, undefined], [undefined, undefined], [
          undefined,
          undefined
        ]])
      }))

    it.effect("are sent when asked for, and name the span of the attempt", () =>
      Effect.gen(function*() {
        const transport = over(broken, ok)
        const { spans, traced } = record()
        yield* within("1 minute")(traced(getOver(transport, { tracePropagation: true })))
        const attempts = spans.slice(1)
        assert.deepStrictEqual(
          sent(transport),
          attempts.map(({ spanId, traceId }) => [
            `00-${traceId}-${spanId}-01`,
            `${traceId}-${spanId}-1-${spans[0]?.spanId}`
          ])
        )
      }))

    it.effect("are not sent when tracing was switched off", () =>
      Effect.gen(function*() {
        const transport = over(ok)
        yield* Effect.withTracerEnabled(getOver(transport, { tracePropagation: true }), false)
        assert.deepStrictEqual(sent(transport), [[undefined, undefined]])
      }))

    it.effect("do not replace the client's own headers", () =>
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
  })

  it.effect("tracing that was switched off makes no spans", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      yield* traced(Effect.withTracerEnabled(getOver(over(ok)), false))
      assert.strictEqual(spans.length, 0)
    }))

  it.effect("the call is a child of the span around it", () =>
    Effect.gen(function*() {
      const { spans, traced } = record()
      yield* traced(Effect.withSpan(Effect.provide(get(), sessions(over(ok))), "outer"))
      assert.deepStrictEqual(spans.map(({ name }) => name), ["outer", "RoomSessions.get", `GET ${template}`])
      assert.strictEqual(parentOf(spans[1]), spans[0])
    }))
})
