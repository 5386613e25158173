/**
 * The files of an export that are appended to, and the record beside them, which says how much of each the export wrote. Only what the
 * export wrote is ever truncated.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { type FileHandle, open as openFile, truncate } from "node:fs/promises"
import { basename } from "node:path"
import type { CommandError } from "../CommandError.ts"
import { checkIsNew, io, readText, replaceText, sizeOf } from "../files/files.ts"
import * as report from "../report.ts"
import { check, ExportRecord, notResumable } from "./record.ts"
import { adviceOnExisting, type SinkOptions } from "./sink.ts"

/** A file of rows. */
export interface AppendFile {
  readonly path: string
  /** The text at its start. */
  readonly header: string
  /** Reads a file that is continued. Returns where its whole rows end, in bytes. */
  readonly read: Effect.Effect<number, CommandError>
}

class Stored extends ExportRecord.extend<Stored>("StoredExportRecord")({
  /** The size of each file in bytes, before and after the last write, which may have been interrupted. */
  files: Schema.Record({ key: Schema.String, value: Schema.Tuple(Schema.Int, Schema.Int) })
}) {}

const json = Schema.parseJson(Stored)

/** The record of an export. */
const pathOf = (path: string): string => `${path}.resume.json`

const readRecord = (path: string): Effect.Effect<Stored | undefined, CommandError> =>
  Effect.gen(function*() {
    const text = yield* readText(path)
    if (text === undefined) return undefined
    const stored = Schema.decodeOption(json)(text)
    if (Option.isSome(stored)) return stored.value
    return yield* report.ofUsage(
      `${path} is not the record of an export by this version of the command.`,
      "Pass another file with --out."
    )
  })

/** Where the whole rows of the files end. Fails unless the export wrote all that the files have. */
const endsOf = (options: SinkOptions, stored: Stored, files: ReadonlyArray<AppendFile>) =>
  Effect.gen(function*() {
    yield* check(options.path, stored, options.record)
    return yield* Effect.forEach(files, ({ path, read }) =>
      Effect.gen(function*() {
        const [before = 0, after = 0] = stored.files[basename(path)] ?? []
        const size = (yield* sizeOf(path)) ?? 0
        const changed = notResumable(options.path, `${path} was changed after the export`)
        if (size < before || size > after) return yield* changed
        const end = size === 0 ? 0 : yield* read
        return end < before ? yield* changed : end
      }))
  })

/**
 * Opens the files of an export: that of the sessions, and those of their parts.
 *
 * @returns the record in force, and what appends a text to each file, which creates the files at the first call
 */
export const openFiles = (options: SinkOptions, files: ReadonlyArray<AppendFile>) =>
  Effect.gen(function*() {
    const recordPath = pathOf(options.path)
    const stored = yield* readRecord(recordPath)
    const sizes = yield* Effect.forEach(files, ({ path }) => sizeOf(path))
    const isNew = sizes.every(size => size === undefined || size === 0)
    if (!options.resume) {
      yield* Effect.forEach(files, ({ path }) => checkIsNew(path, adviceOnExisting))
    } else if (!isNew && stored === undefined) {
      return yield* notResumable(options.path, `there is no ${recordPath}, which an export writes beside its file`)
    }
    const continued = isNew ? undefined : stored
    const ends = continued === undefined ? files.map(() => 0) : yield* endsOf(options, continued, files)
    const { from, options: made, space, until, version } = continued ?? options.record
    const fields = { version, space, options: made, from, until }
    const record = new ExportRecord(fields)

    const writeRecord = (before: ReadonlyArray<number>, after: ReadonlyArray<number>) => {
      const entries = files.map(({ path }, i) => [basename(path), [before[i] ?? 0, after[i] ?? 0]] as const)
      const text = Schema.encodeSync(json)(new Stored({ ...fields, files: Object.fromEntries(entries) }))
      return replaceText(recordPath, `${text}\n`)
    }
    const openOne = ({ path }: AppendFile, i: number) => {
      const [end = 0, size] = [ends[i], sizes[i]]
      return Effect.acquireRelease(
        io(path, async () => {
          if (size !== undefined && size > end) await truncate(path, end)
          return openFile(path, size === undefined ? "ax" : "a")
        }),
        file => Effect.promise(() => file.close())
      )
    }
    const scope = yield* Effect.scope
    let written = ends
    let handles: ReadonlyArray<FileHandle> | undefined
    return {
      record,
      append: (texts: ReadonlyArray<string>): Effect.Effect<void, CommandError> =>
        Effect.uninterruptible(Effect.gen(function*() {
          const isFirst = handles === undefined
          const whole = texts.map((text, i) => `${written[i] === 0 ? files[i]?.header ?? "" : ""}${text}`)
          const after = whole.map((text, i) => (written[i] ?? 0) + Buffer.byteLength(text))
          // the record comes first: what a killed process wrote after it is known to be of the export
          yield* writeRecord(written, isFirst ? after.map((size, i) => Math.max(size, sizes[i] ?? 0)) : after)
          handles ??= yield* Scope.extend(Effect.forEach(files, openOne), scope)
          // the sessions come last: without them, the rows of their parts are removed when the export continues
          for (const [i, text] of [...whole.entries()].toReversed()) {
            const [handle, path = ""] = [handles[i], files[i]?.path]
            if (text !== "" && handle !== undefined) yield* io(path, () => handle.appendFile(text))
          }
          written = after
        }))
    }
  })
