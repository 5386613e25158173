/**
 * Valid and realistic recordings of room sessions for tests. They differ from the defaults only in the fields that a test gives.
 *
 * @since 1.0.0
 */
import * as Duration from "effect/Duration"
import { RoomRecording, RoomRecordingId } from "../RoomRecording.ts"
import * as RoomSessionFixture from "./RoomSessionFixture.ts"
import { amount, checkOrder, construct, decodeFields, period, start, uuid } from "./internal/fixtureFields.ts"

/**
 * The fields of a recording.
 *
 * @since 1.0.0
 * @category models
 */
export type Fields = {
  readonly [K in keyof typeof RoomRecording.fields]?: RoomSessionFixture.Input<RoomRecording[K]> | undefined
}

/**
 * The id with the number `n`, for tests with several recordings. The same number gives the same id.
 *
 * @param n a whole number from 1 to 2^48 - 1; default 1, the id of all fixtures
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomRecordingFixture } from "@effect-signalwire/core/testing"
 *
 * const recordings = [RoomRecordingFixture.completed(), RoomRecordingFixture.inProgress({ id: RoomRecordingFixture.id(2) })]
 */
export const id = (n: number = 1): RoomRecordingId =>
  RoomRecordingId.make(uuid("RoomRecordingFixture.id", "2c3d4e5f", n))

const defaults = { id: id(), room_session_id: RoomSessionFixture.id(), format: "video/mp4" }
const completedDuration = Duration.minutes(25)

/**
 * A recording in progress: it has a start, and no end, duration, size, cost and file.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomRecordingFixture } from "@effect-signalwire/core/testing"
 *
 * const paused = RoomRecordingFixture.inProgress({ status: "paused" })
 */
export const inProgress = (
  fields: Omit<Fields, "finished_at" | "duration" | "size_in_bytes" | "uri"> = {}
): RoomRecording => {
  const owner = "RoomRecordingFixture.inProgress"
  const { started_at = start, ...values } = decodeFields<RoomRecording>(owner, fields)
  return construct(owner, () =>
    new RoomRecording({
      ...defaults,
      status: "recording",
      started_at,
      cost_in_dollars: null,
      created_at: started_at,
      updated_at: started_at,
      ...values,
      finished_at: null,
      duration: null,
      size_in_bytes: null,
      uri: null
    }))
}

/**
 * A completed recording: it has a start, an end and the duration between them, 25 minutes by default, and a file. The third derives
 * from two given ones. An end before its start ends the test with a defect.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomRecordingFixture } from "@effect-signalwire/core/testing"
 *
 * const recording = RoomRecordingFixture.completed({ duration: "1 hour", size_in_bytes: 314_572_800 })
 */
export const completed = (fields: Omit<Fields, "status"> = {}): RoomRecording => {
  const owner = "RoomRecordingFixture.completed"
  const values = decodeFields<RoomRecording>(owner, fields)
  const { duration, end: finished_at, start: started_at } = period(
    { start: values.started_at, end: values.finished_at, duration: values.duration },
    completedDuration
  )
  checkOrder(owner, { started_at, finished_at }, "started_at", "finished_at")
  return construct(owner, () =>
    new RoomRecording({
      ...defaults,
      size_in_bytes: 125_829_120,
      cost_in_dollars: amount("0.0625"),
      uri: "https://recordings.example.com/standup.mp4?signature=example",
      created_at: started_at,
      updated_at: finished_at,
      ...values,
      status: "completed",
      started_at,
      finished_at,
      duration
    }))
}
