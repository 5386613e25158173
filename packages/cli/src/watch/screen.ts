/** The live screen of the sessions in progress. */
import type { RoomSession } from "@effect-signalwire/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import columns from "string-width"
import * as format from "../format.ts"
import { dash, paint, type Piece } from "../style.ts"
import * as table from "../table.ts"
import { wrapLine } from "../wrap.ts"

/** A session on the screen. */
export interface Watched {
  session: RoomSession.RoomSessionSummary
  /** How many members are inside; undefined where it is not known. */
  members: number | undefined
  /** How many changes were seen. */
  changes: number
  /** The last change; empty before the first. */
  last: string
  /** When the end was seen, in milliseconds. */
  endedAt: number | undefined
}

export interface Options extends table.Options {
  /** The lines of the terminal. */
  readonly height: number
  /** The time in milliseconds. */
  readonly now: number
  /** The host of the space. */
  readonly host: string
  /** Whether no list of the sessions has arrived yet. */
  readonly isLoading: boolean
  /** What is wrong with the requests; empty when they succeed. */
  readonly notice: Piece
}

const text = (value: string | null): Piece => {
  const visible = format.printable(value ?? "").replaceAll(/\s+/g, " ").trim()
  return visible === "" ? dash : { text: visible }
}

/** The time since the start, or the duration of a session that has ended. */
const soFar = ({ endedAt, session: { duration, start_time } }: Watched, now: number): Piece => {
  if (start_time === null) return duration === null ? dash : { text: format.shortDuration(duration) }
  const millis = Math.max(0, (endedAt ?? now) - DateTime.toEpochMillis(start_time))
  return { text: format.shortDuration(Duration.seconds(Math.floor(millis / 1000))) }
}

const columnsAt = (now: number): ReadonlyArray<table.Column<Watched>> => [
  {
    field: "duration",
    title: "So far",
    width: 8,
    rank: 1,
    isRight: true,
    cell: watched => soFar(watched, now)
  },
  {
    field: "members",
    title: "Members",
    width: 7,
    rank: 2,
    isRight: true,
    cell: ({ members }) => members === undefined ? dash : { text: String(members) }
  },
  { field: "id", title: "Session", width: 36, rank: 4, cell: ({ session }) => ({ text: session.id }) },
  {
    field: "name",
    title: "Name",
    width: 16,
    maxWidth: 32,
    rank: 0,
    cell: ({ endedAt, session: { display_name, name } }) => ({
      ...text(name ?? display_name),
      ...(endedAt === undefined ? { style: "active" as const } : { style: "faint" as const })
    })
  },
  {
    field: "changes",
    title: "Last change",
    width: 18,
    rank: 3,
    cell: ({ changes, endedAt, last }) =>
      endedAt !== undefined
        ? { text: "ended" }
        : changes === 0
        ? dash
        : text(changes === 1 ? last : `${last} (${changes})`)
  }
]

/** The newest session is the first. */
const startOf = ({ session: { start_time } }: Watched): number =>
  start_time === null ? -Infinity : DateTime.toEpochMillis(start_time)

/** The lines of the screen above the sessions. */
const headLines = 3

const plural = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`

/** Joins the parts that fit, the most important ones first. */
const fitted = (parts: ReadonlyArray<string>, width: number): string => {
  let line = ""
  for (const part of parts) {
    const next = line === "" ? part : `${line} · ${part}`
    if (columns(next) > width) break
    line = next
  }
  return line
}

export const render = (all: ReadonlyArray<Watched>, options: Options): string => {
  const { height, host, isLoading, notice, now, tableWidth, timeZone } = options
  const inProgress = all.filter(({ endedAt }) => endedAt === undefined).length
  const time = format.localTime(DateTime.unsafeMake(now), timeZone).slice(11)
  const known = isLoading ? [] : [plural(inProgress, "session"), time]
  const head = fitted([...known, host, "Ctrl-C ends"], tableWidth)
  const sorted = all.toSorted((left, right) => startOf(right) - startOf(left))
  const space = Math.max(1, height - headLines)
  const shown = all.length <= space ? sorted : sorted.slice(0, Math.max(1, space - 1))
  const { header, line } = table.make(columnsAt(now), options)
  const hidden = all.length - shown.length
  return [
    paint({ text: head, style: "title" }, options),
    paint({ ...notice, text: table.shorten(notice.text, tableWidth) }, options),
    ...(all.length === 0
      ? [
        wrapLine(isLoading ? "Loading the sessions." : "No sessions in progress. New ones appear here.", tableWidth, 0)
      ]
      : [header, ...shown.map(line)]),
    ...(hidden === 0 ? [] : [`and ${hidden} more`])
  ].join("\n")
}
