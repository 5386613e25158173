import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Either, Schema, Struct } from "effect"

const seeds: ReadonlyArray<RoomSession.RoomSessionSummary> = SandboxSpace.seeds

const [first] = SandboxSpace.seeds
const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)
const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)

/** The contract never has null in the last two; the decoder accepts it. */
const nullable = Struct.keys(RoomSession.RoomSessionSummary.fields).filter(key =>
  Either.isRight(decode({ ...wire(first), [key]: null })) && key !== "created_at" && key !== "updated_at"
)

describe("the seeded sessions", () => {
  it("the first seed is completed, and has everything but a preview", () => {
    assert.strictEqual(first.status, "completed")
    assert.deepStrictEqual(nullable.filter(key => first[key] === null), ["preview_url"])
  })

  it("the seeds have different ids", () => {
    assert.strictEqual(new Set(seeds.map(({ id }) => id)).size, seeds.length)
  })

  for (const key of nullable) {
    it(`the seeds have ${key} both set and null`, () => {
      assert.isTrue(seeds.some(session => session[key] === null))
      assert.isTrue(seeds.some(session => session[key] !== null))
    })
  }

  it("the seeds have every known value of each enumeration, and both values of each flag", () => {
    const values = <K extends keyof RoomSession.RoomSessionSummary>(key: K) => new Set(seeds.map(one => one[key]))
    assert.deepStrictEqual(values("quality"), new Set(["1080p", "720p", null]))
    assert.deepStrictEqual(values("fps"), new Set(["30", "20", null]))
    assert.deepStrictEqual(values("status"), new Set(["completed", "in-progress", null]))
    assert.deepStrictEqual(values("record_on_start"), new Set([true, false]))
    for (const flag of ["tone_on_entry_and_exit", "room_join_video_off", "user_join_video_off", "locked"] as const) {
      assert.deepStrictEqual(values(flag), new Set([true, false, null]), flag)
    }
  })

  it("only completed seeds have an end, and their duration is the time from start to end", () => {
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

  it("the duration of each seed in progress is the time so far, at one date-time for all", () => {
    const inProgress = seeds.filter(({ status }) => status === "in-progress")
    const seenAt = inProgress.map(({ duration, start_time }) =>
      duration === null || start_time === null ? null : DateTime.formatIso(DateTime.addDuration(start_time, duration))
    )
    assert.deepStrictEqual(seenAt, inProgress.map(() => "2026-10-07T16:12:20.000Z"))
  })

  it("seeds with a schedule open before they close, and remove all members after that", () => {
    for (const { id, join_from, join_until, remove_after_seconds_elapsed, remove_at } of seeds) {
      if (join_from === null || join_until === null || remove_at === null) continue
      assert.isTrue(DateTime.lessThan(join_from, join_until), id)
      assert.isTrue(DateTime.lessThan(join_until, remove_at), id)
      if (remove_after_seconds_elapsed !== null) {
        assert.isTrue(Duration.greaterThan(remove_after_seconds_elapsed, Duration.zero), id)
      }
    }
  })

  it("seeds encode to the wire form of the service: 26 keys, whole seconds, fps as a number", () => {
    for (const session of seeds) {
      const encoded = wire(session)
      assert.lengthOf(Object.keys(encoded), 26)
      assert.notMatch(JSON.stringify(encoded), /\.\d+Z|"fps":"/, session.id)
    }
  })
})
