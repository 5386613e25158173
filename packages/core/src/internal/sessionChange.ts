/** The elements of `RoomSessions.watchAll`. */
import * as Data from "effect/Data"
import type { RoomSession } from "../RoomSession.ts"

export type SessionChange = Data.TaggedEnum<{
  /** A session that is in progress and was not before, and at the first poll each one. */
  Started: { readonly session: RoomSession }
  /** A session in progress of which a field other than `duration` is not what it was. */
  Changed: { readonly session: RoomSession }
  /** A session that is no longer in progress, as it was last listed. */
  Ended: { readonly session: RoomSession }
}>

export const SessionChange = Data.taggedEnum<SessionChange>()
