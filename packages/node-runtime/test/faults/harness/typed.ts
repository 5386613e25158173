/** Whether an outcome is a session or one failure of this library in the error channel. */
import { type RoomSession, SignalWireError } from "@effect-signalwire/core"
import { Cause, Exit, Schema } from "effect"

export type Result = Exit.Exit<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>

const isOurs = Schema.is(SignalWireError.SignalWireError)

export const isTyped = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isSuccess(exit) || (Cause.isFailType(exit.cause) && isOurs(exit.cause.error))
