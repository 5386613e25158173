import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { BigDecimal, Duration, Effect, Stream } from "effect"

/** A text in quotes. After an apostrophe, a spreadsheet shows a name such as `=1+1` and does not evaluate it. */
const quote = (text: string) => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll("\"", "\"\"")}"`

/** One line of CSV: id, name, duration in seconds, cost in dollars. An unknown value is empty. */
const toLine = ({ cost_in_dollars, display_name, duration, id }: RoomSession.RoomSession) =>
  [
    id,
    quote(display_name ?? ""),
    duration === null ? "" : Duration.toSeconds(duration),
    cost_in_dollars === null ? "" : BigDecimal.format(cost_in_dollars)
  ].join(",")

/** All completed sessions as CSV. One page of them is in memory, and the ids of all. */
export const exportCompleted = Stream.unwrap(
  Effect.map(
    RoomSessions.RoomSessions,
    sessions =>
      sessions.list({ status: "completed", page_size: 1000, distinct: true }).pipe(
        Stream.map(session => `${toLine(session)}\n`)
      )
  )
)
