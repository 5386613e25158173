/** One call of an endpoint: what all of its attempts share, and what they add up to. */
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
import type { InvalidParameter, Parameters, Target } from "./parameters.ts"

export type DecodeResponse = (
  received: Received,
  call: Call,
  attempt: number
) => Either.Either<unknown, SignalWireError>

/** An endpoint as one client calls it. */
export interface Compiled {
  readonly client: Client
  readonly name: string
  readonly method: Endpoint["method"]
  readonly headers: Request["headers"]
  /** The path with the names of its parameters in braces. */
  readonly template: string
  readonly policy: Resolved
  readonly successStatus: number
  readonly toTarget: (given: Parameters) => Either.Either<Target, InvalidParameter>
  readonly decodeResponse: DecodeResponse
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
  readonly isTraced: boolean
  /** Over all attempts so far. */
  requestsSent: number
  /** Of the response that succeeded. */
  drifts: ReadonlyArray<Drift>
}

/** What every error carries of its call. */
export interface Progress {
  readonly operation: string
  readonly attempts: number
  readonly requestsSent: number
  readonly elapsed: Duration.Duration
}

/** Milliseconds of a monotonic clock. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos()) / 1e6

export const elapsedMillis = (call: Call): number => monotonicMillis(call.clock) - call.startMillis

/** Until the deadline. */
export const leftMillis = (call: Call): number => call.deadlineMillis - elapsedMillis(call)

export const progress = (call: Call, attempts: number): Progress => ({
  operation: call.compiled.name,
  attempts,
  requestsSent: call.requestsSent,
  elapsed: Duration.millis(Math.round(elapsedMillis(call)))
})
