/**
 * The default sessions of a sandbox: completed, in progress and not started, with every nullable field both set and null. The
 * sessions in progress are those of 7 October 2026, 16:12:20 UTC.
 */
import { RoomSession } from "@effect-signalwire/core"
import * as Schema from "effect/Schema"
import { defaults, type Wire } from "./internal/space/wireSession.ts"

const session = (wire: Partial<Wire> & Pick<Wire, "id" | "created_at" | "updated_at">) =>
  Schema.decodeSync(RoomSession.RoomSessionSummary)({ ...defaults, ...wire })

const designReview = session({
  id: "3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13",
  room_id: "b7d2e4c1-6a3f-4e58-9b0d-1c8f5a7e2d46",
  name: "design-review",
  display_name: "Design review",
  max_members: 20,
  quality: "1080p",
  fps: 30,
  join_from: "2026-10-06T13:50:00Z",
  join_until: "2026-10-06T14:30:00Z",
  remove_at: "2026-10-06T15:30:00Z",
  remove_after_seconds_elapsed: 5400,
  layout: "grid-responsive",
  record_on_start: true,
  tone_on_entry_and_exit: true,
  start_time: "2026-10-06T14:00:12Z",
  end_time: "2026-10-06T14:47:39Z",
  duration: 2847,
  status: "completed",
  created_at: "2026-10-06T13:50:00Z",
  updated_at: "2026-10-06T14:47:41Z",
  prioritize_handraise: true,
  sync_audio_video: true
})

const standUp = session({
  id: "a94b0e67-2c5d-4f81-b3a9-70d6e18c4f25",
  room_id: "5e9f3a10-8b7c-4d62-a1e4-f02b6c9d7831",
  name: "stand-up",
  display_name: "Morning stand-up",
  max_members: 12,
  quality: "720p",
  fps: 20,
  layout: "highlight-1-responsive",
  user_join_video_off: true,
  start_time: "2026-10-07T07:15:00Z",
  end_time: "2026-10-07T07:29:48Z",
  duration: 888,
  status: "completed",
  created_at: "2026-10-07T07:14:37Z",
  updated_at: "2026-10-07T07:29:49Z",
  prioritize_handraise: false,
  sync_audio_video: false
})

const webinar = session({
  id: "c06d7f38-41ea-4c29-95b8-2ae37f10d964",
  room_id: "0d4c8b29-f7e6-4a13-86d5-3b9e1f72ca50",
  name: "product-webinar",
  display_name: "What is new this autumn",
  max_members: 200,
  quality: "1080p",
  fps: 30,
  join_from: "2026-10-07T15:45:00Z",
  join_until: "2026-10-07T17:00:00Z",
  remove_at: "2026-10-07T18:00:00Z",
  remove_after_seconds_elapsed: 7200,
  layout: "1x1",
  record_on_start: true,
  room_join_video_off: true,
  locked: true,
  start_time: "2026-10-07T16:00:03Z",
  duration: 737,
  status: "in-progress",
  created_at: "2026-10-07T15:45:00Z",
  updated_at: "2026-10-07T16:12:20Z",
  preview_url: "https://previews.example.com/room_sessions/c06d7f38-41ea-4c29-95b8-2ae37f10d964.webp",
  prioritize_handraise: true,
  sync_audio_video: true
})

/** A session without a room: it has the vendor's defaults, and no preview. */
const adHocCall = session({
  id: "71e5b2d9-0f8c-4a36-bd47-e9c15a803f62",
  name: "call-4127",
  quality: "720p",
  fps: 20,
  layout: "grid-responsive",
  start_time: "2026-10-07T16:05:31Z",
  duration: 409,
  status: "in-progress",
  created_at: "2026-10-07T16:05:30Z",
  updated_at: "2026-10-07T16:05:31Z"
})

/** A session that has not started. */
const booked = session({
  id: "e82a4c91-b63d-4075-9f1e-c4d70b5a2e38",
  room_id: "946f1d83-25ca-4b7e-b08f-7a3e5d61c294",
  name: "interview",
  display_name: "Interview",
  max_members: 4,
  join_from: "2026-10-09T08:55:00Z",
  join_until: "2026-10-09T09:20:00Z",
  remove_at: "2026-10-09T10:00:00Z",
  tone_on_entry_and_exit: true,
  created_at: "2026-10-02T11:31:08Z",
  updated_at: "2026-10-02T11:31:08Z"
})

/** A session of 2021, when the service did not send the four flags. It ended in the second in which it started. */
const missed = session({
  id: "5b90d6e4-7a12-4c8f-a6d3-08f4b1e72c9d",
  tone_on_entry_and_exit: null,
  room_join_video_off: null,
  user_join_video_off: null,
  locked: null,
  status: "completed",
  start_time: "2021-09-30T22:10:44Z",
  end_time: "2021-09-30T22:10:44Z",
  duration: 0,
  created_at: "2021-09-30T22:10:43Z",
  updated_at: "2021-09-30T22:10:44Z"
})

/**
 * The six sessions of a sandbox without the option `sessions`: two completed ones, two in progress, one that has not started, and
 * one completed session of 2021 without the flags that the service added later. The first one is completed, and has a value for
 * every field but the preview. Their members, events and recordings are those of the running sandbox.
 *
 * @since 1.0.0
 * @category sessions
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const [designReview] = SandboxSpace.seeds
 * const inProgress = SandboxSpace.seeds.filter(({ status }) => status === "in-progress")
 */
export const seeds = [designReview, standUp, webinar, adHocCall, booked, missed] as const
