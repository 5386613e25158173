/** The state of one sandbox. */
import type { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import { type Contents, groupBy, type Groups, toSummary } from "./contents.ts"
import type { Journal } from "./journal.ts"
import type { ScriptedResponse } from "./script.ts"

/** The contents of a space, indexed for the endpoints. Ids are in lower case. */
export interface Index {
  readonly listed: ReadonlyArray<RoomSession.RoomSession>
  readonly sessions: ReadonlyMap<string, RoomSession.RoomSessionSummary>
  readonly members: Groups<RoomSessionMember.RoomSessionMember>
  readonly events: Groups<RoomSessionEvent.RoomSessionEvent>
  readonly recordings: ReadonlyMap<string, RoomRecording.RoomRecording>
  readonly recordingsBySession: Groups<RoomRecording.RoomRecording>
  readonly eventsByRecording: Groups<RoomSessionEvent.RoomSessionEvent>
}

export interface State {
  /** The address without a path. */
  readonly url: string
  readonly index: Index
  readonly isAuthorized: (header: string | undefined) => boolean
  readonly journal: Journal
  /** The responses to the next requests; each request removes the first. */
  readonly script: Array<ScriptedResponse>
}

/** The items by id. Two items with one id are an error in the test setup, so they are a defect. */
const byId = <A extends { readonly id: string }>(
  kind: string,
  items: ReadonlyArray<A>
): Effect.Effect<ReadonlyMap<string, A>> => {
  const map = new Map<string, A>()
  for (const item of items) {
    const id = item.id.toLowerCase()
    if (map.has(id)) return Effect.dieMessage(`SandboxSpace: two of the given ${kind} have the id ${id}`)
    map.set(id, item)
  }
  return Effect.succeed(map)
}

export const indexOf = ({ events, members, recordings, sessions }: Contents): Effect.Effect<Index> =>
  Effect.gen(function*() {
    yield* byId("members", members)
    yield* byId("events", events)
    return {
      listed: sessions,
      sessions: yield* byId("sessions", sessions.map(toSummary)),
      members: groupBy(members, ({ room_session_id }) => room_session_id),
      events: groupBy(events, ({ room_session_id }) => room_session_id),
      recordings: yield* byId("recordings", recordings),
      recordingsBySession: groupBy(recordings, ({ room_session_id }) => room_session_id),
      eventsByRecording: groupBy(events, ({ room_recording_id }) => room_recording_id)
    }
  })
