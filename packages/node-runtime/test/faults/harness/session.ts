/** A room session as the service sends it. The wire format itself is tested in core, against a session in plain JSON. */
import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { Schema } from "effect"

export const sessionId = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

/** All 26 keys. */
export const wireSession = Schema.encodeSync(RoomSession.RoomSessionSummary)(RoomSessionFixture.completed({
  id: sessionId,
  name: "weekly",
  display_name: "Weekly meeting",
  join_from: "2026-03-01T08:55:00Z",
  join_until: "2026-03-01T10:00:00Z",
  remove_after_seconds_elapsed: "1 hour",
  record_on_start: true,
  user_join_video_off: true,
  start_time: "2026-03-01T09:00:00Z",
  end_time: "2026-03-01T09:30:00.500Z",
  duration: "30 minutes"
}))

/** Its text, with changes; a key that is made undefined is left out. */
export const session = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ ...wireSession, ...changes })
