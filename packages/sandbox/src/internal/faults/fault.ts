/** The faults that a sandbox can be told to have. */
import * as Schema from "effect/Schema"
import { DurationField, type DurationInput, Headers, OperationField, show, Status, whole } from "../fields.ts"
import type { Operation } from "../server/routes.ts"
import * as transmission from "./transmission.ts"

/**
 * The requests that a fault concerns.
 *
 * @since 1.0.0
 * @category models
 */
export interface FaultScope {
  /** The operation, such as `RoomSessions.get`. Default: every request. */
  readonly operation?: Operation | undefined
  /** The number of requests that have the fault, at least 1. Default: all, until the faults are changed. */
  readonly requests?: number | undefined
}

/**
 * A fault of the service.
 *
 * - `status`: a response with this status, from 200 to 999; `retryAfter` is sent in whole seconds, rounded up. Without a `body`, it is
 *   the one that the operation declares for the status.
 * - `html`: a page of a gateway, with the status 502 by default.
 * - `latency`: each response comes after `delay`.
 * - `lognormalLatency`: each response comes after a random delay with this median, whose logarithm has the standard deviation `sigma`,
 *   default 0.5. The same `seed`, default its place among the faults from 1, gives the same delays.
 * - `rateLimit`: a token bucket of `capacity` requests, which fills within `per`. A request that finds it empty gets a 429 with the
 *   seconds until the next token as `Retry-After`.
 * - `stall`, `reset`, `truncate` and `drip`: see `Transmission`.
 *
 * @since 1.0.0
 * @category models
 * @example
 * import type { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const faults: ReadonlyArray<SandboxSpace.Fault> = [
 *   { type: "status", status: 503, retryAfter: "2 seconds", operation: "RoomSessions.get", requests: 2 },
 *   { type: "lognormalLatency", median: "80 millis", sigma: 1 },
 *   { type: "rateLimit", capacity: 10, per: "1 second", operation: "RoomSessions.list" }
 * ]
 */
export type Fault =
  & FaultScope
  & (
    | {
      readonly type: "status"
      readonly status: number
      readonly retryAfter?: DurationInput | undefined
      readonly headers?: Readonly<Record<string, string>> | undefined
      readonly body?: string | undefined
    }
    | { readonly type: "html"; readonly status?: number | undefined; readonly body?: string | undefined }
    | { readonly type: "latency"; readonly delay: DurationInput }
    | {
      readonly type: "lognormalLatency"
      readonly median: DurationInput
      readonly sigma?: number | undefined
      readonly seed?: number | undefined
    }
    | { readonly type: "rateLimit"; readonly capacity: number; readonly per: DurationInput }
    | transmission.Transmission
  )

const scope = {
  operation: Schema.optional(OperationField.annotations({ description: "Default: every request." })),
  requests: Schema.optional(whole(1).annotations({ description: "The number of requests; default all." }))
}

const sigma = Schema.Number.pipe(Schema.between(0, 5)).annotations({
  message: ({ actual }) => ({ message: `expected a number from 0 to 5, got ${show(actual)}`, override: true })
})

/** A duration of which requests can be counted. */
const period = DurationField.pipe(
  Schema.filter(duration => duration.value._tag !== "Millis" || duration.value.millis > 0, {
    message: () => "expected a duration of more than 0"
  })
)

export const FaultField = Schema.Union(
  Schema.Struct({
    type: Schema.Literal("status"),
    status: Status,
    retryAfter: Schema.optional(DurationField),
    headers: Schema.optional(Headers),
    body: Schema.optional(Schema.String),
    ...scope
  }),
  Schema.Struct({
    type: Schema.Literal("html"),
    status: Schema.optional(Status),
    body: Schema.optional(Schema.String),
    ...scope
  }),
  Schema.Struct({ type: Schema.Literal("latency"), delay: DurationField, ...scope }),
  Schema.Struct({
    type: Schema.Literal("lognormalLatency"),
    median: DurationField,
    sigma: Schema.optional(sigma),
    seed: Schema.optional(whole(0)),
    ...scope
  }),
  Schema.Struct({ type: Schema.Literal("rateLimit"), capacity: whole(1), per: period, ...scope }),
  Schema.Struct({ ...transmission.fields.stall, ...scope }),
  Schema.Struct({ ...transmission.fields.reset, ...scope }),
  Schema.Struct({ ...transmission.fields.truncate, ...scope }),
  Schema.Struct({ ...transmission.fields.drip, ...scope })
).annotations({ identifier: "Fault" })

/** A validated fault. */
export type Decoded = typeof FaultField.Type
