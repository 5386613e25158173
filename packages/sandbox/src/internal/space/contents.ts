/** What a space contains, and how members, recordings, events and costs derive from a session. */
import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { uuidOf } from "./uuid.ts"

/**
 * What a space contains. A session is as the list has it.
 *
 * @since 1.0.0
 * @category models
 */
export interface Contents {
  /** The sessions. */
  readonly sessions: ReadonlyArray<RoomSession.RoomSession>
  /** The members of all sessions. */
  readonly members: ReadonlyArray<RoomSessionMember.RoomSessionMember>
  /** The events of all sessions. */
  readonly events: ReadonlyArray<RoomSessionEvent.RoomSessionEvent>
  /** The recordings of all sessions. */
  readonly recordings: ReadonlyArray<RoomRecording.RoomRecording>
}

export const concat = (parts: ReadonlyArray<Contents>): Contents => ({
  sessions: parts.flatMap(({ sessions }) => sessions),
  members: parts.flatMap(({ members }) => members),
  events: parts.flatMap(({ events }) => events),
  recordings: parts.flatMap(({ recordings }) => recordings)
})

/** Items by the id of what they belong to, in lower case. */
export type Groups<A> = ReadonlyMap<string, ReadonlyArray<A>>

export const groupBy = <A>(items: ReadonlyArray<A>, owner: (item: A) => string | null): Groups<A> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const id = owner(item)?.toLowerCase()
    if (id === undefined) continue
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [item])
    else group.push(item)
  }
  return groups
}

type Session = RoomSession.RoomSessionSummary

/** A started session has a start and a duration; the others have no members, recordings and events. */
interface Started {
  readonly start: number
  readonly seconds: number
}

const startedOf = ({ duration, start_time }: Session): Started => ({
  start: start_time?.epochMillis ?? 0,
  seconds: duration === null ? 0 : Duration.toSeconds(duration)
})

const at = ({ start }: Started, seconds: number): DateTime.Utc => DateTime.unsafeMake(start + seconds * 1000)

/** Dollars for each started minute, in units of 0.0001. The prices are the sandbox's own. */
const prices = { "720p": 40, "1080p": 60, recording: 24 }

const costOf = (seconds: number, price: number): BigDecimal.BigDecimal =>
  BigDecimal.normalize(BigDecimal.make(BigInt(Math.ceil(seconds / 60) * price), 4))

/** Files are small, since only their size is of use. */
const bytesPerSecond = 1000

/** The signature in the address of the file of a recording. */
export const signatureOf = (id: string): string => uuidOf(id.toLowerCase())

/** The origin of addresses that are not yet those of a sandbox. */
const noOrigin = "sandbox:"

/** The recording with the address of its file in the sandbox. One that a test gave keeps its own. */
export const located = (recording: RoomRecording.RoomRecording, origin: string): RoomRecording.RoomRecording =>
  recording.uri?.startsWith(`${noOrigin}/`) === true
    ? new RoomRecording.RoomRecording(
      Object.assign({}, recording, { uri: origin + recording.uri.slice(noOrigin.length) }),
      true
    )
    : recording

/** The cost of a stay in a session. */
export const memberCost = ({ quality }: Session, seconds: number): BigDecimal.BigDecimal =>
  costOf(seconds, quality === "1080p" ? prices["1080p"] : prices["720p"])

/** The fields that only a completed recording has. */
const completedRecording = (id: string, seconds: number) => ({
  status: "completed" as const,
  size_in_bytes: seconds * bytesPerSecond,
  cost_in_dollars: costOf(seconds, prices.recording),
  uri: `${noOrigin}/room_recordings/${id}.mp4?signature=${signatureOf(id)}`
})

/** The stay of a member, in seconds from the start of the session. */
export interface Stay {
  readonly name: string | null
  /** Null for a member that has not joined. */
  readonly joins: number | null
  /** Null for a member that is inside. */
  readonly leaves: number | null
}

/** The members of a session. A member is charged when it leaves. */
export const membersOf = (
  session: Session,
  stays: ReadonlyArray<Stay>
): ReadonlyArray<RoomSessionMember.RoomSessionMember> => {
  const started = startedOf(session)
  return stays.map(({ joins, leaves, name }, index) =>
    new RoomSessionMember.RoomSessionMember({
      id: uuidOf(`${session.id} member ${index}`),
      room_session_id: session.id,
      name,
      join_time: joins === null ? null : at(started, joins),
      leave_time: leaves === null ? null : at(started, leaves),
      duration: joins === null ? null : Duration.seconds((leaves ?? started.seconds) - joins),
      cost_in_dollars: memberCost(session, joins === null || leaves === null ? 0 : leaves - joins)
    }, true)
  )
}

/** A recording of a session, in seconds from the start of the session. */
export interface Take {
  readonly status: "recording" | "paused" | "processing" | "completed"
  readonly starts: number
  /** Null for a recording that has not ended. */
  readonly ends: number | null
}

/** The recordings of a session. A recording is charged, and has a file, when it is completed. */
export const recordingsOf = (
  session: Session,
  takes: ReadonlyArray<Take>
): ReadonlyArray<RoomRecording.RoomRecording> => {
  const started = startedOf(session)
  return takes.map(({ ends, starts, status }, index) => {
    const id = RoomRecording.RoomRecordingId.make(uuidOf(`${session.id} recording ${index}`))
    const seconds = (ends ?? started.seconds) - starts
    return new RoomRecording.RoomRecording({
      id,
      room_session_id: session.id,
      status,
      started_at: at(started, starts),
      finished_at: ends === null ? null : at(started, ends),
      duration: Duration.seconds(seconds),
      size_in_bytes: null,
      format: "video/mp4",
      cost_in_dollars: costOf(0, prices.recording),
      uri: null,
      created_at: at(started, starts),
      updated_at: at(started, ends ?? started.seconds),
      ...(status === "completed" ? completedRecording(id, seconds) : {})
    }, true)
  })
}

/** A recording that starts. */
export const startedRecording = (
  session: Session,
  index: number,
  time: DateTime.Utc
): RoomRecording.RoomRecording =>
  new RoomRecording.RoomRecording({
    id: RoomRecording.RoomRecordingId.make(uuidOf(`${session.id} recording ${index}`)),
    room_session_id: session.id,
    status: "recording",
    started_at: time,
    finished_at: null,
    duration: Duration.zero,
    size_in_bytes: null,
    format: "video/mp4",
    cost_in_dollars: costOf(0, prices.recording),
    uri: null,
    created_at: time,
    updated_at: time
  }, true)

/** The recording after it ended: it is charged, and has a file. */
export const endedRecording = (
  recording: RoomRecording.RoomRecording,
  time: DateTime.Utc
): RoomRecording.RoomRecording => {
  const seconds = secondsBetween(recording.started_at ?? time, time)
  return new RoomRecording.RoomRecording(
    Object.assign({}, recording, {
      finished_at: time,
      duration: Duration.seconds(seconds),
      updated_at: time,
      ...completedRecording(recording.id, seconds)
    }),
    true
  )
}

/** The whole seconds between two date-times. */
export const secondsBetween = (start: DateTime.Utc, end: DateTime.Utc): number =>
  Math.max(0, Math.floor((end.epochMillis - start.epochMillis) / 1000))

const projectId = uuidOf("project")

type Subject = Partial<Pick<RoomSessionEvent.RoomSessionEvent, "room_recording_id" | "room_participant_id">>

/**
 * An event of a session.
 *
 * @param number makes the id of an event different from those of the same name about the same subject
 */
export const event = (
  session: Session,
  name: string,
  time: DateTime.Utc,
  subject: Subject,
  number?: number
): RoomSessionEvent.RoomSessionEvent =>
  new RoomSessionEvent.RoomSessionEvent({
    id: uuidOf(
      `${session.id} ${name} ${subject.room_recording_id ?? subject.room_participant_id ?? ""}${number ?? ""}`
    ),
    project_id: projectId,
    // a session without a room has one that the service made for it
    room_id: session.room_id ?? uuidOf(`${session.id} room`),
    room_session_id: session.id,
    room_recording_id: null,
    room_participant_id: null,
    ...subject,
    level: "info",
    name,
    payload: {},
    created_at: time
  }, true)

/** The events of a session with its members and recordings, in the order of time. */
export const eventsOf = (
  session: Session,
  members: ReadonlyArray<RoomSessionMember.RoomSessionMember>,
  recordings: ReadonlyArray<RoomRecording.RoomRecording>
): ReadonlyArray<RoomSessionEvent.RoomSessionEvent> => {
  const at = (name: string, time: DateTime.Utc | null, subject: Subject = {}) =>
    time === null ? [] : [event(session, name, time, subject)]
  return [
    ...at("room.started", session.start_time),
    ...members.flatMap(({ id, join_time }) => at("member.joined", join_time, { room_participant_id: id })),
    ...recordings.flatMap(({ id, started_at }) => at("recording.started", started_at, { room_recording_id: id })),
    ...recordings.flatMap(({ finished_at, id }) => at("recording.ended", finished_at, { room_recording_id: id })),
    ...members.flatMap(({ id, leave_time }) => at("member.left", leave_time, { room_participant_id: id })),
    ...at("room.ended", session.end_time)
  ].toSorted((a, b) => a.created_at.epochMillis - b.created_at.epochMillis)
}

const isListed = (session: Session): session is RoomSession.RoomSession => session instanceof RoomSession.RoomSession

/** The fields that only the list has. */
type ListFields = Pick<RoomSession.RoomSession, "enable_room_previews" | "locked_cover">

/** The session as an item of the list. Its cost is the sum of the costs of its members. A session with these fields is unchanged. */
export const toListed = (
  session: Session,
  members: ReadonlyArray<RoomSessionMember.RoomSessionMember>,
  fields: ListFields = {
    enable_room_previews: session.preview_url !== null,
    locked_cover: "https://covers.example.com/locked.png"
  }
): RoomSession.RoomSession => {
  if (isListed(session)) return session
  const costs = members.map(({ cost_in_dollars }) => cost_in_dollars ?? BigDecimal.make(0n, 0))
  const { id, ...summary } = session
  return new RoomSession.RoomSession({
    id,
    ...summary,
    ...fields,
    cost_in_dollars: BigDecimal.normalize(BigDecimal.sumAll(costs))
  }, true)
}

/** The session as `get` returns it. */
export const toSummary = (session: Session): Session => {
  if (!isListed(session)) return session
  const { cost_in_dollars: _cost, enable_room_previews: _previews, locked_cover: _cover, ...summary } = session
  return new RoomSession.RoomSessionSummary(summary, true)
}
