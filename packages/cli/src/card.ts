/** A room session as a person reads it. */
import type { RoomSession } from "@effect-signalwire/core"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import columns from "string-width"
import * as words from "./words.ts"

type Session = RoomSession.RoomSessionSummary

/** The fields of a session, without what every instance of its class inherits. */
export type Field = keyof typeof RoomSession.RoomSessionSummary.fields

export interface Options {
  readonly timeZone: DateTime.TimeZone
  /** Columns to fill; long text wraps, addresses and ids never do. */
  readonly width: number
  readonly color: boolean
}

/** How a terminal is told, by ECMA-48. */
const styles = { title: "1", heading: "1;36", active: "1;32", faint: "90" }

/** Text that is not broken over lines, takes up columns, and has no blank at its ends. */
interface Piece {
  readonly text: string
  readonly style?: keyof typeof styles
}

interface Row {
  readonly field: Field
  readonly label: (session: Session) => string
  readonly pieces: (session: Session, options: Options) => ReadonlyArray<Piece>
}

const labelWidth = 24
const indent = " ".repeat(labelWidth + 4)
const dash: Piece = { text: "—", style: "faint" }

const visible = (texts: ReadonlyArray<string>): ReadonlyArray<Piece> =>
  texts.filter(text => columns(text) > 0).map(text => ({ text }))
const text = (value: string): ReadonlyArray<Piece> => visible([words.printable(value).trim()])
const prose = (value: string): ReadonlyArray<Piece> => visible(words.printable(value).split(/\s+/))
const yesOrNo = (value: boolean): ReadonlyArray<Piece> => text(value ? "yes" : "no")
const duration = (value: Duration.Duration): ReadonlyArray<Piece> => prose(words.duration(value))

const status = (value: string): ReadonlyArray<Piece> =>
  value === "in-progress" ? [{ text: "in progress", style: "active" }] : text(value)

const instant = (value: DateTime.Utc, { timeZone }: Options): ReadonlyArray<Piece> => {
  const { local, utc } = words.instant(value, timeZone)
  return local === undefined ? text(utc) : [{ text: local }, { text: `(${utc})`, style: "faint" }]
}

const row = <F extends Field>(
  field: F,
  label: string | Row["label"],
  show: (value: NonNullable<Session[F]>, options: Options) => ReadonlyArray<Piece>
): Row => ({
  field,
  label: typeof label === "string" ? () => label : label,
  pieces: (session, options) => {
    const value = session[field]
    const pieces = Predicate.isNotNullable(value) ? show(value, options) : []
    return pieces.length === 0 ? [dash] : pieces
  }
})

/** The status tells, or the end where the status is null or not known yet. The duration does not: it is the time so far. */
const isInProgress = ({ end_time, status }: Session): boolean =>
  status === "in-progress" || (status !== "completed" && end_time === null)

/** Every field once, in the order it is read. */
export const groups: ReadonlyArray<readonly [title: string, rows: ReadonlyArray<Row>]> = [
  ["Identity", [
    row("id", "Session", text),
    row("room_id", "Room", text),
    row("name", "Name", prose),
    row("display_name", "Display name", prose)
  ]],
  ["State", [
    row("status", "Status", status),
    row("start_time", "Started", instant),
    row("end_time", "Ended", instant),
    row("duration", session => session.start_time !== null && isInProgress(session) ? "So far" : "Lasted", duration),
    row("locked", "Locked", yesOrNo),
    row("created_at", "Record created", instant),
    row("updated_at", "Record changed", instant)
  ]],
  ["Media", [
    row("quality", "Quality", text),
    row("fps", "Frames per second", text),
    row("layout", "Layout", text),
    row("record_on_start", "Recorded from the start", yesOrNo),
    row("sync_audio_video", "Audio and video in sync", yesOrNo),
    row("preview_url", "Preview", text)
  ]],
  ["Schedule", [
    row("join_from", "Open from", instant),
    row("join_until", "Open until", instant),
    row("remove_at", "Everybody leaves", instant),
    row("remove_after_seconds_elapsed", "Each member leaves after", duration)
  ]],
  ["Settings", [
    row("max_members", "Members at most", value => text(String(value))),
    row("tone_on_entry_and_exit", "Tone on entry and exit", yesOrNo),
    row("room_join_video_off", "Room joins video off", yesOrNo),
    row("user_join_video_off", "User joins video off", yesOrNo),
    row("prioritize_handraise", "Raised hands come first", yesOrNo)
  ]]
]

/** As many pieces on each line as fit; one that does not fit alone stays whole. */
const fill = (pieces: ReadonlyArray<Piece>, width: number): ReadonlyArray<ReadonlyArray<Piece>> => {
  const lines: Array<Array<Piece>> = []
  let used = Infinity
  for (const piece of pieces) {
    const own = columns(piece.text)
    used += 1 + own
    if (used <= width) lines.at(-1)?.push(piece)
    else {
      lines.push([piece])
      used = own
    }
  }
  return lines
}

const painter = ({ color }: Options) => ({ style, text }: Piece): string =>
  color && style !== undefined ? `\u001b[${styles[style]}m${text}\u001b[0m` : text

const titleOf = ({ display_name, name }: Session): ReadonlyArray<Piece> =>
  [display_name, name].map(text => prose(text ?? "")).find(pieces => pieces.length > 0) ?? prose("Room session")

/** The card, without a line break at its end. */
export const render = (session: Session, options: Options): string => {
  const paint = painter(options)
  const title = fill(titleOf(session), options.width)
    .map(line => paint({ text: line.map(({ text }) => text).join(" "), style: "title" }))
    .join("\n")
  const rowText = ({ label, pieces }: Row): string => {
    const lines = fill(pieces(session, options), options.width - indent.length)
    return `  ${label(session).padEnd(labelWidth)}  ${lines.map(line => line.map(paint).join(" ")).join(`\n${indent}`)}`
  }
  const sections = groups.map(([heading, rows]) =>
    [paint({ text: heading, style: "heading" }), ...rows.map(rowText)].join("\n")
  )
  return [title, ...sections].join("\n\n")
}
