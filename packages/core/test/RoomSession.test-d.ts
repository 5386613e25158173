import type { RoomSession } from "@effect-signalwire/core"
import { Match } from "effect"
import type { DateTime, Duration } from "effect"
import { describe, expectTypeOf, it } from "vitest"

describe("enumerations", () => {
  it("matching the known literals and one extra case is exhaustive", () => {
    const describeStatus = Match.type<RoomSession.RoomSessionStatus>().pipe(
      Match.when("in-progress", () => "in progress" as const),
      Match.when("completed", () => "completed" as const),
      Match.orElse(unknown => {
        expectTypeOf(unknown).toEqualTypeOf<RoomSession.Unrecognized>()
        return unknown
      })
    )
    expectTypeOf(describeStatus).returns.toEqualTypeOf<"in progress" | "completed" | RoomSession.Unrecognized>()
  })

  it("a switch over the known literals leaves Unrecognized", () => {
    const resolution = (quality: RoomSession.VideoQuality): number | RoomSession.Unrecognized => {
      switch (quality) {
        case "720p":
          return 720
        case "1080p":
          return 1080
        default:
          expectTypeOf(quality).toEqualTypeOf<RoomSession.Unrecognized>()
          return quality
      }
    }
    expectTypeOf(resolution).parameter(0).toEqualTypeOf<RoomSession.VideoQuality>()
    const rate = (fps: RoomSession.VideoFps): RoomSession.Unrecognized | undefined =>
      fps === "20" || fps === "30" ? undefined : fps
    expectTypeOf(rate).parameter(0).toEqualTypeOf<RoomSession.VideoFps>()
  })

  it("a string that is not documented has not the type of an enumeration", () => {
    expectTypeOf<"finished">().not.toExtend<RoomSession.RoomSessionStatus>()
    expectTypeOf<string>().not.toExtend<RoomSession.RoomSessionStatus>()
  })
})

describe("RoomSessionSummary", () => {
  it("a RoomSessionSummary has exact types for date-times and durations", () => {
    expectTypeOf<RoomSession.RoomSessionSummary["created_at"]>().toEqualTypeOf<DateTime.Utc | null>()
    expectTypeOf<RoomSession.RoomSessionSummary["end_time"]>().toEqualTypeOf<DateTime.Utc | null>()
    expectTypeOf<RoomSession.RoomSessionSummary["duration"]>().toEqualTypeOf<Duration.Duration | null>()
    expectTypeOf<RoomSession.RoomSessionSummary["fps"]>().toEqualTypeOf<RoomSession.VideoFps | null>()
    expectTypeOf<RoomSession.RoomSessionSummary["id"]>().toEqualTypeOf<RoomSession.RoomSessionId>()
  })
})
