/** An export as a SQLite database: a table of the sessions, and one of each part. */
import { RoomRecording, RoomSessionMember } from "@effect-signalwire/core"
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { CommandError } from "../CommandError.ts"
import { codeOf } from "../errorCode.ts"
import { exitCodes } from "../exitCodes.ts"
import { checkIsNew, fileError, sizeOf } from "../files/files.ts"
import type { Part } from "../options.ts"
import { check, ExportRecord, notResumable } from "./record.ts"
import { adviceOnExisting, type Open, type SinkOptions } from "./sink.ts"

const fieldsOf: Readonly<Record<Part, ReadonlyArray<string>>> = {
  members: Object.keys(RoomSessionMember.RoomSessionMember.fields),
  recordings: Object.keys(RoomRecording.RoomRecording.fields)
}

/** Whether the native module of better-sqlite3 is not there, or is that of another version of Node. */
const isNotLoaded = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "ERR_DLOPEN_FAILED") || error.message.startsWith("Could not locate the bindings"))

const notLoaded = new CommandError({
  exitCode: exitCodes.configuration,
  details: { tag: "ConfigError" },
  lines: [
    `better-sqlite3 is installed, and not built for Node ${process.versions.node}.`,
    "Build it: npm rebuild better-sqlite3, where it is installed. Some package managers leave out install scripts unless they are allowed."
  ]
})

/** SQLite has no booleans. better-sqlite3 stores a number as REAL, and only a bigint as INTEGER. */
const toColumn = (value: unknown): string | number | bigint | null =>
  typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value))
    ? BigInt(value)
    : typeof value === "number" || typeof value === "string"
    ? value
    : null

const toColumns = (fields: ReadonlyArray<string>) => (item: object) =>
  Object.fromEntries(fields.map(name => [name, toColumn(Reflect.get(item, name))]))

/** The table of the record. */
const recordTable = "room_session_export"

/** A statement of SQLite has at most 32,766 values. */
const rowsPerStatement = 500

const json = Schema.parseJson(ExportRecord)

/** Connects to a database, which the first statement creates. */
const connect = (path: string) =>
  SqliteClient.make({ filename: path, disableWAL: true }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.catchAllDefect(error => Effect.fail(isNotLoaded(error) ? notLoaded : fileError(path, error)))
  )

interface Table {
  readonly name: string
  readonly fields: ReadonlyArray<string>
}

const failWith = (path: string) => (error: unknown): CommandError => {
  const cause: unknown = Object(error).cause ?? error
  return codeOf(cause) === "SQLITE_NOTADB"
    ? notResumable(path, "it is not a SQLite database")
    : fileError(path, cause)
}

/** What the database of an export has; undefined where it is empty, since the process was killed when it made the tables. */
const read = (sql: SqliteClient.SqliteClient, { path, record }: SinkOptions, tables: ReadonlyArray<Table>) =>
  Effect.gen(function*() {
    const query = <A extends object>(text: string) => Effect.mapError(sql.unsafe<A>(text), failWith(path))
    const names = (yield* query<{ readonly name: string }>("SELECT name FROM sqlite_master")).map(({ name }) => name)
    if (names.length === 0) return undefined
    const [row] = names.includes(recordTable)
      ? yield* query<{ readonly record: unknown }>(`SELECT * FROM ${recordTable}`)
      : []
    const stored = Schema.decodeUnknownOption(json)(row?.record)
    if (Option.isNone(stored)) {
      return yield* notResumable(path, "it has no record of an export by this version of the command")
    }
    yield* check(path, stored.value, record)
    for (const table of tables) {
      const found = yield* query<{ readonly name: string }>(`SELECT name FROM pragma_table_info('${table.name}')`)
      if (found.map(({ name }) => name).join() !== table.fields.join()) {
        return yield* notResumable(path, `its table ${table.name} has other columns`)
      }
    }
    const rows = yield* query<{ readonly id: string }>("SELECT id FROM sessions")
    return { record: stored.value, ids: new Set(rows.map(({ id }) => id.toLowerCase())) }
  })

export const open: Open = options =>
  Effect.gen(function*() {
    const { fields, parts, path, record, resume } = options
    if (!resume) yield* checkIsNew(path, adviceOnExisting)
    // whether the native module can be loaded, before anything is requested
    yield* Effect.scoped(connect(":memory:"))
    const tables: ReadonlyArray<Table> = [
      { name: "sessions", fields },
      ...parts.map(part => ({ name: part, fields: fieldsOf[part] }))
    ]
    const isNew = ((yield* sizeOf(path)) ?? 0) === 0
    const found = isNew
      ? undefined
      : yield* Effect.scoped(Effect.flatMap(connect(path), sql => read(sql, options, tables)))
    const create = (sql: SqliteClient.SqliteClient) =>
      Effect.gen(function*() {
        for (const { fields, name } of tables) {
          const columns = fields.map(field => `${field}${field === "id" ? " TEXT PRIMARY KEY" : ""}`)
          yield* sql.unsafe(`CREATE TABLE ${name} (${columns.join(", ")})`)
        }
        for (const part of parts) {
          yield* sql.unsafe(`CREATE INDEX ${part}_of_session ON ${part} (room_session_id)`)
        }
        yield* sql.unsafe(`CREATE TABLE ${recordTable} (record TEXT)`)
        yield* sql`INSERT INTO ${sql(recordTable)} ${sql.insert({ record: Schema.encodeSync(json)(record) })}`
      }).pipe(sql.withTransaction, Effect.mapError(failWith(path)))
    const scope = yield* Effect.scope
    const opened = yield* Effect.cached(
      Effect.tap(Scope.extend(connect(path), scope), sql => found === undefined ? create(sql) : Effect.void)
    )
    const insert = (
      sql: SqliteClient.SqliteClient,
      table: string,
      fields: ReadonlyArray<string>,
      items: ReadonlyArray<object>
    ) =>
      Effect.forEach(
        Array.chunksOf(items.map(toColumns(fields)), rowsPerStatement),
        chunk => sql`INSERT OR REPLACE INTO ${sql(table)} ${sql.insert(chunk)}`,
        { discard: true }
      )
    return {
      ids: found?.ids ?? new Set(),
      record: found?.record ?? record,
      write: sessions =>
        Effect.flatMap(opened, sql =>
          Effect.zipRight(
            Effect.forEach(
              parts,
              part => insert(sql, part, fieldsOf[part], sessions.flatMap(({ parts }) => parts[part] ?? [])),
              { discard: true }
            ),
            insert(sql, "sessions", fields, sessions.map(({ session }) => session))
          ).pipe(sql.withTransaction, Effect.mapError(failWith(path)))).pipe(Effect.uninterruptible)
    }
  })
