/** The declared endpoints as plain facts: the client reads them, and `VideoApi` makes an `HttpApi` of them. */
import type * as Schema from "effect/Schema"
import { RoomSessionId, RoomSessionSummary } from "../RoomSession.ts"
import { BadRequest, InternalServerError, NotFound, Unauthorized } from "../SignalWireError.ts"

/** The failures that the contract declares, by their status. */
export const contractFailures = {
  400: BadRequest,
  401: Unauthorized,
  404: NotFound,
  500: InternalServerError
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
