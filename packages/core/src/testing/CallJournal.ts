/**
 * What the code under test asked for: every layer of this kit that gives `RoomSessions` also gives the journal of its calls.
 *
 * @since 1.0.0
 */
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { RoomSessionSummary } from "../RoomSession.ts"
import type { GetError } from "../RoomSessions.ts"

/**
 * How a call ended: `Success`, the tag of its failure, `Interrupted`, `Died` (a defect), or `Pending` while it goes on.
 *
 * @since 1.0.0
 * @category models
 */
export type Outcome = "Success" | GetError["_tag"] | "Interrupted" | "Died" | "Pending"

/**
 * One call, as it stands when the journal is read.
 *
 * @since 1.0.0
 * @category models
 */
export interface Call {
  /** Such as `RoomSessions.get`. */
  readonly operation: string
  /** The id that was asked for, as it was given. */
  readonly id: string
  /** How many requests it took; what a scripted failure says of itself where no request is made. */
  readonly attempts: number
  /** When it began. */
  readonly startedAt: DateTime.Utc
  /** How long it took, waits included; up to now for a call that goes on. */
  readonly elapsed: Duration.Duration
  readonly outcome: Outcome
  /** The session or the failure itself; undefined while the call goes on. */
  readonly exit: Exit.Exit<RoomSessionSummary, GetError> | undefined
}

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /** All calls, in the order in which they began. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
}

/**
 * @since 1.0.0
 * @category tags
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { CallJournal, RoomSessionsTest } from "@effect-signalwire/core/testing"
 * import { Effect } from "effect"
 *
 * const outcomes = Effect.gen(function*() {
 *   const sessions = yield* RoomSessions.RoomSessions
 *   const journal = yield* CallJournal.CallJournal
 *   yield* Effect.exit(sessions.get("no uuid"))
 *   return (yield* journal.calls).map(call => call.outcome) // ["SignalWireInvalidRequest"]
 * }).pipe(Effect.provide(RoomSessionsTest.layer([])))
 */
export class CallJournal extends Context.Tag("@effect-signalwire/core/testing/CallJournal")<CallJournal, Service>() {}
