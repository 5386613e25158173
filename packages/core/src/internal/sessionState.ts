/** Whether a session is in progress, and whether it changed. */
import * as Equal from "effect/Equal"
import type { RoomSessionSummary } from "../RoomSession.ts"

export const isCompleted = ({ end_time, status }: Pick<RoomSessionSummary, "end_time" | "status">): boolean =>
  status === "completed" || end_time !== null

/** The duration of a session in progress is the time since its start, which is different at each poll. */
const counts = (key: string, session: RoomSessionSummary): boolean => key !== "duration" || isCompleted(session)

/** Whether two results for one session are equal, but for the duration of a session in progress. */
export const isSame = <A extends RoomSessionSummary>(before: A, after: A): boolean =>
  Object.entries(after).every(([key, value]) => !counts(key, after) || Equal.equals(Reflect.get(before, key), value))
