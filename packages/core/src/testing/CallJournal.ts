/**
 * The calls that the code under test has made; each page of a list is a call. Every test layer that provides `RoomSessions` also provides its journal.
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
 * A call of one operation, in its state when the journal was read.
 *
 * @since 1.0.0
 * @category models
 */
export interface CallOf<O extends Operation> {
  /** The name of the operation, such as `RoomSessions.get`. */
  readonly operation: O
  /** The parameters that the code under test passed, valid or not. */
  readonly parameters: Endpoint.Input<SpecOf<O>>
  /**
   * The number of attempts. With `RoomSessionsTest.layerTransport`, it is the number of requests; with a layer that makes no
   * requests, it is the `attempts` of the error, or 1.
   */
  readonly attempts: number
  /** When the call started. */
  readonly startedAt: DateTime.Utc
  /** The time from start to end, including delays; for a call in progress, the time since its start. */
  readonly elapsed: Duration.Duration
  /** The result: in progress, a success, or how the call ended without one. */
  readonly result: Result
  /** Undefined while the call is in progress. */
  readonly exit: Exit.Exit<Endpoint.Success<SpecOf<O>>, Endpoint.Error<SpecOf<O>>> | undefined
}

/**
 * A call of any operation. A comparison of `operation` narrows the types of `parameters` and `exit`.
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
  /** The calls of one operation, such as `"RoomSessions.get"`, with the types of its parameters and exit. */
  readonly callsOf: <O extends Operation>(
    operation: O
  ) => Effect.Effect<ReadonlyArray<Extract<Call, { readonly operation: O }>>>
}

/**
 * The journal of the test layer that provides `RoomSessions`.
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
