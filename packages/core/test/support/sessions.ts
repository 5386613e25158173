/** Room sessions as the service sends them, in plain JSON: what tests the wire format must not depend on the code that writes it. */

export const sessionId = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

/** All 26 keys, in the order of the contract. */
export const wireSession = {
  id: sessionId,
  room_id: "7f5b2c1e-9a3d-4c8b-8e6f-1d2c3b4a5f60",
  name: "weekly",
  display_name: "Weekly meeting",
  max_members: 20,
  quality: "720p",
  fps: 20,
  join_from: "2026-03-01T08:55:00Z",
  join_until: "2026-03-01T10:00:00Z",
  remove_at: null,
  remove_after_seconds_elapsed: 3600,
  layout: "grid-responsive",
  record_on_start: true,
  tone_on_entry_and_exit: false,
  room_join_video_off: false,
  user_join_video_off: true,
  locked: false,
  start_time: "2026-03-01T09:00:00Z",
  end_time: "2026-03-01T09:30:00.500Z",
  duration: 1800,
  status: "completed",
  created_at: "2026-03-01T09:00:00Z",
  updated_at: "2026-03-01T09:30:01.123Z",
  preview_url: null,
  prioritize_handraise: false,
  sync_audio_video: null
}

export const neverNull = ["id", "record_on_start"] as const

export const nullable = Object.keys(wireSession).filter(key => !neverNull.some(name => name === key))

export const body = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ ...wireSession, ...changes })
