/** The response to every request: one room session, 737 bytes of JSON with all 26 keys. */

export const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

export const path = `/api/video/room_sessions/${id}`

export const projectId = "4f1c7a52-9d3e-4b60-8a17-5c2e9f0d6b38"

export const apiToken = "PT0f9e8d7c6b5a49382716050403020100ffeeddccbbaa9988"

export const basic = `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString("base64")}`

export const session = {
  id,
  room_id: "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
  name: "standup",
  display_name: "Daily stand-up, team",
  max_members: 20,
  quality: "720p",
  fps: 20,
  join_from: "2026-01-05T08:55:00Z",
  join_until: "2026-01-05T09:10:00Z",
  remove_at: "2026-01-05T10:00:00Z",
  remove_after_seconds_elapsed: 3600,
  layout: "grid-responsive",
  record_on_start: true,
  tone_on_entry_and_exit: false,
  room_join_video_off: false,
  user_join_video_off: false,
  locked: false,
  start_time: "2026-01-05T08:59:30Z",
  end_time: "2026-01-05T09:21:07Z",
  duration: 1297,
  status: "completed",
  created_at: "2026-01-05T08:59:30Z",
  updated_at: "2026-01-05T09:21:07Z",
  preview_url: null,
  prioritize_handraise: false,
  sync_audio_video: true
}

export type SessionJson = typeof session

/** The fields that are date-times. */
export const dateKeys = [
  "join_from",
  "join_until",
  "remove_at",
  "start_time",
  "end_time",
  "created_at",
  "updated_at"
] as const

export const text = JSON.stringify(session)

/** The session with one invalid value in the middle. */
export const invalidText = text.replace("\"locked\":false", "\"locked\":\"no\"")
