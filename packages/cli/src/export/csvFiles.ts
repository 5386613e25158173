/** An export as CSV: a file of the sessions, and one of each part beside it, such as `sessions.members.csv`. */
import { RoomRecording, RoomSessionMember } from "@effect-signalwire/core"
import { parse } from "csv-parse"
import * as Effect from "effect/Effect"
import { createReadStream } from "node:fs"
import { open as openFile } from "node:fs/promises"
import { extname } from "node:path"
import { pipeline } from "node:stream/promises"
import * as csv from "../csv.ts"
import type { Part } from "../options.ts"
import { io, isMissing, openAppend } from "./appendFile.ts"
import { notResumable, type Open } from "./sink.ts"

const fieldsOf: Readonly<Record<Part, ReadonlyArray<string>>> = {
  members: Object.keys(RoomSessionMember.RoomSessionMember.fields),
  recordings: Object.keys(RoomRecording.RoomRecording.fields)
}

/** The file of a part. */
export const pathOf = (path: string, part: Part): string => {
  const extension = extname(path)
  return `${extension === "" ? path : path.slice(0, -extension.length)}.${part}${extension}`
}

interface Row {
  readonly cells: ReadonlyArray<string>
  /** Where the row ends in the file, in bytes. */
  readonly end: number
}

const endsWithNewline = async (path: string, end: number): Promise<boolean> => {
  const file = await openFile(path, "r")
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, end - 1))
    return bytesRead === 1 && buffer.toString() === "\n"
  } finally {
    await file.close()
  }
}

const isCut = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "CSV_QUOTE_NOT_CLOSED"

/** Calls `onRow` for each whole row, the header included. False where there is no file. */
const readRows = async (path: string, onRow: (row: Row) => void): Promise<boolean> => {
  let last: Row | undefined
  const parser = parse({
    record_delimiter: "\n",
    relax_column_count: true,
    on_record: (cells: ReadonlyArray<string>, { bytes }) => {
      if (last !== undefined) onRow(last)
      last = { cells, end: bytes }
      return null
    }
  })
  parser.resume()
  try {
    await pipeline(createReadStream(path), parser)
  } catch (error) {
    if (isMissing(error)) return false
    // the process was killed inside of a quoted cell
    if (!isCut(error)) throw error
  }
  if (last !== undefined && await endsWithNewline(path, last.end)) onRow(last)
  return true
}

/** What a file has that is continued. */
interface Content {
  readonly header: ReadonlyArray<string> | undefined
  readonly end: number
}

/**
 * Reads a file that is continued.
 *
 * @param accept whether a row belongs to a session that was exported whole; those that do not are at the end
 */
const read = (path: string, accept: (cells: ReadonlyArray<string>) => boolean) =>
  io(path, async (): Promise<Content | "unordered" | undefined> => {
    let header: ReadonlyArray<string> | undefined
    let [end, isAfterEnd, isUnordered] = [0, false, false]
    const exists = await readRows(path, row => {
      const isAccepted = header === undefined || accept(row.cells)
      header ??= row.cells
      if (!isAccepted) isAfterEnd = true
      else if (isAfterEnd) isUnordered = true
      else end = row.end
    })
    if (!exists) return undefined
    return isUnordered ? "unordered" : { header, end }
  })

/** Opens a file of the fields. */
const openRows = (
  path: string,
  resume: boolean,
  fields: ReadonlyArray<string>,
  accept: (cells: ReadonlyArray<string>) => boolean
) =>
  Effect.gen(function*() {
    const findEnd = Effect.flatMap(read(path, accept), content => {
      if (content === "unordered") {
        return Effect.fail(notResumable(path, "it has rows of sessions that are not exported"))
      }
      const isOther = content?.header !== undefined && content.header.join() !== fields.join()
      return isOther ? Effect.fail(notResumable(path, "it has other columns")) : Effect.succeed(content?.end)
    })
    const { append, isEmpty } = yield* openAppend(path, resume, findEnd)
    if (isEmpty) yield* append(csv.header(fields))
    return (items: ReadonlyArray<object>) => append(items.length === 0 ? "" : csv.rows(items, fields))
  })

export const open: Open = ({ fields, parts, path, resume }) =>
  Effect.gen(function*() {
    const ids = new Set<string>()
    const at = fields.indexOf("id")
    const writeSessions = yield* openRows(path, resume, fields, cells => {
      ids.add((cells[at] ?? "").toLowerCase())
      return true
    })
    const writers = yield* Effect.forEach(parts, part => {
      const sessionAt = fieldsOf[part].indexOf("room_session_id")
      return Effect.map(
        openRows(
          pathOf(path, part),
          resume,
          fieldsOf[part],
          cells => ids.has((cells[sessionAt] ?? "").toLowerCase())
        ),
        write => ({ part, write })
      )
    })
    return {
      ids,
      // the session comes last: without it, the rows of its parts are removed when the export continues
      write: sessions =>
        Effect.uninterruptible(Effect.zipRight(
          Effect.forEach(
            writers,
            ({ part, write }) => write(sessions.flatMap(({ parts }) => parts[part] ?? [])),
            { discard: true }
          ),
          writeSessions(sessions.map(({ session }) => session))
        ))
    }
  })
