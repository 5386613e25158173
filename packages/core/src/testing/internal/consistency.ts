/** Lists the contradictions between the fields of a session, one sentence each. */
import * as DateTime from "effect/DateTime"
import type { RoomSessionSummary } from "../../RoomSession.ts"

type DateTimeField = "join_from" | "join_until" | "remove_at" | "start_time" | "end_time" | "created_at" | "updated_at"

const order = (session: RoomSessionSummary, earlier: DateTimeField, later: DateTimeField): ReadonlyArray<string> => {
  const from = session[earlier]
  const to = session[later]
  return from === null || to === null || from.epochMillis <= to.epochMillis
    ? []
    : [`${later} ${DateTime.formatIso(to)} is before ${earlier} ${DateTime.formatIso(from)}`]
}

const membersLimit = ({ max_members }: RoomSessionSummary): ReadonlyArray<string> =>
  max_members === null || max_members > 0 ? [] : [`max_members ${max_members} is not above zero`]

const nameLength = ({ display_name }: RoomSessionSummary): ReadonlyArray<string> =>
  display_name === null || display_name.length <= 200
    ? []
    : [`display_name has ${display_name.length} characters, at most 200 are allowed`]

export const contradictions = (session: RoomSessionSummary): ReadonlyArray<string> => [
  ...order(session, "start_time", "end_time"),
  ...order(session, "join_from", "join_until"),
  ...order(session, "start_time", "join_until"),
  ...order(session, "start_time", "remove_at"),
  ...order(session, "created_at", "end_time"),
  ...order(session, "created_at", "updated_at"),
  ...membersLimit(session),
  ...nameLength(session)
]
