/** The exit of a call: a session, or one error of this library in the error channel. */
import { type RoomSession, SignalWireError } from "@effect-signalwire/core"
import { Cause, Exit, Option, Schema } from "effect"

export type CallExit = Exit.Exit<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>

const isSignalWireError = Schema.is(SignalWireError.SignalWireError)

/** Whether an exit is a success, or a failure with exactly one error of this library: no defect and no interruption. */
export const isSuccessOrError = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isSuccess(exit) || (Cause.isFailType(exit.cause) && isSignalWireError(exit.cause.error))

/** The error of the error channel. */
export const errorOf = <A, E>(exit: Exit.Exit<A, E>): Option.Option<E> =>
  Exit.isSuccess(exit) ? Option.none() : Cause.failureOption(exit.cause)
