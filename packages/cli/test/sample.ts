import { RoomSession } from "@effect-signalwire/core"
import { Either, Schema, Struct } from "effect"

/** Every field is set. */
const wire = {
  id: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  room_id: "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",
  name: "weekly-planning",
  display_name: "Weekly planning",
  max_members: 20,
  quality: "1080p",
  fps: 30,
  join_from: "2026-01-31T22:45:00Z",
  join_until: "2026-01-31T23:30:00Z",
  remove_at: "2026-02-01T01:00:00Z",
  remove_after_seconds_elapsed: 5400,
  layout: "grid-responsive",
  record_on_start: true,
  tone_on_entry_and_exit: false,
  room_join_video_off: true,
  user_join_video_off: false,
  locked: true,
  start_time: "2026-01-31T22:50:12Z",
  end_time: "2026-01-31T23:50:13Z",
  duration: 3601,
  status: "completed",
  created_at: "2026-01-31T22:45:00Z",
  updated_at: "2026-01-31T23:50:13Z",
  preview_url: "https://example.com/preview.webp",
  prioritize_handraise: false,
  sync_audio_video: true
}

const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)

export const sessionOf = (changes: Partial<Record<keyof typeof wire, unknown>> = {}) =>
  Either.getOrThrow(decode({ ...wire, ...changes }))

export const nullable = Struct.keys(wire).filter(key => Either.isRight(decode({ ...wire, [key]: null })))
