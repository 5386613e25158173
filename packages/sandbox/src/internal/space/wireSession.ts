/** Sessions from some of their fields, in the form of the service. */
import { RoomSession } from "@effect-signalwire/core"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { formatError, show } from "../fields.ts"

export type Wire = typeof RoomSession.RoomSessionSummary.Encoded

/** Every nullable field is null, and every flag is off. */
export const defaults = {
  room_id: null,
  name: null,
  display_name: null,
  max_members: null,
  quality: null,
  fps: null,
  join_from: null,
  join_until: null,
  remove_at: null,
  remove_after_seconds_elapsed: null,
  layout: null,
  record_on_start: false,
  tone_on_entry_and_exit: false,
  room_join_video_off: false,
  user_join_video_off: false,
  locked: false,
  start_time: null,
  end_time: null,
  duration: null,
  status: null,
  preview_url: null,
  prioritize_handraise: null,
  sync_audio_video: null
} satisfies Partial<Wire>

const decode = Schema.decodeEither(RoomSession.RoomSessionSummary)

const ids = { id: "00000000-0000-4000-8000-000000000000", created_at: null, updated_at: null }

/** Some fields of a session, such as `{ "display_name": "Kick-off", "quality": "1080p" }`. */
const known: Partial<Record<keyof Wire, ReadonlyArray<unknown>>> = {
  quality: ["720p", "1080p"],
  fps: [20, 30, "20", "30"],
  status: ["in-progress", "completed"]
}

/** What the models accept, since the service may send it one day, and this one does not have. */
const unknownValue = (fields: Readonly<Record<string, unknown>>): string | undefined => {
  for (const [name, values] of Object.entries(known)) {
    const value = fields[name]
    if (value !== undefined && value !== null && !values.includes(value)) {
      return `${name}: expected one of ${
        values.filter(value => !/^\d+$/.test(String(value)) || typeof value === "number").join(", ")
      }, got ${show(value)}`
    }
  }
  const { max_members } = fields
  return typeof max_members === "number" && max_members < 1
    ? `max_members: expected a whole number of at least 1, got ${max_members}`
    : undefined
}

export const SessionFields = Schema.partialWith(
  Schema.encodedSchema(RoomSession.RoomSessionSummary).pipe(Schema.omit("id")),
  { exact: true }
).pipe(
  Schema.filter(fields =>
    Either.match(decode({ ...defaults, ...ids, ...fields }), {
      onLeft: error => formatError(error),
      onRight: () => unknownValue(fields) ?? true
    })
  )
).annotations({ identifier: "SessionFields" })

export type SessionFields = typeof SessionFields.Type

/** The date-time of a time in milliseconds, in whole seconds. */
const dateTime = (now: number): string => new Date(Math.floor(now / 1000) * 1000).toISOString()

/** A session, or what was expected of its fields. */
type Made = Either.Either<RoomSession.RoomSessionSummary, string>

const decodeFields = (fields: unknown): Made =>
  Either.mapLeft(Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)(fields), formatError)

/** What a session that is this and was that has, unless its fields say otherwise. */
const derived = (before: Partial<Wire>, fields: SessionFields, time: string): Partial<Wire> => {
  const { status = before.status } = fields
  if (status === before.status) return {}
  if (status === "in-progress") return { start_time: before.start_time ?? time, end_time: null, duration: null }
  return status === "completed" ? { start_time: before.start_time ?? time, end_time: time } : {}
}

const secondsOf = ({ end_time, start_time }: RoomSession.RoomSessionSummary): number | undefined =>
  end_time === null || start_time === null ? undefined : (end_time.epochMillis - start_time.epochMillis) / 1000

/**
 * What is wrong with the times of a session; undefined for nothing.
 *
 * @param now in milliseconds, by the time of the session
 * @param lastJoin when the last member joined, in milliseconds; undefined without members
 */
const inconsistency = (
  session: RoomSession.RoomSessionSummary,
  now: number,
  lastJoin: number | undefined
): string | undefined => {
  const { end_time, start_time, status } = session
  const seconds = secondsOf(session)
  if (start_time !== null && status !== null && start_time.epochMillis > now) {
    return "start_time: expected a time that is not in the future"
  }
  if (status === "in-progress" && end_time !== null) return "end_time: expected null for a session in progress"
  if (seconds !== undefined && seconds < 0) return "end_time: expected a time after start_time"
  if (status === "completed" && end_time !== null && lastJoin !== undefined && end_time.epochMillis < lastJoin) {
    return "end_time: expected a time after the last member joined"
  }
  return status === null && lastJoin !== undefined
    ? "status: expected in-progress or completed, since it has members"
    : undefined
}

const consistent = (made: Made, now: number, lastJoin?: number): Made =>
  Either.flatMap(made, session => {
    const problem = inconsistency(session, now, lastJoin)
    return problem === undefined ? Either.right(session) : Either.left(problem)
  })

/** The duration of a completed session is the time from its start to its end, unless the fields say otherwise. */
const withDuration = (made: Made, fields: SessionFields): Made =>
  Either.flatMap(made, session => {
    const seconds = secondsOf(session)
    return session.status !== "completed" || seconds === undefined || fields.duration !== undefined
      ? Either.right(session)
      : decodeFields({ ...session.toJSON(), duration: Math.max(0, Math.floor(seconds)) })
  })

/**
 * A session in progress that starts now, unless the fields say otherwise.
 *
 * @param before the fields of the session before it starts
 */
export const start = (id: string, before: SessionFields, fields: SessionFields, now: number): Made => {
  const time = dateTime(now)
  const created = { quality: "720p", fps: 20, layout: "grid-responsive", created_at: time }
  const started = { status: "in-progress", start_time: time, end_time: null, duration: null, updated_at: time }
  const defaulted = derived(started, fields, time)
  const made = decodeFields({ ...defaults, ...created, ...before, ...started, ...defaulted, ...fields, id })
  return consistent(withDuration(made, fields), now)
}

/**
 * A session with some other fields.
 *
 * @param lastJoin when the last member joined, in milliseconds; undefined without members
 */
export const change = (
  session: RoomSession.RoomSessionSummary,
  fields: SessionFields,
  now: number,
  lastJoin: number | undefined
): Made => {
  const { duration, start_time } = session
  const isCounting = session.status === "in-progress" && start_time !== null && duration !== null
  // the time of a session in progress can be another one than that of the clock
  const sessionNow = isCounting ? start_time.epochMillis + Duration.toMillis(duration) : now
  const before = session.toJSON()
  const made = decodeFields({
    ...before,
    updated_at: dateTime(now),
    ...derived(before, fields, dateTime(sessionNow)),
    ...fields
  })
  const timed = fields.status !== undefined || fields.start_time !== undefined || fields.end_time !== undefined
  return timed ? consistent(withDuration(made, fields), Math.max(now, sessionNow), lastJoin) : made
}
