/** Sessions for load, the same in each run. */
import { RoomSession } from "@effect-signalwire/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as contents from "./contents.ts"
import { uuidOf } from "./uuid.ts"

const firstStart = Date.parse("2026-01-01T08:00:00Z")
const rooms = 20

/** The session with a number: one of 20 rooms, an hour after the session before it, from 10 to 39 minutes. Each fourth is recorded. */
const one = (number: number): contents.Contents => {
  const room = number % rooms
  const seconds = 600 + (number % 30) * 60
  const start = firstStart + number * 3_600_000
  const recorded = number % 4 === 0
  const session = new RoomSession.RoomSessionSummary({
    id: RoomSession.RoomSessionId.make(uuidOf(`session ${number}`)),
    room_id: uuidOf(`room ${room}`),
    name: `room-${room}`,
    display_name: `Room ${room}`,
    max_members: 20,
    quality: room % 2 === 0 ? "720p" : "1080p",
    fps: room % 2 === 0 ? "20" : "30",
    join_from: null,
    join_until: null,
    remove_at: null,
    remove_after_seconds_elapsed: null,
    layout: "grid-responsive",
    record_on_start: recorded,
    tone_on_entry_and_exit: true,
    room_join_video_off: false,
    user_join_video_off: false,
    locked: false,
    start_time: DateTime.unsafeMake(start),
    end_time: DateTime.unsafeMake(start + seconds * 1000),
    duration: Duration.seconds(seconds),
    status: "completed",
    created_at: DateTime.unsafeMake(start - 1000),
    updated_at: DateTime.unsafeMake(start + seconds * 1000),
    preview_url: null,
    prioritize_handraise: false,
    sync_audio_video: true
  }, true)
  const members = contents.membersOf(session, [
    { name: "Host", joins: 0, leaves: seconds },
    { name: "Guest", joins: 30, leaves: seconds - 30 }
  ])
  const recordings = contents.recordingsOf(session, recorded ? [{ status: "completed", starts: 0, ends: seconds }] : [])
  const events = contents.eventsOf(session, members, recordings)
  return { sessions: [contents.toListed(session, members)], members, recordings, events }
}

/** @param count a whole number of at least 0 */
export const generate = (count: number): contents.Contents =>
  contents.concat(Array.from({ length: count }, (_, index) => one(index)))
