/** Renders a room session as text for people. */
import type { RoomSession } from "@effect-signalwire/core"
import * as Array from "effect/Array"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import columns from "string-width"
import * as format from "./format.ts"
import { dash, paint, type Piece } from "./style.ts"
import { wrap } from "./wrap.ts"

type Session = RoomSession.RoomSessionSummary

/** The fields of the schema. `keyof Session` also has the inherited members. */
export type Field = keyof typeof RoomSession.RoomSessionSummary.fields

export interface Options {
  readonly timeZone: DateTime.TimeZone
  /** The width in columns. Longer texts are wrapped; URLs and ids are not. */
  readonly width: number
  readonly color: boolean
}

interface Row {
  readonly field: Field
  readonly label: (session: Session) => string
  readonly pieces: (session: Session, options: Options) => ReadonlyArray<Piece>
}

const labelWidth = 24
const indent = " ".repeat(labelWidth + 4)

/** The width below which a value is on the line after its label, so that an id fits 40 columns. */
const narrow = 66
const narrowIndent = " ".repeat(4)

const visible = (texts: ReadonlyArray<string>): ReadonlyArray<Piece> =>
  texts.filter(text => columns(text) > 0).map(text => ({ text }))
const text = (value: string): ReadonlyArray<Piece> => visible([format.printable(value).trim()])
const prose = (value: string): ReadonlyArray<Piece> => visible(format.printable(value).split(/\s+/))
const yesOrNo = (value: boolean): ReadonlyArray<Piece> => text(value ? "yes" : "no")
const duration = (value: Duration.Duration): ReadonlyArray<Piece> => prose(format.duration(value))

const status = (value: string): ReadonlyArray<Piece> =>
  value === "in-progress" ? [{ text: "in progress", style: "active" }] : text(value)

const dateTime = (value: DateTime.Utc, { timeZone }: Options): ReadonlyArray<Piece> => {
  const { local, utc } = format.dateTime(value, timeZone)
  return local === undefined ? text(utc) : [{ text: local }, { text: `(${utc})`, style: "faint" }]
}

const row = <F extends Field>(
  field: F,
  label: string | Row["label"],
  toPieces: (value: NonNullable<Session[F]>, options: Options) => ReadonlyArray<Piece>
): Row => ({
  field,
  label: typeof label === "string" ? () => label : label,
  pieces: (session, options) => {
    const value = session[field]
    const pieces = Predicate.isNotNullable(value) ? toPieces(value, options) : []
    return pieces.length === 0 ? [dash] : pieces
  }
})

/**
 * Whether a session is in progress, by its status, or by its end where the status is null or unknown. The duration cannot show it,
 * since a session in progress has a duration too.
 */
const isInProgress = ({ end_time, status }: Session): boolean =>
  status === "in-progress" || (status !== "completed" && end_time === null)

/** All fields, each once, in the order of the text. */
export const groups: ReadonlyArray<readonly [title: string, rows: ReadonlyArray<Row>]> = [
  ["Identity", [
    row("id", "Session", text),
    row("room_id", "Room", text),
    row("name", "Name", prose),
    row("display_name", "Display name", prose)
  ]],
  ["State", [
    row("status", "Status", status),
    row("start_time", "Started", dateTime),
    row("end_time", "Ended", dateTime),
    row("duration", session => session.start_time !== null && isInProgress(session) ? "So far" : "Lasted", duration),
    row("locked", "Locked", yesOrNo),
    row("created_at", "Record created", dateTime),
    row("updated_at", "Record changed", dateTime)
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
    row("join_from", "Open from", dateTime),
    row("join_until", "Open until", dateTime),
    row("remove_at", "Everybody leaves", dateTime),
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

/** Joins the pieces of a line. Adjacent pieces of one style share one escape sequence. */
const toLine = (pieces: Array.NonEmptyArray<Piece>, options: Options): string =>
  Array.groupWith(pieces, (left, right) => left.style === right.style)
    .map(group => paint({ ...group[0], text: group.map(({ text }) => text).join(" ") }, options))
    .join(" ")

/** Renders pieces on one or more lines, with an indent on all but the first. */
const block = (pieces: ReadonlyArray<Piece>, indent: string, options: Options): string =>
  wrap(pieces, options.width - indent.length).map(line => toLine(line, options)).join(`\n${indent}`)

const titleOf = ({ display_name, name }: Session): ReadonlyArray<Piece> => {
  const title = [display_name, name].map(text => prose(text ?? "")).find(pieces => pieces.length > 0)
  return (title ?? prose("Room session")).map(({ text }) => ({ text, style: "title" }))
}

/**
 * Renders a session, without a line break at the end.
 *
 * @param fields those to show; default: all
 */
export const render = (session: Session, options: Options, fields?: ReadonlyArray<string>): string => {
  const isShown = ({ field }: Row): boolean => fields === undefined || fields.includes(field)
  const rowText = ({ label, pieces }: Row): string =>
    options.width < narrow
      ? `  ${label(session)}\n${narrowIndent}${block(pieces(session, options), narrowIndent, options)}`
      : `  ${label(session).padEnd(labelWidth)}  ${block(pieces(session, options), indent, options)}`
  const sections = groups
    .map(([heading, rows]) => [heading, rows.filter(isShown)] as const)
    .filter(([, rows]) => rows.length > 0)
    .map(([heading, rows]) => [paint({ text: heading, style: "heading" }, options), ...rows.map(rowText)].join("\n"))
  return [block(titleOf(session), "", options), ...sections].join("\n\n")
}
