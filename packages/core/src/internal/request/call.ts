/** The state of one call of an endpoint, which all of its attempts share. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Either from "effect/Either"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import type { Endpoint } from "../../Endpoint.ts"
import { currentOverride, type Resolved } from "../../RequestPolicy.ts"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { AsyncContext, Request } from "../../Transport.ts"
import { toMillis } from "../duration.ts"
import type { Received } from "../response/collector.ts"
import type { Drift } from "../response/drift.ts"
import type { Client } from "./client.ts"
import { resolveBodyLimit } from "./compile.ts"
import type { EndpointMetrics, Labels } from "./metrics.ts"
import type { InvalidParameter, Parameters, Target } from "./parameters.ts"
import { monotonicMillis } from "./progress.ts"
import { type Recorder, recorderOf } from "./responseInfo.ts"
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
  readonly toTarget: (given: Parameters) => Target | InvalidParameter
  readonly decodeResponse: DecodeResponse
  /** Undefined without metrics. */
  readonly metrics: EndpointMetrics | undefined
}

/** The value of `Call.drifts` without drifts. */
export const noDrifts: ReadonlyArray<Drift> = []

const noLabels: Labels = []

const policyOf = ({ maxBodyBytes, policy }: Compiled, fiber: RuntimeFiber<unknown, unknown>): Resolved => {
  const override = fiber.getFiberRef(currentOverride)
  return override === undefined ? policy : {
    ...policy,
    ...override,
    ...(override.maxBodyBytes === undefined
      ? {}
      : { maxBodyBytes: resolveBodyLimit(override.maxBodyBytes, maxBodyBytes) })
  }
}

/**
 * The request of a call. It is a class and not an object literal: V8 allocates literals that live as long as a request in its old
 * generation, where they retain the objects that they refer to until the next full collection.
 */
export class CallRequest implements Request {
  readonly method: Request["method"]
  readonly origin: string
  readonly path: string
  readonly headers: Request["headers"]
  readonly body: string | null
  readonly freshConnection: boolean
  readonly parentSpan: Request["parentSpan"]
  readonly asyncContext: AsyncContext | undefined

  constructor({ asyncContext, body, freshConnection, headers, method, origin, parentSpan, path }: Request) {
    this.method = method
    this.origin = origin
    this.path = path
    this.headers = headers
    this.body = body
    this.freshConnection = freshConnection
    this.parentSpan = parentSpan
    this.asyncContext = asyncContext
  }
}

/** A class for the same reason as `CallRequest`. */
export class Call {
  readonly compiled: Compiled
  readonly parameters: Parameters
  readonly request: Request
  readonly policy: Resolved
  readonly deadlineMillis: number
  readonly fiber: RuntimeFiber<unknown, unknown>
  readonly clock: Clock.Clock
  readonly startMillis: number
  /** Undefined for a call without spans. */
  trace: Trace | undefined = undefined
  /** The labels of the fiber, for the metrics. */
  readonly metricLabels: Labels
  /** The duration of the last attempt that has settled; 0 without metrics. */
  attemptMillis = 0
  /** Records the result for `withResponseInfo`. */
  readonly recorder: Recorder | undefined
  /** The requests that all attempts so far have sent. */
  requestsSent = 0
  /** The drifts of the successful response. */
  drifts: ReadonlyArray<Drift> = noDrifts

  constructor(compiled: Compiled, parameters: Parameters, target: Target, fiber: RuntimeFiber<unknown, unknown>) {
    const { client, headers, method } = compiled
    this.compiled = compiled
    this.parameters = parameters
    this.request = new CallRequest({
      method,
      origin: client.origin,
      path: client.pathPrefix + target.path,
      headers,
      body: target.body,
      freshConnection: false,
      asyncContext: client.transport.makeAsyncContext?.()
    })
    this.policy = policyOf(compiled, fiber)
    this.deadlineMillis = toMillis(this.policy.deadline)
    this.fiber = fiber
    this.clock = Context.get(fiber.currentDefaultServices, Clock.Clock)
    this.startMillis = monotonicMillis(this.clock)
    this.metricLabels = compiled.metrics === undefined ? noLabels : fiber.getFiberRef(FiberRef.currentMetricLabels)
    this.recorder = recorderOf(fiber)
  }
}
