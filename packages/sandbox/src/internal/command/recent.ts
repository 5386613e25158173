/** The seeds as the command has them: those in progress started some minutes before the command. */
import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Contents } from "../space/contents.ts"
import { seedContents } from "../space/seedContents.ts"

/** The fields with their date-times moved by so many milliseconds. */
const moved = <A extends object>(fields: A, millis: number): A =>
  Object.assign(
    {},
    fields,
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        DateTime.isDateTime(value) ? [[name, DateTime.add(value, { millis })]] : []
      )
    )
  )

/** @param now in milliseconds */
export const recentSeeds = (now: number): Contents => {
  const second = Math.floor(now / 1000) * 1000
  const offsets = new Map<string, number>(
    seedContents.sessions.flatMap(({ duration, id, start_time, status }) =>
      status === "in-progress" && start_time !== null && duration !== null
        ? [[id, second - start_time.epochMillis - Duration.toMillis(duration)]]
        : []
    )
  )
  const map = <A extends object>(items: ReadonlyArray<A>, idOf: (item: A) => string | null, make: (item: A) => A) =>
    items.map(item => {
      const offset = offsets.get(idOf(item) ?? "")
      return offset === undefined ? item : make(moved(item, offset))
    })
  const owner = ({ room_session_id }: { readonly room_session_id: string | null }) => room_session_id
  return {
    sessions: map(seedContents.sessions, ({ id }) => id, session => new RoomSession.RoomSession(session, true)),
    members: map(seedContents.members, owner, member => new RoomSessionMember.RoomSessionMember(member, true)),
    events: map(seedContents.events, owner, event => new RoomSessionEvent.RoomSessionEvent(event, true)),
    recordings: map(seedContents.recordings, owner, recording => new RoomRecording.RoomRecording(recording, true))
  }
}
