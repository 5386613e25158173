import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire, UndiciTransport } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Layer, Logger, Metric, MetricKeyType, Redacted, Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { live, statusOf } from "../src/telemetry.ts"

const KeyValue = Schema.Struct({
  key: Schema.String,
  value: Schema.Record({ key: Schema.String, value: Schema.Unknown })
})
const Attributes = Schema.Array(KeyValue)
const Resource = Schema.Struct({ attributes: Attributes })

const Traces = Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({
    resource: Resource,
    scopeSpans: Schema.Array(Schema.Struct({
      spans: Schema.Array(Schema.Struct({
        name: Schema.String,
        kind: Schema.Number,
        spanId: Schema.String,
        parentSpanId: Schema.optional(Schema.String),
        attributes: Attributes,
        status: Schema.Struct({ code: Schema.Number })
      }))
    }))
  }))
})

const Point = Schema.Struct({
  attributes: Attributes,
  asDouble: Schema.optional(Schema.Number),
  count: Schema.optional(Schema.Number),
  bucketCounts: Schema.optional(Schema.Array(Schema.Number)),
  explicitBounds: Schema.optional(Schema.Array(Schema.Number))
})

const Metrics = Schema.Struct({
  resourceMetrics: Schema.Array(Schema.Struct({
    scopeMetrics: Schema.Array(Schema.Struct({
      metrics: Schema.Array(Schema.Struct({
        name: Schema.String,
        description: Schema.String,
        unit: Schema.String,
        sum: Schema.optional(Schema.Struct({ isMonotonic: Schema.Boolean, dataPoints: Schema.Array(Point) })),
        gauge: Schema.optional(Schema.Struct({ dataPoints: Schema.Array(Point) })),
        histogram: Schema.optional(Schema.Struct({ dataPoints: Schema.Array(Point) }))
      }))
    }))
  }))
})

const Logs = Schema.Struct({
  resourceLogs: Schema.Array(Schema.Struct({
    scopeLogs: Schema.Array(Schema.Struct({
      logRecords: Schema.Array(Schema.Struct({
        severityText: Schema.String,
        body: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
        attributes: Attributes,
        traceId: Schema.optional(Schema.String)
      }))
    }))
  }))
})

type Pair = Schema.Schema.Type<typeof KeyValue>

const toRecord = (attributes: ReadonlyArray<Pair>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** An OpenTelemetry collector on loopback, which keeps the bodies that it receives, by path. */
const collector = Effect.acquireRelease(
  Effect.async<{ readonly url: string; readonly bodies: Map<string, Array<unknown>>; readonly close: () => void }>(
    resume => {
      const bodies = new Map<string, Array<unknown>>()
      const server = createServer((request, response) => {
        let text = ""
        request.on("data", chunk => {
          text += String(chunk)
        })
        request.on("end", () => {
          const path = request.url ?? ""
          bodies.set(path, [...bodies.get(path) ?? [], JSON.parse(text)])
          response.setHeader("content-type", "application/json").end("{}")
        })
      }).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, bodies, close }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

/** The label of the metrics of this file, since other tests of the process have metrics too. */
const test = "telemetry"

/** Calls share the pool and the retry budget, whose metrics have no labels of a call. */
const isShared = (name: string): boolean =>
  ["http.client.open_connections", "http.client.request.time_in_queue", "signalwire.client.queued_requests"]
    .includes(name) || name === "signalwire.client.retry_budget.available"

/** Runs the example against a sandbox that responds to the first request with a 500, and returns what the collector received. */
const exported = Effect.gen(function*() {
  const { bodies, url } = yield* collector
  const sandbox = yield* SandboxSpace.SandboxSpace
  const [session] = sandbox.sessions
  const id = session?.id ?? ""
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
  vi.stubEnv("SIGNALWIRE_REST_BASE_URL", sandbox.url)
  vi.stubEnv("SIGNALWIRE_PROJECT_ID", sandbox.projectId)
  vi.stubEnv("SIGNALWIRE_API_TOKEN", Redacted.value(sandbox.apiToken))
  yield* sandbox.respondNext(500)
  const status = yield* Effect.provide(Effect.tagMetrics(statusOf(id), "test", test), live)
  assert.strictEqual(status, session?.status)
  const port = new URL(sandbox.url).port
  const decodeAll = <A, I>(path: string, schema: Schema.Schema<A, I>) =>
    (bodies.get(path) ?? []).map(body => Schema.decodeUnknownSync(schema)(body))
  return {
    id,
    port,
    text: JSON.stringify([...bodies]),
    token: Redacted.value(sandbox.apiToken),
    spans: decodeAll("/v1/traces", Traces)
      .flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      ),
    metrics: decodeAll("/v1/metrics", Metrics).slice(-1)
      .flatMap(({ resourceMetrics }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      ),
    logs: decodeAll("/v1/logs", Logs)
      .flatMap(({ resourceLogs }) =>
        resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
      )
  }
}).pipe(
  Effect.provide(Logger.remove(Logger.defaultLogger)),
  Effect.scoped,
  Effect.provide(SandboxSpace.layerTest),
  Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs()))
)

describe("telemetry", () => {
  it.live("a collector receives the spans, the metrics and the log lines of a call with a retry", () =>
    Effect.gen(function*() {
      const { id, logs, metrics, port, spans, text, token } = yield* exported
      const server = { "server.address": "127.0.0.1", "server.port": port }
      const template = "/api/video/room_sessions/{id}"

      const call = spans.find(({ name }) => name === "RoomSessions.get")
      assert.deepStrictEqual(toRecord(call?.attributes ?? []), {
        "signalwire.resource.id": id,
        "signalwire.attempts": 2,
        "signalwire.requests_sent": 2,
        "http.response.status_code": 200
      })
      const attempts = spans.filter(({ name }) => name === `GET ${template}`).map(span => ({
        parent: span.parentSpanId,
        kind: span.kind,
        status: span.status.code,
        type: toRecord(span.attributes)["error.type"]
      }))
      assert.deepStrictEqual(attempts, [
        { parent: call?.spanId, kind: 3, status: 2, type: "SignalWireInternalServerError" },
        { parent: call?.spanId, kind: 3, status: 1, type: undefined }
      ])

      const pointsOf = (name: string) => {
        const metric = metrics.find(found => found.name === name)
        const points = metric?.sum?.dataPoints ?? metric?.gauge?.dataPoints ?? metric?.histogram?.dataPoints ?? []
        return points
          .map(point => ({ ...point, attributes: toRecord(point.attributes) }))
          .filter(({ attributes }) =>
            attributes["test"] === test || isShared(name) && attributes["server.port"] === port
          )
      }
      assert.deepInclude(metrics.find(({ name }) => name === "http.client.request.duration"), {
        unit: "s",
        description: "Duration of HTTP client requests"
      })
      const request = { test, unit: "s", "http.request.method": "GET", ...server, "url.template": template }
      const durations = pointsOf("http.client.request.duration")
      assert.sameDeepMembers<unknown>(durations.map(({ attributes, count }) => ({ ...attributes, count })), [
        { ...request, "http.response.status_code": "200", count: 1 },
        {
          ...request,
          "http.response.status_code": "500",
          "error.type": "SignalWireInternalServerError",
          count: 1
        }
      ])
      for (const { bucketCounts, explicitBounds } of durations) {
        assert.deepStrictEqual(explicitBounds, [
          0.005,
          0.01,
          0.025,
          0.05,
          0.075,
          0.1,
          0.25,
          0.5,
          0.75,
          1,
          2.5,
          5,
          7.5,
          10
        ])
        assert.strictEqual(bucketCounts?.length, 15)
        assert.strictEqual(bucketCounts?.reduce((sum, count) => sum + count, 0), 1)
      }

      const sums = ["http.client.active_requests", "http.client.open_connections", "signalwire.client.queued_requests"]
      for (const name of sums) {
        assert.isFalse(metrics.find(found => found.name === name)?.sum?.isMonotonic, `${name} goes up and down`)
        for (const { asDouble, attributes } of pointsOf(name)) {
          assert.strictEqual(asDouble, 0, `${name} after the client was closed: ${JSON.stringify(attributes)}`)
        }
      }
      const retries = metrics.find(({ name }) => name === "signalwire.client.retries")
      assert.deepInclude(retries, { unit: "{retry}" })
      assert.isTrue(retries?.sum?.isMonotonic)
      assert.deepStrictEqual(pointsOf("signalwire.client.retries").map(({ attributes }) => attributes), [
        {
          test,
          unit: "{retry}",
          operation: "RoomSessions.get",
          ...server,
          "error.type": "SignalWireInternalServerError"
        }
      ])
      assert.deepStrictEqual(pointsOf("signalwire.client.retry_budget.available").map(({ asDouble }) => asDouble), [95])
      assert.includeMembers(
        metrics.map(({ name }) => name),
        ["started", "active", "successes", "failures", "lifetimes"].map(name => `effect_fiber_${name}`)
      )

      assert.deepStrictEqual(
        logs.map(({ body, severityText, traceId }) => [severityText, body["stringValue"], traceId !== undefined]),
        [
          ["DEBUG", logs[0]?.body["stringValue"], true],
          ["WARN", "RoomSessions.get needed 2 attempts", true]
        ]
      )
      assert.match(
        String(logs[0]?.body["stringValue"]),
        /^RoomSessions\.get: attempt 1 failed and is retried in \d+ ms$/
      )

      assert.notInclude(JSON.stringify(metrics), id)
      assert.notInclude(text, token)
    }))
})

const root = fileURLToPath(new URL("../../..", import.meta.url))

interface Row {
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly attributes: ReadonlyArray<string>
}

/** The rows of a table of docs/telemetry.md: cells with backticks become lists. */
const documented = (): ReadonlyArray<Row> =>
  readFileSync(join(root, "docs/telemetry.md"), "utf8").split("\n")
    .map(line => line.split("|").map(cell => cell.trim()))
    .flatMap(([, name = "", type = "", unit = "", attributes = ""]) =>
      /^`(?:http|signalwire)\.client\./.test(name)
        ? [{
          name: name.replaceAll("`", ""),
          type,
          unit: unit.replaceAll("`", ""),
          attributes: Array.from(attributes.matchAll(/`([^`]+)`/g), ([, attribute = ""]) => attribute).toSorted(
            (a, b) => a.localeCompare(b)
          )
        }]
        : []
    )

const typeOf = (keyType: unknown): string => {
  if (MetricKeyType.isHistogramKey(keyType)) return "histogram"
  if (MetricKeyType.isGaugeKey(keyType)) return "gauge"
  return MetricKeyType.isCounterKey(keyType) && keyType.incremental ? "counter" : "up/down counter"
}

/** The metrics of the process with all attributes that they have. */
const emitted = (port: string): ReadonlyArray<Row> => {
  const rows = new Map<string, { readonly type: string; readonly unit: string; readonly attributes: Set<string> }>()
  for (const { metricKey: { keyType, name, tags } } of Metric.unsafeSnapshot()) {
    const isOwn = tags.some(({ key, value }) =>
      isShared(name) ? key === "server.port" && value === port : value === test
    )
    if (!isOwn || !/^(?:http|signalwire)\./.test(name)) continue
    const unit = tags.find(({ key }) => key === "unit")?.value ?? ""
    const row = rows.get(name) ?? { type: typeOf(keyType), unit, attributes: new Set() }
    for (const { key } of tags) if (key !== "unit" && key !== "test") row.attributes.add(key)
    rows.set(name, row)
  }
  return [...rows].map(([name, { attributes, type, unit }]) => ({
    name,
    type,
    unit,
    attributes: [...attributes].toSorted((a, b) => a.localeCompare(b))
  }))
}

/** The names of metrics in the sources of the published packages. */
const namesInSources = (): ReadonlyArray<string> => {
  const files = ["packages/core/src", "packages/node-runtime/src"].flatMap(directory =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter(name => name.endsWith(".ts"))
      .map(name => readFileSync(join(root, directory, name), "utf8"))
  )
  const found = files.flatMap(text => Array.from(text.matchAll(/"((?:http|signalwire)\.client\.[\w.]+)"/g)))
  return [...new Set(found.map(([, name = ""]) => name))].toSorted((a, b) => a.localeCompare(b))
}

describe("docs/telemetry.md", () => {
  it.live("the table has each metric that the packages emit, with its type, unit and attributes, and no other", () =>
    Effect.gen(function*() {
      const port = yield* Effect.gen(function*() {
        const sandbox = yield* SandboxSpace.SandboxSpace
        const [session] = SandboxSpace.seeds
        const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(session.id))
        yield* sandbox.respondNext(500, { body: JSON.stringify({ ...session.toJSON(), duration: "47:27" }) })
        yield* Effect.replicateEffect(get, 4, { concurrency: "unbounded" }).pipe(
          Effect.provide(
            NodeSignalWire.layer({ ...sandbox.options, decoding: "lenient", policy: { maxConnections: 1 } })
          )
        )
        const client = SignalWireClient.layerTransport(sandbox.options).pipe(Layer.provide(UndiciTransport.layer()))
        yield* Effect.provide(get, RoomSessions.layerCached().pipe(Layer.provide(client)))
        yield* sandbox.respondNext(404)
        yield* Effect.flip(Effect.provide(get, Layer.provide(RoomSessions.layer, client)))
        return new URL(sandbox.url).port
      }).pipe(Effect.tagMetrics("test", test), Effect.provide(SandboxSpace.layerTest))
      const byName = (a: Row, b: Row) => a.name.localeCompare(b.name)
      assert.deepStrictEqual(emitted(port).toSorted(byName), documented().toSorted(byName))
      assert.deepStrictEqual(
        namesInSources(),
        documented().map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))
      )
    }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger))))
})
