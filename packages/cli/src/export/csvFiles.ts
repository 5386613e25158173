/** An export as CSV: a file of the sessions, and one of each part beside it, such as `sessions.members.csv`. */
import { RoomRecording, RoomSessionMember } from "@effect-signalwire/core"
import { CsvError, parse } from "csv-parse"
import * as Effect from "effect/Effect"
import { createReadStream } from "node:fs"
import { open as openFile } from "node:fs/promises"
import { extname } from "node:path"
import { pipeline } from "node:stream/promises"
import * as csv from "../csv.ts"
import { codeOf } from "../errorCode.ts"
import { io } from "../files/files.ts"
import type { Part } from "../options.ts"
import { type AppendFile, openFiles } from "./appendFiles.ts"
import { notResumable } from "./record.ts"
import type { Open } from "./sink.ts"

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

const isCut = (error: unknown): boolean => codeOf(error) === "CSV_QUOTE_NOT_CLOSED"

/** Calls `onRow` for each whole row, the header included. */
const readRows = async (path: string, onRow: (row: Row) => void): Promise<void> => {
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
    // the process was killed inside of a quoted cell
    if (!isCut(error)) throw error
  }
  if (last !== undefined && await endsWithNewline(path, last.end)) onRow(last)
}

const isCsvError = (error: unknown): error is CsvError => error instanceof CsvError

/** A file of the fields. Of one that is continued, the rows that `accept` rejects must be at the end. */
const fileOf = (
  path: string,
  fields: ReadonlyArray<string>,
  /** Whether a row belongs to a session that was exported whole. */
  accept: (cells: ReadonlyArray<string>) => boolean
): AppendFile => {
  const read = async (): Promise<number | string> => {
    let [end, number, isAfterEnd] = [0, 0, false]
    let reason: string | undefined
    try {
      await readRows(path, row => {
        number++
        const isHeader = number === 1
        if (isHeader && row.cells.join() !== fields.join()) reason ??= "it has other columns"
        if (!isHeader && row.cells.length !== fields.length) reason ??= `row ${number} has other columns`
        if (!isHeader && !accept(row.cells)) isAfterEnd = true
        else if (isAfterEnd) reason ??= "it has rows of sessions that are not exported"
        else end = row.end
      })
    } catch (error) {
      if (!isCsvError(error)) throw error
      reason ??= `row ${number + 2} is not CSV`
    }
    return reason ?? end
  }
  return {
    path,
    header: csv.header(fields),
    read: Effect.flatMap(
      io(path, read),
      found => typeof found === "string" ? Effect.fail(notResumable(path, found)) : Effect.succeed(found)
    )
  }
}

export const open: Open = options =>
  Effect.gen(function*() {
    const { fields, parts, path } = options
    const ids = new Set<string>()
    const at = fields.indexOf("id")
    const sessionsFile = fileOf(path, fields, cells => {
      ids.add((cells[at] ?? "").toLowerCase())
      return true
    })
    const partFiles = parts.map(part => {
      const sessionAt = fieldsOf[part].indexOf("room_session_id")
      return fileOf(pathOf(path, part), fieldsOf[part], cells => ids.has((cells[sessionAt] ?? "").toLowerCase()))
    })
    const { append, record } = yield* openFiles(options, [sessionsFile, ...partFiles])
    return {
      ids,
      record,
      write: sessions =>
        append([
          csv.rows(sessions.map(({ session }) => session), fields),
          ...parts.map(part => csv.rows(sessions.flatMap(({ parts }) => parts[part] ?? []), fieldsOf[part]))
        ])
    }
  })
