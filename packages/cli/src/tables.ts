/** The columns of the lists. */
import type { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as format from "./format.ts"
import { dash, type Piece } from "./style.ts"
import type { Column, Options } from "./table.ts"

const text = (value: string | null): Piece => {
  const visible = format.printable(value ?? "").replaceAll(/\s+/g, " ").trim()
  return visible === "" ? dash : { text: visible }
}

/** Statuses are shown as in the view of a session. */
const status = (value: string | null): Piece =>
  value === "in-progress" ? { text: "in progress", style: "active" } : text(value)

const minute = (value: DateTime.Utc | null, { timeZone }: Options): Piece =>
  value === null ? dash : { text: format.localTime(value, timeZone).slice(0, -3) }

const duration = (value: Duration.Duration | null): Piece =>
  value === null ? dash : { text: format.shortDuration(value) }

/** Four decimals align the amounts; the exact amount is in the JSON. */
const cost = (value: BigDecimal.BigDecimal | null): Piece =>
  value === null ? dash : { text: BigDecimal.unsafeToNumber(value).toFixed(4) }

const widths = { id: 36, minute: 16, second: 19, duration: 8, cost: 10 }

export const sessions: ReadonlyArray<Column<RoomSession.RoomSession>> = [
  { title: "Session", width: widths.id, rank: 0, cell: ({ id }) => text(id) },
  { title: "Status", width: 11, rank: 2, cell: session => status(session.status) },
  { title: "Started", width: widths.minute, rank: 3, cell: ({ start_time }, options) => minute(start_time, options) },
  {
    title: "Duration",
    width: widths.duration,
    rank: 4,
    isRight: true,
    cell: session => duration(session.duration)
  },
  {
    title: "Cost (USD)",
    width: widths.cost,
    rank: 5,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { title: "Name", width: 11, rank: 1, cell: ({ display_name, name }) => text(name ?? display_name) }
]

export const members: ReadonlyArray<Column<RoomSessionMember.RoomSessionMember>> = [
  { title: "Member", width: widths.id, rank: 5, cell: ({ id }) => text(id) },
  { title: "Joined", width: widths.minute, rank: 1, cell: ({ join_time }, options) => minute(join_time, options) },
  { title: "Left", width: widths.minute, rank: 3, cell: ({ leave_time }, options) => minute(leave_time, options) },
  {
    title: "Duration",
    width: widths.duration,
    rank: 2,
    isRight: true,
    cell: member => duration(member.duration)
  },
  {
    title: "Cost (USD)",
    width: widths.cost,
    rank: 4,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { title: "Name", width: 12, rank: 0, cell: ({ name }) => text(name) }
]

export const events: ReadonlyArray<Column<RoomSessionEvent.RoomSessionEvent>> = [
  {
    title: "Time",
    width: widths.second,
    rank: 1,
    cell: ({ created_at }, { timeZone }) => ({ text: format.localTime(created_at, timeZone) })
  },
  { title: "Level", width: 7, rank: 2, cell: ({ level }) => text(level) },
  {
    title: "Member or recording",
    width: widths.id,
    rank: 3,
    cell: ({ room_participant_id, room_recording_id }) => text(room_participant_id ?? room_recording_id)
  },
  { title: "Event", width: 19, rank: 0, cell: ({ name }) => text(name) }
]

export const recordings: ReadonlyArray<Column<RoomRecording.RoomRecording>> = [
  { title: "Recording", width: widths.id, rank: 3, cell: ({ id }) => text(id) },
  { title: "Status", width: 10, rank: 0, cell: recording => status(recording.status) },
  { title: "Started", width: widths.minute, rank: 1, cell: ({ started_at }, options) => minute(started_at, options) },
  {
    title: "Duration",
    width: widths.duration,
    rank: 2,
    isRight: true,
    cell: recording => duration(recording.duration)
  },
  {
    title: "Size",
    width: 9,
    rank: 4,
    isRight: true,
    cell: ({ size_in_bytes }) => size_in_bytes === null ? dash : { text: format.size(size_in_bytes) }
  },
  {
    title: "Cost (USD)",
    width: widths.cost,
    rank: 5,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { title: "Format", width: 10, rank: 6, cell: recording => text(recording.format) }
]
