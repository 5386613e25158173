/** The declared endpoints as plain facts: the client reads them, and `VideoApi` makes an `HttpApi` of them. */
import type * as Schema from "effect/Schema"
import { RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { BadRequest, InternalServerError, NotFound, Unauthorized } from "../SignalWireError.ts"

/** The failures that the contract declares, by their status. */
export const contractFailures = {
  400: { failure: BadRequest, error: "Bad Request", description: "The request cannot be used." },
  401: {
    failure: Unauthorized,
    error: "Unauthorized",
    description: "The credentials are missing or wrong, or the token lacks the Video scope."
  },
  404: { failure: NotFound, error: "Not Found", description: "No such room session in this project." },
  500: {
    failure: InternalServerError,
    error: "Internal Server Error",
    description: "The service failed."
  }
} as const

export interface Operation<A, I, Id extends string> {
  /** The name in spans and failures. */
  readonly name: string
  readonly operationId: string
  readonly method: "GET"
  /** The path before and after the id. */
  readonly path: readonly [before: string, after: string]
  readonly id: Schema.Schema<Id, string>
  readonly success: Schema.Schema<A, I>
  /** The key of the success that repeats the id that was asked for. */
  readonly idKey: keyof A & string
  readonly failures: typeof contractFailures
}

export const getRoomSession = {
  name: "RoomSessions.get",
  operationId: "get-room-session",
  method: "GET",
  path: ["/api/video/room_sessions/", ""],
  id: RoomSessionId,
  success: RoomSessionSummary,
  idKey: "id",
  failures: contractFailures
} as const satisfies Operation<RoomSessionSummary, typeof RoomSessionSummary.Encoded, RoomSessionId>
