import { RoomSessions } from "@effect-signalwire/core"
import { Effect, Stream } from "effect"

/** The members that are in a session now, with its name. The members of four sessions are read at a time. */
export const liveMembers = Stream.unwrap(
  Effect.map(RoomSessions.RoomSessions, sessions =>
    sessions.list({ status: "in-progress" }).pipe(
      Stream.flatMap(
        ({ display_name, id }) => Stream.map(sessions.members(id), member => ({ session: display_name ?? id, member })),
        { concurrency: 4 }
      ),
      Stream.filter(({ member }) => member.leave_time === null)
    ))
)
