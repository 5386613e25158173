/** The state of one call of an endpoint, which all of its attempts share. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type * as Either from "effect/Either"
import type { RuntimeFiber } from "effect/Fiber"
import type { Endpoint } from "../../Endpoint.ts"
import type { Resolved } from "../../RequestPolicy.ts"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Request } from "../../Transport.ts"
import type { Received } from "../response/collector.ts"
import type { Drift } from "../response/drift.ts"
import type { Client } from "./client.ts"
import type { EndpointMetrics, Labels } from "./metrics.ts"
import type { InvalidParameter, Parameters, Target } from "./parameters.ts"
import type { Recorder } from "./responseInfo.ts"
import type { Trace } from "./tracing.ts"

export type DecodeResponse = (
  received: Received,
  call: Call,
  attempt: number
) => Either.Either<unknown, SignalWireError>

/** An endpoint, compiled for one client. */
export interface Compiled {
  readonly client: Client
  readonly name: string
  readonly method: Endpoint["method"]
  readonly headers: Request["headers"]
  /** The path with the names of its parameters in braces. */
  readonly template: string
  readonly policy: Resolved
  readonly successStatus: number
  /** The endpoint's own limit, for a policy with the default one. */
  readonly maxBodyBytes: number
  readonly toTarget: (given: Parameters) => Either.Either<Target, InvalidParameter>
  readonly decodeResponse: DecodeResponse
  /** Undefined without metrics. */
  readonly metrics: EndpointMetrics | undefined
}

export interface Call {
  readonly compiled: Compiled
  readonly parameters: Parameters
  readonly request: Request
  readonly policy: Resolved
  readonly deadlineMillis: number
  readonly fiber: RuntimeFiber<unknown, unknown>
  readonly clock: Clock.Clock
  readonly startMillis: number
  /** Undefined for a call without spans. */
  readonly trace: Trace | undefined
  /** The labels of the fiber, for the metrics. */
  readonly metricLabels: Labels
  /** The duration of the last attempt that has settled; 0 without metrics. */
  attemptMillis: number
  /** Records the result for `withResponseInfo`. */
  readonly recorder: Recorder | undefined
  /** The requests that all attempts so far have sent. */
  requestsSent: number
  /** The drifts of the successful response. */
  drifts: ReadonlyArray<Drift>
}

/** The fields of a call that each of its errors has. */
export interface Progress {
  readonly operation: string
  readonly attempts: number
  readonly requestsSent: number
  readonly elapsed: Duration.Duration
}

/** Milliseconds of a monotonic clock. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos()) / 1e6

export const elapsedMillis = (call: Call): number => monotonicMillis(call.clock) - call.startMillis

/** Milliseconds until the deadline. */
export const leftMillis = (call: Call): number => call.deadlineMillis - elapsedMillis(call)

export const progress = (call: Call, attempts: number): Progress => ({
  operation: call.compiled.name,
  attempts,
  requestsSent: call.requestsSent,
  elapsed: Duration.millis(Math.round(elapsedMillis(call)))
})
