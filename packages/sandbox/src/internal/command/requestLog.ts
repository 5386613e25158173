/** The log of the requests: one line for each, when it ends. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { ReceivedRequest } from "../server/journal.ts"

/** The time of the day in UTC. */
const timeOf = (time: DateTime.Utc): string => DateTime.formatIso(time).slice(11, 23)

/** What the client saw: the status, how the response was sent when it was not as usual, or that the client did not wait for it. */
const resultOf = ({ status, transmission }: ReceivedRequest): string =>
  [status, transmission].filter(part => part !== undefined).join(" ") || "aborted"

/** Such as `16:12:20.031  GET /api/video/room_sessions?page_size=5  503  attempt 2  4 ms`. */
export const toLine = (request: ReceivedRequest): string =>
  [
    timeOf(request.receivedAt),
    `${request.method} ${request.path}${request.query}`,
    resultOf(request),
    ...(request.attempt > 1 ? [`attempt ${request.attempt}`] : []),
    `${Math.round(Duration.toMillis(request.elapsed ?? Duration.zero))} ms`
  ].join("  ")
