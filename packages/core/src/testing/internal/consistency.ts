/** What a session cannot say at the same time, in words. */
import * as DateTime from "effect/DateTime"
import type { RoomSessionSummary } from "../../RoomSession.ts"

type Instant = "join_from" | "join_until" | "remove_at" | "start_time" | "end_time" | "created_at" | "updated_at"

const isBefore = (session: RoomSessionSummary, early: Instant, late: Instant): ReadonlyArray<string> => {
  const from = session[early]
  const to = session[late]
  return from === null || to === null || from.epochMillis <= to.epochMillis
    ? []
    : [`${late} ${DateTime.formatIso(to)} is before ${early} ${DateTime.formatIso(from)}`]
}

const isPositive = ({ max_members }: RoomSessionSummary): ReadonlyArray<string> =>
  max_members === null || max_members > 0 ? [] : [`max_members ${max_members} is not above zero`]

const isShort = ({ display_name }: RoomSessionSummary): ReadonlyArray<string> =>
  display_name === null || display_name.length <= 200
    ? []
    : [`display_name has ${display_name.length} characters, and 200 are the most`]

export const contradictions = (session: RoomSessionSummary): ReadonlyArray<string> => [
  ...isBefore(session, "start_time", "end_time"),
  ...isBefore(session, "join_from", "join_until"),
  ...isBefore(session, "start_time", "join_until"),
  ...isBefore(session, "start_time", "remove_at"),
  ...isBefore(session, "created_at", "end_time"),
  ...isBefore(session, "created_at", "updated_at"),
  ...isPositive(session),
  ...isShort(session)
]
