/**
 * The calls that the code under test made. Every layer of this kit that provides `RoomSessions` also provides this journal.
 *
 * @since 1.0.0
 */
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Endpoint from "../Endpoint.ts"
import type { SignalWireError } from "../SignalWireError.ts"
import type { SpecOf } from "../endpoints/index.ts"
import type { Operation } from "./Script.ts"

/**
 * The result of a call: `Success`, the tag of its error, `Interrupt`, `Die` (a defect), or `Pending` while it is in progress.
 *
 * @since 1.0.0
 * @category models
 */
export type Result = "Success" | SignalWireError["_tag"] | "Interrupt" | "Die" | "Pending"

/**
 * A call of one operation, as of the time when the journal is read.
 *
 * @since 1.0.0
 * @category models
 */
export interface CallOf<O extends Operation> {
  /** Such as `RoomSessions.get`. */
  readonly operation: O
  /** As the code under test gave them, valid or not. */
  readonly parameters: Endpoint.Input<SpecOf<O>>
  /**
   * How many times it was attempted. Under `RoomSessionsTest.layerTransport`, the number of its requests; where no requests are
   * made, the `attempts` of its error, or 1.
   */
  readonly attempts: number
  readonly startedAt: DateTime.Utc
  /** From its start to its end, delays included; of a call in progress, up to now. */
  readonly elapsed: Duration.Duration
  readonly result: Result
  /** Undefined while the call is in progress. */
  readonly exit: Exit.Exit<Endpoint.Success<SpecOf<O>>, Endpoint.Error<SpecOf<O>>> | undefined
}

/**
 * A call of any operation. Comparing `operation` narrows the type of its parameters and exit.
 *
 * @since 1.0.0
 * @category models
 */
export type Call = { readonly [O in Operation]: CallOf<O> }[Operation]

/**
 * The journal of one layer.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** All calls, in the order in which they started. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  /** The calls of one operation, such as `"RoomSessions.get"`, with the types of its parameters and its exit. */
  readonly callsOf: <O extends Operation>(
    operation: O
  ) => Effect.Effect<ReadonlyArray<Extract<Call, { readonly operation: O }>>>
}

/**
 * The journal of the layer that provides `RoomSessions`.
 *
 * @since 1.0.0
 * @category tags
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { CallJournal, RoomSessionsTest } from "@effect-signalwire/core/testing"
 * import { Effect } from "effect"
 *
 * const results = Effect.gen(function*() {
 *   const sessions = yield* RoomSessions.RoomSessions
 *   const journal = yield* CallJournal.CallJournal
 *   yield* Effect.exit(sessions.get("no UUID"))
 *   return (yield* journal.calls).map(call => call.result) // ["SignalWireInvalidRequest"]
 * }).pipe(Effect.provide(RoomSessionsTest.layer([])))
 */
export class CallJournal extends Context.Tag("@effect-signalwire/core/testing/CallJournal")<CallJournal, Service>() {}
