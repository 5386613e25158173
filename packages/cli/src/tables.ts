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
  { field: "id", title: "Session", width: widths.id, rank: 0, cell: ({ id }) => text(id) },
  { field: "status", title: "Status", width: 11, rank: 2, cell: session => status(session.status) },
  {
    field: "start_time",
    title: "Started",
    width: widths.minute,
    rank: 3,
    cell: ({ start_time }, options) => minute(start_time, options)
  },
  {
    field: "duration",
    title: "Duration",
    width: widths.duration,
    rank: 4,
    isRight: true,
    cell: session => duration(session.duration)
  },
  {
    field: "cost_in_dollars",
    title: "Cost (USD)",
    width: widths.cost,
    rank: 5,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { field: "name", title: "Name", width: 11, rank: 1, cell: ({ display_name, name }) => text(name ?? display_name) }
]

export const members: ReadonlyArray<Column<RoomSessionMember.RoomSessionMember>> = [
  { field: "id", title: "Member", width: widths.id, rank: 5, cell: ({ id }) => text(id) },
  {
    field: "join_time",
    title: "Joined",
    width: widths.minute,
    rank: 1,
    cell: ({ join_time }, options) => minute(join_time, options)
  },
  {
    field: "leave_time",
    title: "Left",
    width: widths.minute,
    rank: 3,
    cell: ({ leave_time }, options) => minute(leave_time, options)
  },
  {
    field: "duration",
    title: "Duration",
    width: widths.duration,
    rank: 2,
    isRight: true,
    cell: member => duration(member.duration)
  },
  {
    field: "cost_in_dollars",
    title: "Cost (USD)",
    width: widths.cost,
    rank: 4,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { field: "name", title: "Name", width: 12, rank: 0, cell: ({ name }) => text(name) }
]

export const events: ReadonlyArray<Column<RoomSessionEvent.RoomSessionEvent>> = [
  {
    field: "created_at",
    title: "Time",
    width: widths.second,
    rank: 1,
    cell: ({ created_at }, { timeZone }) => ({ text: format.localTime(created_at, timeZone) })
  },
  { field: "level", title: "Level", width: 7, rank: 3, cell: ({ level }) => text(level) },
  {
    field: "room_participant_id",
    title: "Member or recording",
    width: widths.id,
    rank: 2,
    cell: ({ room_participant_id, room_recording_id }) => text(room_participant_id ?? room_recording_id)
  },
  { field: "name", title: "Event", width: 19, rank: 0, cell: ({ name }) => text(name) }
]

export const recordings: ReadonlyArray<Column<RoomRecording.RoomRecording>> = [
  { field: "id", title: "Recording", width: widths.id, rank: 0, cell: ({ id }) => text(id) },
  { field: "status", title: "Status", width: 10, rank: 1, cell: recording => status(recording.status) },
  {
    field: "started_at",
    title: "Started",
    width: widths.minute,
    rank: 2,
    cell: ({ started_at }, options) => minute(started_at, options)
  },
  {
    field: "duration",
    title: "Duration",
    width: widths.duration,
    rank: 3,
    isRight: true,
    cell: recording => duration(recording.duration)
  },
  {
    field: "size_in_bytes",
    title: "Size",
    width: 9,
    rank: 4,
    isRight: true,
    cell: ({ size_in_bytes }) => size_in_bytes === null ? dash : { text: format.size(size_in_bytes) }
  },
  {
    field: "cost_in_dollars",
    title: "Cost (USD)",
    width: widths.cost,
    rank: 5,
    isRight: true,
    cell: ({ cost_in_dollars }) => cost(cost_in_dollars)
  },
  { field: "format", title: "Format", width: 10, rank: 6, cell: recording => text(recording.format) }
]

/** Widths of columns for fields that the tables do not have. */
const otherWidths = { id: widths.id, text: 20 }

/** Any field, in the wire form. */
const other = (field: string): Column<{ readonly toJSON: () => object }> => ({
  field,
  title: field,
  width: /(?:^|_)id$/.test(field) ? otherWidths.id : Math.max(otherWidths.text, field.length),
  rank: 0,
  cell: item => {
    const value: unknown = Reflect.get(item.toJSON(), field)
    if (value === null || value === undefined) return dash
    return text(typeof value === "string" ? value : JSON.stringify(value))
  }
})

/** The columns of fields, in this order. The first ones are dropped last. */
export const select = <A extends { readonly toJSON: () => object }>(
  columns: ReadonlyArray<Column<A>>,
  fields: ReadonlyArray<string>
): ReadonlyArray<Column<A>> =>
  fields.map((field, rank) => ({ ...(columns.find(column => column.field === field) ?? other(field)), rank }))
