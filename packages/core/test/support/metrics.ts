/** Reads the metrics of the process. A test has a space of its own, so that other tests do not change its metrics. */
import { Metric, MetricState } from "effect"

/** One metric with its attributes. */
export interface Point {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** The value, or the number of records of a histogram. */
  readonly value: number
  /** The sum of a histogram. */
  readonly sum: number | undefined
}

const toPoint = (
  { metricKey: { name, tags }, metricState }: ReturnType<typeof Metric.unsafeSnapshot>[number]
): Point => ({
  name,
  attributes: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  value: MetricState.isGaugeState(metricState)
    ? Number(metricState.value)
    : MetricState.isCounterState(metricState) || MetricState.isHistogramState(metricState)
    ? Number(metricState.count)
    : Number.NaN,
  sum: MetricState.isHistogramState(metricState) ? metricState.sum : undefined
})

/** All metrics with an attribute. */
export const pointsWith = (key: string, value: string): ReadonlyArray<Point> =>
  Metric.unsafeSnapshot().map(toPoint).filter(({ attributes }) => attributes[key] === value)

let spaces = 0

/** A space that no other test of the process has, and its metrics. */
export const ownSpace = () => {
  const space = `metrics-${++spaces}`
  const all = () => pointsWith("server.address", `${space}.signalwire.com`)
  const named = (name: string) => all().filter(point => point.name === name)
  return {
    space,
    all,
    named,
    /** The durations: status, `error.type` and number of records. */
    durations: () =>
      named("http.client.request.duration").map(({ attributes, value }) => [
        attributes["http.response.status_code"],
        attributes["error.type"],
        value
      ]),
    active: () => named("http.client.active_requests").reduce((sum, { value }) => sum + value, 0)
  }
}
