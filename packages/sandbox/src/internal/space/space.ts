/** What a space contains, and its changes: sessions start and complete, members join and leave, recordings start and end. */
import { RoomRecording, RoomSession, type RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import { ChangeError } from "./changeError.ts"
import * as contents from "./contents.ts"
import { uuidOf } from "./uuid.ts"

type Session = RoomSession.RoomSession
type Member = RoomSessionMember.RoomSessionMember
type Recording = RoomRecording.RoomRecording

/** A session as it was at its last change. */
export interface SessionEntry {
  session: Session
  /**
   * The milliseconds from the time of the `Clock` to that of the session, whose start may be any. Undefined for a session that
   * stands still: one that is not in progress, or that was given and has not changed since.
   */
  offset: number | undefined
}

/** A member or a recording as it was at its last change. */
export interface Entry<A> {
  value: A
}

type Change<A> = Either.Either<A, ChangeError>

const failed = (reason: ChangeError["reason"], id: string) => Either.left(new ChangeError({ reason, id }))

const isInProgress = ({ status }: Session): boolean => status === "in-progress"

const isInside = ({ join_time, leave_time }: Member): boolean => join_time !== null && leave_time === null

const isRecording = ({ finished_at, started_at }: Recording): boolean => started_at !== null && finished_at === null

/** The time of a session that counts, in whole seconds. */
const timeOf = ({ offset = 0, session }: SessionEntry, now: number): DateTime.Utc => {
  const start = session.start_time?.epochMillis ?? -Infinity
  return DateTime.unsafeMake(Math.max(start, Math.floor((now + offset) / 1000) * 1000))
}

const durationAt = (start: DateTime.Utc, time: DateTime.Utc): Duration.Duration =>
  Duration.seconds(contents.secondsBetween(start, time))

/** Without a duration, the session has the time of the `Clock`; otherwise it continues after its duration. */
const offsetOf = ({ duration, start_time }: Session, now: number): number =>
  duration === null || start_time === null ? 0 : start_time.epochMillis + Duration.toMillis(duration) - now

const change = (session: Session, fields: Partial<Session>): Session =>
  new RoomSession.RoomSession(Object.assign({}, session, fields), true)

/** The cost of a session after members have left. */
const charged = ({ cost_in_dollars }: Session, costs: ReadonlyArray<BigDecimal.BigDecimal>) => ({
  cost_in_dollars: BigDecimal.normalize(BigDecimal.sumAll([cost_in_dollars ?? BigDecimal.make(0n, 0), ...costs]))
})

const push = <A>(groups: Map<string, Array<A>>, id: string, item: A): void => {
  const group = groups.get(id)
  if (group === undefined) groups.set(id, [item])
  else group.push(item)
}

/** A program in JavaScript can give anything as an id, which is then that of nothing. */
const keyOf = (id: unknown): string => String(id).toLowerCase()

/** Two items with one id are an error in the test setup. */
const unique = <A>(kind: string, map: Map<string, A>, id: string, item: A): void => {
  const key = id.toLowerCase()
  if (map.has(key)) throw new Cause.RuntimeException(`SandboxSpace: two of the given ${kind} have the id ${key}`)
  map.set(key, item)
}

/** Lists only grow, and items do not move in them, so that a position in a list has a meaning that does not change. Keys are in lower case. */
export class Space {
  readonly sessions: Array<SessionEntry> = []
  readonly recordings: Array<Entry<Recording>> = []
  readonly #sessions = new Map<string, SessionEntry>()
  readonly #members = new Map<string, Entry<Member>>()
  readonly #recordings = new Map<string, Entry<Recording>>()
  readonly #membersBySession = new Map<string, Array<Entry<Member>>>()
  readonly #eventsBySession = new Map<string, Array<RoomSessionEvent.RoomSessionEvent>>()
  readonly #eventsByRecording = new Map<string, Array<RoomSessionEvent.RoomSessionEvent>>()
  readonly #recordingsBySession = new Map<string, Array<Entry<Recording>>>()

  readonly #origin: string

  /**
   * Throws for two items with one id.
   *
   * @param origin that of the files of recordings
   */
  constructor({ events, members, recordings, sessions }: contents.Contents, origin: string) {
    this.#origin = origin
    for (const value of members) unique("members", this.#members, value.id, { value })
    const known = new Map<string, true>()
    for (const event of events) {
      unique("events", known, event.id, true)
      this.#addEvent(event)
    }
    for (const session of sessions) {
      const entry = { session, offset: undefined }
      unique("sessions", this.#sessions, session.id, entry)
      this.sessions.push(entry)
    }
    for (const value of members) this.#addMember(value)
    for (const value of recordings) {
      unique("recordings", this.#recordings, value.id, { value })
      this.#addRecording(value)
    }
  }

  #addMember(value: Member): Member {
    const entry = { value }
    this.#members.set(value.id.toLowerCase(), entry)
    push(this.#membersBySession, value.room_session_id.toLowerCase(), entry)
    return value
  }

  #addRecording(value: Recording): Recording {
    const entry = { value }
    this.recordings.push(entry)
    this.#recordings.set(value.id.toLowerCase(), entry)
    push(this.#recordingsBySession, value.room_session_id.toLowerCase(), entry)
    return value
  }

  #addEvent(event: RoomSessionEvent.RoomSessionEvent): void {
    const { room_recording_id, room_session_id } = event
    if (room_session_id !== null) push(this.#eventsBySession, room_session_id.toLowerCase(), event)
    if (room_recording_id !== null) push(this.#eventsByRecording, room_recording_id.toLowerCase(), event)
  }

  #happened(session: Session, name: string, time: DateTime.Utc, subject: Parameters<typeof contents.event>[3] = {}) {
    this.#addEvent(contents.event(session, name, time, subject, this.events(session.id).length))
  }

  session(id: string): SessionEntry | undefined {
    return this.#sessions.get(keyOf(id))
  }

  recording(id: string): Entry<Recording> | undefined {
    return this.#recordings.get(keyOf(id))
  }

  members(sessionId: string): ReadonlyArray<Entry<Member>> {
    return this.#membersBySession.get(sessionId.toLowerCase()) ?? []
  }

  /** When the last member of a session joined, in milliseconds. */
  lastJoin(sessionId: string): number | undefined {
    const joins = this.members(sessionId).flatMap(({ value }) => value.join_time?.epochMillis ?? [])
    return joins.length === 0 ? undefined : Math.max(...joins)
  }

  events(sessionId: string): ReadonlyArray<RoomSessionEvent.RoomSessionEvent> {
    return this.#eventsBySession.get(sessionId.toLowerCase()) ?? []
  }

  recordingEvents(recordingId: string): ReadonlyArray<RoomSessionEvent.RoomSessionEvent> {
    return this.#eventsByRecording.get(recordingId.toLowerCase()) ?? []
  }

  sessionRecordings(sessionId: string): ReadonlyArray<Entry<Recording>> {
    return this.#recordingsBySession.get(sessionId.toLowerCase()) ?? []
  }

  snapshot(now: number): contents.Contents {
    return {
      sessions: this.sessions.map(entry => this.sessionAt(entry, now)),
      members: [...this.#membersBySession.values()].flat().map(entry => this.memberAt(entry, now)),
      events: [...this.#eventsBySession.values()].flat(),
      recordings: this.recordings.map(entry => this.recordingAt(entry, now))
    }
  }

  /** The session in progress with an id, which counts from now at the latest, and its time. */
  #inProgress(id: string, now: number): Change<readonly [entry: SessionEntry, time: DateTime.Utc]> {
    const entry = this.session(id)
    if (entry === undefined) return failed("UnknownSession", id)
    const { session } = entry
    if (!isInProgress(session)) return failed(session.status === "completed" ? "Completed" : "NotStarted", id)
    entry.offset ??= offsetOf(session, now)
    return Either.right([entry, timeOf(entry, now)])
  }

  /** The session as the list has it. What only the list has stays as it was. */
  #toListed(given: RoomSession.RoomSessionSummary | Session, before: SessionEntry | undefined): Session {
    const members = this.members(given.id).map(({ value }) => value)
    if (before === undefined) return contents.toListed(given, members)
    const { cost_in_dollars, enable_room_previews, locked_cover } = before.session
    const listed = contents.toListed(given, members, { enable_room_previews, locked_cover })
    return listed === given ? listed : change(listed, { cost_in_dollars })
  }

  /** A session that is put as it is now continues to count, in fractions of a second too. */
  #offsetAfter(session: Session, before: SessionEntry | undefined, now: number): number | undefined {
    if (!isInProgress(session)) return undefined
    const current = before === undefined ? undefined : this.sessionAt(before, now)
    return before?.offset !== undefined && Equal.equals(current?.start_time, session.start_time) &&
        Equal.equals(current?.duration, session.duration)
      ? before.offset
      : offsetOf(session, now)
  }

  /** Adds a session, or replaces the one with its id. */
  put(given: RoomSession.RoomSessionSummary | Session, now: number): Session {
    const before = this.session(given.id)
    const wasInProgress = before !== undefined && isInProgress(before.session)
    const session = this.#toListed(given, before)
    const entry: SessionEntry = before ?? { session, offset: undefined }
    if (before === undefined) {
      this.#sessions.set(session.id.toLowerCase(), entry)
      this.sessions.push(entry)
    }
    const previous = entry.session
    entry.offset = this.#offsetAfter(session, before, now)
    entry.session = session
    const { end_time, start_time, status } = session
    const starts = !wasInProgress && (before === undefined || previous.status !== status)
    if (starts && start_time !== null && status !== null) this.#happened(session, "room.started", start_time)
    if (status === "completed" && (starts || wasInProgress)) {
      const end = end_time ?? timeOf({ session, offset: 0 }, now)
      const costs = this.#leaveAll(session, end)
      // a given cost is that of the whole session
      if (given !== session) entry.session = change(session, charged(session, costs))
      this.#happened(session, "room.ended", end)
    }
    return entry.session
  }

  /** All recordings end, and all members leave. Returns what the members cost. */
  #leaveAll(session: Session, time: DateTime.Utc): ReadonlyArray<BigDecimal.BigDecimal> {
    for (const recording of this.sessionRecordings(session.id)) {
      if (isRecording(recording.value)) this.#endRecording(session, recording, time)
    }
    return this.members(session.id)
      .filter(({ value }) => isInside(value))
      .map(member => this.#leave(session, member, time))
  }

  #leave(session: Session, member: Entry<Member>, time: DateTime.Utc): BigDecimal.BigDecimal {
    const { id, join_time } = member.value
    const duration = durationAt(join_time ?? time, time)
    const cost = contents.memberCost(session, Duration.toSeconds(duration))
    member.value = new RoomSessionMember.RoomSessionMember(
      Object.assign({}, member.value, { leave_time: time, duration, cost_in_dollars: cost }),
      true
    )
    this.#happened(session, "member.left", time, { room_participant_id: id })
    return cost
  }

  #endRecording(session: Session, recording: Entry<Recording>, time: DateTime.Utc): Recording {
    recording.value = contents.located(contents.endedRecording(recording.value, time), this.#origin)
    this.#happened(session, "recording.ended", time, { room_recording_id: recording.value.id })
    return recording.value
  }

  /** Ends a session: all members leave, all recordings end, and their costs are known. */
  end(id: string, now: number): Change<Session> {
    return Either.map(this.#inProgress(id, now), ([entry, time]) => {
      const { session } = entry
      const start_time = session.start_time ?? time
      entry.session = change(session, {
        ...charged(session, this.#leaveAll(session, time)),
        status: "completed",
        start_time,
        end_time: time,
        duration: durationAt(start_time, time),
        preview_url: null,
        updated_at: time
      })
      entry.offset = undefined
      this.#happened(entry.session, "room.ended", time)
      return entry.session
    })
  }

  addMember(sessionId: string, name: string | null, now: number): Change<Member> {
    return Either.map(this.#inProgress(sessionId, now), ([entry, time]) => {
      const { id } = entry.session
      entry.session = change(entry.session, { updated_at: time })
      const member = this.#addMember(
        new RoomSessionMember.RoomSessionMember({
          id: uuidOf(`${id} member ${this.members(id).length}`),
          room_session_id: id,
          name,
          join_time: time,
          leave_time: null,
          duration: Duration.zero,
          cost_in_dollars: BigDecimal.make(0n, 0)
        }, true)
      )
      this.#happened(entry.session, "member.joined", time, { room_participant_id: member.id })
      return member
    })
  }

  removeMember(id: string, now: number): Change<Member> {
    const member = this.#members.get(keyOf(id))
    if (member === undefined) return failed("UnknownMember", id)
    if (!isInside(member.value)) return failed("MemberLeft", id)
    return Either.map(this.#inProgress(member.value.room_session_id, now), ([entry, time]) => {
      const cost = this.#leave(entry.session, member, time)
      entry.session = change(entry.session, { ...charged(entry.session, [cost]), updated_at: time })
      return member.value
    })
  }

  record(sessionId: string, now: number): Change<Recording> {
    return Either.map(this.#inProgress(sessionId, now), ([entry, time]) => {
      entry.session = change(entry.session, { updated_at: time })
      const { id } = entry.session
      const recording = this.#addRecording(
        contents.startedRecording(entry.session, this.sessionRecordings(id).length, time)
      )
      this.#happened(entry.session, "recording.started", time, { room_recording_id: recording.id })
      return recording
    })
  }

  endRecording(id: string, now: number): Change<Recording> {
    const recording = this.recording(id)
    if (recording === undefined) return failed("UnknownRecording", id)
    if (!isRecording(recording.value)) return failed("RecordingEnded", id)
    return Either.map(this.#inProgress(recording.value.room_session_id, now), ([entry, time]) => {
      entry.session = change(entry.session, { updated_at: time })
      return this.#endRecording(entry.session, recording, time)
    })
  }

  /** The session at a time of the `Clock`, in milliseconds: while it counts, its duration is the time so far. */
  sessionAt(entry: SessionEntry, now: number): Session {
    const { offset, session } = entry
    if (offset === undefined || session.start_time === null) return session
    return change(session, { duration: durationAt(session.start_time, timeOf(entry, now)) })
  }

  memberAt({ value }: Entry<Member>, now: number): Member {
    const duration = isInside(value) ? this.#durationOf(value.room_session_id, value.join_time, now) : undefined
    return duration === undefined
      ? value
      : new RoomSessionMember.RoomSessionMember(Object.assign({}, value, { duration }), true)
  }

  recordingAt({ value }: Entry<Recording>, now: number): Recording {
    const duration = value.status === "recording"
      ? this.#durationOf(value.room_session_id, value.started_at, now)
      : undefined
    return duration === undefined
      ? value
      : new RoomRecording.RoomRecording(Object.assign({}, value, { duration }), true)
  }

  /** The time so far of a part of a session; undefined when the session stands still. */
  #durationOf(sessionId: string, start: DateTime.Utc | null, now: number): Duration.Duration | undefined {
    const entry = this.session(sessionId)
    return entry?.offset === undefined || start === null ? undefined : durationAt(start, timeOf(entry, now))
  }
}
