import type { RoomSession } from "@effect-signalwire/core"
import { BigDecimal, DateTime, Duration } from "effect"

/** Fields of a session as the old code has them. */
export const plainFields = ({ cost_in_dollars, duration, start_time }: RoomSession.RoomSession) => ({
  start_time: start_time === null ? null : DateTime.formatIso(start_time), // always with milliseconds
  startDate: start_time === null ? null : DateTime.toDateUtc(start_time),
  duration: duration === null ? null : Duration.toSeconds(duration),
  cost_in_dollars: cost_in_dollars === null ? null : BigDecimal.unsafeToNumber(cost_in_dollars)
})
