import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Schema } from "effect"

const seeds: ReadonlyArray<RoomSession.RoomSessionSummary> = SandboxSpace.seeds

const nullable = [
  "room_id",
  "name",
  "display_name",
  "max_members",
  "quality",
  "fps",
  "join_from",
  "join_until",
  "remove_at",
  "remove_after_seconds_elapsed",
  "layout",
  "start_time",
  "end_time",
  "duration",
  "status",
  "preview_url",
  "prioritize_handraise",
  "sync_audio_video",
  "tone_on_entry_and_exit",
  "room_join_video_off",
  "user_join_video_off",
  "locked"
] as const

describe("the seeded sessions", () => {
  it("begin with a completed one of which everything but the preview is set", () => {
    const [first] = SandboxSpace.seeds
    assert.strictEqual(first.status, "completed")
    assert.deepStrictEqual(nullable.filter(key => first[key] === null), ["preview_url"])
  })

  it("have different ids", () => {
    assert.strictEqual(new Set(seeds.map(({ id }) => id)).size, seeds.length)
  })

  for (const key of nullable) {
    it(`have ${key} both set and null`, () => {
      assert.isTrue(seeds.some(session => session[key] === null))
      assert.isTrue(seeds.some(session => session[key] !== null))
    })
  }

  it("have every known value of each enumeration, and both values of each flag", () => {
    const values = <K extends keyof RoomSession.RoomSessionSummary>(key: K) => new Set(seeds.map(one => one[key]))
    assert.deepStrictEqual(values("quality"), new Set(["1080p", "720p", null]))
    assert.deepStrictEqual(values("fps"), new Set(["30", "20", null]))
    assert.deepStrictEqual(values("status"), new Set(["completed", "in-progress", null]))
    assert.deepStrictEqual(values("record_on_start"), new Set([true, false]))
    for (const flag of ["tone_on_entry_and_exit", "room_join_video_off", "user_join_video_off", "locked"] as const) {
      assert.deepStrictEqual(values(flag), new Set([true, false, null]), flag)
    }
  })

  it("have an end only when they are completed, with the duration from start to end", () => {
    for (const { created_at, duration, end_time, id, start_time, status, updated_at } of seeds) {
      assert.isNotNull(created_at)
      assert.isNotNull(updated_at)
      assert.isTrue(DateTime.lessThanOrEqualTo(created_at, updated_at), id)
      assert.strictEqual(status === "completed", end_time !== null, id)
      assert.strictEqual(start_time !== null, status !== null, id)
      if (start_time !== null) assert.isTrue(DateTime.lessThanOrEqualTo(created_at, start_time), id)
      if (start_time === null || end_time === null || duration === null) continue
      assert.deepStrictEqual(DateTime.addDuration(start_time, duration), end_time, id)
      assert.isTrue(DateTime.lessThanOrEqualTo(end_time, updated_at), id)
    }
  })

  it("in progress have the time so far as their duration, all at the same date-time", () => {
    const inProgress = seeds.filter(({ status }) => status === "in-progress")
    const seenAt = inProgress.map(({ duration, start_time }) =>
      duration === null || start_time === null ? null : DateTime.formatIso(DateTime.addDuration(start_time, duration))
    )
    assert.deepStrictEqual(seenAt, inProgress.map(() => "2026-10-07T16:12:20.000Z"))
  })

  it("let people in for a time, and remove everybody later still", () => {
    for (const { id, join_from, join_until, remove_after_seconds_elapsed, remove_at } of seeds) {
      if (join_from === null || join_until === null || remove_at === null) continue
      assert.isTrue(DateTime.lessThan(join_from, join_until), id)
      assert.isTrue(DateTime.lessThan(join_until, remove_at), id)
      if (remove_after_seconds_elapsed !== null) {
        assert.isTrue(Duration.greaterThan(remove_after_seconds_elapsed, Duration.zero), id)
      }
    }
  })

  it("encode to the service's form: 26 keys, whole seconds, fps as a number", () => {
    for (const session of seeds) {
      const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
      assert.lengthOf(Object.keys(wire), 26)
      assert.notMatch(JSON.stringify(wire), /\.\d+Z|"fps":"/, session.id)
    }
  })
})
