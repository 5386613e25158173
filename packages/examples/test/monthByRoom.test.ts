import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { BigDecimal, DateTime, Duration, Effect } from "effect"
import { monthByRoom } from "../src/monthByRoom.ts"

const [blue, red] = [RoomSessionFixture.id(101), RoomSessionFixture.id(102)]

const started = (n: number, room_id: string, start_time: string | null, cost_in_dollars: string | null = "0.1") =>
  RoomSessionFixture.listed(
    RoomSessionFixture.completed({ id: RoomSessionFixture.id(n), room_id, start_time, duration: "10 minutes" }),
    { cost_in_dollars }
  )

const sumsOf = (date: DateTime.DateTime) =>
  Effect.map(monthByRoom(date), rooms =>
    Array.from(rooms, ([room, { cost, duration, sessions, unknown }]) => [
      room,
      sessions,
      Duration.toMinutes(duration),
      BigDecimal.format(cost),
      unknown
    ]))

it.effect("the sums of a month have the sessions that started in it, in the time zone of the date", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* sumsOf(DateTime.unsafeMake("2026-11-26T12:00:00Z")), [
      [blue, 2, 20, "0.3", 0],
      [red, 2, 20, "0.1", 1]
    ])
    const inBerlin = DateTime.unsafeMakeZoned("2026-11-26T12:00:00Z", { timeZone: "Europe/Berlin" })
    assert.deepStrictEqual(yield* sumsOf(inBerlin), [
      [blue, 2, 20, "0.3", 0],
      [red, 2, 20, "0.2", 0]
    ])
  }).pipe(Effect.provide(RoomSessionsTest.layer([
    started(1, blue, "2026-11-01T00:00:00Z"),
    started(2, red, "2026-10-31T23:59:59Z"),
    started(3, red, "2026-11-15T12:00:00Z"),
    started(4, blue, "2026-11-26T12:00:00Z", "0.2"),
    started(5, red, "2026-11-30T23:30:00Z", null),
    started(6, red, "2026-12-01T00:00:00Z"),
    started(7, blue, null)
  ]))))
