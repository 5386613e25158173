/** What the OpenAPI document says about each field; the models say it to readers of the code. */
import type { RoomSessionSummary } from "../RoomSession.ts"

export const authorization =
  "Basic authentication: the project id is the user name, an API token with the Video scope is the password."

/** Of the statuses that endpoints declare. */
export const errors: Readonly<Record<number, string>> = {
  400: "The request cannot be used.",
  401: "The credentials are missing or wrong, or the token lacks the Video scope.",
  404: "No such room session in this project.",
  500: "The service failed."
}

export const roomSession: Record<keyof typeof RoomSessionSummary.fields, string> = {
  id: "The session's own id.",
  room_id: "The room it was started from. Null when it was started without one, or the room is gone.",
  name: "The name that addresses the room.",
  display_name: "The name to show to people, at most 200 characters.",
  max_members: "How many members may be inside at the same time.",
  quality: "Video resolution.",
  fps: "Video frames per second.",
  join_from: "Nobody can join before this instant.",
  join_until: "Nobody can join after this instant.",
  remove_at: "Everybody is removed at this instant.",
  remove_after_seconds_elapsed: "Each member is removed after being inside for this many seconds.",
  layout: "The layout it starts with.",
  record_on_start: "Whether recording began by itself when the session began.",
  tone_on_entry_and_exit: "Whether a tone is heard when somebody enters or leaves.",
  room_join_video_off: "Whether the room makes people join with their video off.",
  user_join_video_off: "Whether the user's settings make people join with their video off.",
  locked: "Whether the session is closed to newcomers.",
  start_time: "When it began.",
  end_time: "When it ended. Null while it is in progress.",
  duration: "How long it lasted, or has lasted so far while it is in progress, in seconds.",
  status: "Whether it is in progress or completed.",
  created_at: "When the service made its record of it.",
  updated_at: "When the service last changed its record of it.",
  preview_url: "An animated picture of what goes on inside. Null when previews are off.",
  prioritize_handraise: "Whether members who raise a hand come first in the layout.",
  sync_audio_video: "Whether audio and video are kept in step by the jitter buffer."
}
