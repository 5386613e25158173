/** The metrics of a pool, for one origin. docs/telemetry.md lists them. */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import * as MetricLabel from "effect/MetricLabel"

type Attributes = Readonly<Record<string, string>>

/** `@effect/opentelemetry` reads the unit of a metric from its label `unit`. */
const labels = (unit: string, attributes: Attributes) =>
  Object.entries({ unit, ...attributes }).map(([key, value]) => MetricLabel.make(key, value))

const connectionsKey = MetricKey.counter("http.client.open_connections", {
  description: "Number of outbound HTTP connections that are active or idle"
})

const queuedKey = MetricKey.counter("signalwire.client.queued_requests", {
  description: "Number of requests that wait for a connection"
})

/** The boundaries of OpenTelemetry's conventions for durations, in seconds. */
const seconds = MetricBoundaries.fromIterable([
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

const queueTimeKey = MetricKey.histogram(
  "http.client.request.time_in_queue",
  seconds,
  "Time that requests waited for a connection"
)

/** A registered counter is exported from 0 on. */
const counter = (key: MetricKey.MetricKey.Counter<number>, unit: string, attributes: Attributes) =>
  Metric.fromMetricKey(MetricKey.taggedWithLabels(key, labels(unit, attributes))).register()

const serverOf = (origin: string): Attributes => {
  const { hostname, port, protocol } = new URL(origin)
  return {
    "server.address": hostname.replace(/[[\]]/g, ""),
    "server.port": port === "" ? (protocol === "https:" ? "443" : "80") : port
  }
}

type State = "active" | "idle"

/** A pool belongs to no fiber, whose tags its metrics would have. */
const noTags: ReadonlyArray<MetricLabel.MetricLabel> = []

/** The connections and the queue of one origin. Pools with the same origin add up. */
export class PoolMetrics {
  readonly #connections: Readonly<Record<State, Metric.Metric.Counter<number>>>
  readonly #queued: Metric.Metric.Counter<number>
  readonly #queueTime: Metric.Metric.Histogram<number>

  constructor(origin: string) {
    const server = serverOf(origin)
    const connections = (state: State) =>
      counter(connectionsKey, "{connection}", { ...server, "http.connection.state": state })
    this.#connections = { active: connections("active"), idle: connections("idle") }
    this.#queued = counter(queuedKey, "{request}", server)
    this.#queueTime = Metric.fromMetricKey(MetricKey.taggedWithLabels(queueTimeKey, labels("s", server)))
  }

  addConnections(state: State, count: 1 | -1): void {
    this.#connections[state].unsafeUpdate(count, noTags)
  }

  enqueued(): void {
    this.#queued.unsafeUpdate(1, noTags)
  }

  dequeued(millis: number): void {
    this.#queued.unsafeUpdate(-1, noTags)
    this.#queueTime.unsafeUpdate(millis / 1000, noTags)
  }
}

/** An open socket, counted in its state until it closes. */
export class CountedSocket {
  readonly #metrics: PoolMetrics
  #state: State | "closed"

  constructor(metrics: PoolMetrics, state: State) {
    this.#metrics = metrics
    this.#state = state
    metrics.addConnections(state, 1)
  }

  /** A closed socket stays closed. */
  become(state: State | "closed"): void {
    if (this.#state === "closed" || this.#state === state) return
    this.#metrics.addConnections(this.#state, -1)
    this.#state = state
    if (state !== "closed") this.#metrics.addConnections(state, 1)
  }
}
