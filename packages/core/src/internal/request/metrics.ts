/**
 * The metrics of requests, by the OpenTelemetry conventions for HTTP clients. docs/telemetry.md lists them.
 *
 * Each metric with its attributes is made once and updated directly: `Metric.update` would be one more operator of each call, and
 * `Metric.tagged` makes the attributes again for each update.
 */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Call } from "./call.ts"
import { leftMillis } from "./progress.ts"

type Attributes = Readonly<Record<string, string>>

export type Labels = ReadonlyArray<MetricLabel.MetricLabel>

/** `@effect/opentelemetry` reads the unit of a metric from its label `unit`. */
const toLabels = (unit: string, attributes: Attributes): Labels =>
  Object.entries({ unit, ...attributes }).map(([key, value]) => MetricLabel.make(key, value))

/** The boundaries of the conventions, in seconds. */
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

const durationKey = MetricKey.histogram(
  "http.client.request.duration",
  seconds,
  "Duration of HTTP client requests"
)

const activeKey = MetricKey.counter("http.client.active_requests", {
  description: "Number of active HTTP requests"
})

const retriesKey = MetricKey.counter("signalwire.client.retries", {
  description: "Number of retries",
  incremental: true
})

const errorsKey = MetricKey.counter("signalwire.client.errors", {
  description: "Number of calls that failed",
  incremental: true
})

const budgetKey = MetricKey.gauge("signalwire.client.retry_budget.available", {
  description: "Tokens that are left for retries"
})

const driftKey = MetricKey.counter("signalwire.client.decoding_drift", {
  description: "Fields of responses that could not be decoded and are null instead",
  incremental: true
})

const metric = <Type extends MetricKeyType.MetricKeyType.Untyped>(
  key: MetricKey.MetricKey<Type>,
  unit: string,
  attributes: Attributes
) => Metric.fromMetricKey(MetricKey.taggedWithLabels(key, toLabels(unit, attributes)))

export interface Server {
  /** The host of an origin, without the brackets of an IPv6 address. */
  readonly address: string
  readonly port: number
}

export const serverOf = (origin: string): Server => {
  const { hostname, port, protocol } = new URL(origin)
  return {
    address: hostname.replace(/[[\]]/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)
  }
}

const serverAttributes = (origin: string): Attributes => {
  const { address, port } = serverOf(origin)
  return { "server.address": address, "server.port": String(port) }
}

/** Makes the function that reports the tokens that are left, and reports those of a full bucket. */
export const retryBudget = (origin: string, capacity: number): (left: number) => void => {
  const gauge = metric(budgetKey, "{token}", serverAttributes(origin))
  const report = (left: number) => gauge.unsafeUpdate(left, [])
  report(capacity)
  return report
}

/** The value of `error.type` for an attempt whose fiber was interrupted. */
export const interrupted = "Interrupted"

/** The endpoint whose requests are measured. */
export interface Measured {
  readonly name: string
  readonly method: string
  readonly origin: string
  readonly template: string
  readonly successStatus: number
}

/** The metrics of one endpoint of a client. Updates have the labels of the calling fiber (`Effect.tagMetrics`). */
export class EndpointMetrics {
  readonly #successStatus: number
  readonly #attributes: Attributes
  /** The attributes of what is counted by operation. */
  readonly #operation: Attributes
  readonly #active: Metric.Metric.Counter<number>
  readonly #success: Metric.Metric.Histogram<number>
  /** Statuses have three digits and tags are those of the library, so their number is limited. */
  readonly #others = new Map<string, Metric.Metric.Histogram<number>>()

  constructor({ method, name, origin, successStatus, template }: Measured) {
    const server = serverAttributes(origin)
    this.#successStatus = successStatus
    this.#attributes = { "http.request.method": method, ...server, "url.template": template }
    this.#operation = { operation: name, ...server }
    this.#active = metric(activeKey, "{request}", this.#attributes)
    this.#success = this.#makeDuration(successStatus, undefined)
  }

  /** An attempt starts: its request may wait for a connection. */
  started({ metricLabels }: Call): void {
    this.#active.unsafeUpdate(1, metricLabels)
  }

  /** The response of an attempt is complete, or the attempt has failed. */
  settled(call: Call, leftAtStart: number): void {
    call.attemptMillis = leftAtStart - leftMillis(call)
    this.#active.unsafeUpdate(-1, call.metricLabels)
  }

  /** The response is decoded. */
  decoded({ attemptMillis, metricLabels }: Call, status: number, error: SignalWireError | undefined): void {
    const duration = error === undefined && status === this.#successStatus
      ? this.#success
      : this.#durationOf(status, error?._tag)
    duration.unsafeUpdate(attemptMillis / 1000, metricLabels)
  }

  interrupted(call: Call): void {
    this.#durationOf(0, interrupted).unsafeUpdate(call.attemptMillis / 1000, call.metricLabels)
  }

  retried({ metricLabels }: Call, error: SignalWireError): void {
    metric(retriesKey, "{retry}", { ...this.#operation, "error.type": error._tag }).unsafeUpdate(1, metricLabels)
  }

  /** A call fails, also one that has sent nothing. */
  failed(labels: Labels, error: SignalWireError): void {
    metric(errorsKey, "{error}", { ...this.#operation, "error.type": error._tag }).unsafeUpdate(1, labels)
  }

  /** Fields at a path could not be decoded. */
  drifted({ metricLabels }: Call, path: string, count: number): void {
    metric(driftKey, "{field}", { ...this.#operation, path }).unsafeUpdate(count, metricLabels)
  }

  #durationOf(status: number, errorType: string | undefined): Metric.Metric.Histogram<number> {
    const key = `${status} ${errorType}`
    const known = this.#others.get(key)
    if (known !== undefined) return known
    const made = this.#makeDuration(status, errorType)
    this.#others.set(key, made)
    return made
  }

  /** @param status 0 for none */
  #makeDuration(status: number, errorType: string | undefined): Metric.Metric.Histogram<number> {
    return metric(durationKey, "s", {
      ...this.#attributes,
      ...(status === 0 ? {} : { "http.response.status_code": String(status) }),
      ...(errorType === undefined ? {} : { "error.type": errorType })
    })
  }
}
