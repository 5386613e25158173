/** Sessions from some of their fields, in the form of the service. */
import { RoomSession } from "@effect-signalwire/core"
import * as Either from "effect/Either"
import type * as ParseResult from "effect/ParseResult"
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

type Made = Either.Either<RoomSession.RoomSessionSummary, ParseResult.ParseError>

/**
 * A session in progress that starts now, unless the fields say otherwise.
 *
 * @param before the fields of the session before it starts
 */
export const start = (id: string, before: SessionFields, fields: SessionFields, now: number): Made => {
  const time = dateTime(now)
  const created = { quality: "720p", fps: 20, layout: "grid-responsive", created_at: time }
  const started = { status: "in-progress", start_time: time, end_time: null, duration: null, updated_at: time }
  return decode({ ...defaults, ...created, ...before, ...started, ...fields, id })
}

/** A session with some other fields. */
export const change = (session: RoomSession.RoomSessionSummary, fields: SessionFields, now: number): Made =>
  decode({ ...session.toJSON(), updated_at: dateTime(now), ...fields })
