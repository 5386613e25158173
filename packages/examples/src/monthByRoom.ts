import { RoomSessions } from "@effect-signalwire/core"
import { BigDecimal, DateTime, Duration, Effect, Stream } from "effect"

interface Sums {
  readonly sessions: number
  readonly duration: Duration.Duration
  readonly cost: BigDecimal.BigDecimal
  /** How many of the sessions have no cost or no duration, which are therefore not in the sums. */
  readonly unknown: number
}

const none: Sums = { sessions: 0, duration: Duration.zero, cost: BigDecimal.make(0n, 0), unknown: 0 }

/**
 * The completed sessions that started in the calendar month of a date, by the ids of their rooms. The month is that of the time zone of
 * the date. It reads all pages.
 */
export const monthByRoom = (date: DateTime.DateTime) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const start = DateTime.startOf(date, "month")
    const end = DateTime.add(start, { months: 1 })
    const byRoom = new Map<string | null, Sums>()
    yield* sessions.list({ status: "completed", page_size: 1000, distinct: true }).pipe(
      Stream.filter(({ start_time }) =>
        start_time !== null && DateTime.greaterThanOrEqualTo(start_time, start) && DateTime.lessThan(start_time, end)
      ),
      Stream.runForEach(({ cost_in_dollars, duration, room_id }) =>
        Effect.sync(() => {
          const before = byRoom.get(room_id) ?? none
          byRoom.set(room_id, {
            sessions: before.sessions + 1,
            duration: Duration.sum(before.duration, duration ?? Duration.zero),
            cost: BigDecimal.sum(before.cost, cost_in_dollars ?? none.cost),
            unknown: before.unknown + (duration === null || cost_in_dollars === null ? 1 : 0)
          })
        })
      )
    )
    return byRoom
  })
