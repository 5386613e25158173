/** An export as a SQLite database: a table of the sessions, and one of each part. */
import { RoomRecording, RoomSessionMember } from "@effect-signalwire/core"
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { CommandError } from "../CommandError.ts"
import { exitCodes } from "../exitCodes.ts"
import type { Part } from "../options.ts"
import { fileError, notResumable, type Open } from "./sink.ts"

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

/** SQLite has no booleans. */
const toColumn = (value: unknown): string | number | null =>
  typeof value === "boolean" ? Number(value) : typeof value === "number" || typeof value === "string" ? value : null

const toColumns = (fields: ReadonlyArray<string>) => (item: object) =>
  Object.fromEntries(fields.map(name => [name, toColumn(Reflect.get(item, name))]))

/** A statement of SQLite has at most 32,766 values. */
const rowsPerStatement = 500

export const open: Open = ({ fields, parts, path, resume }) =>
  Effect.gen(function*() {
    if (!resume && existsSync(path)) return yield* fileError(path, Object.assign(new Error(), { code: "EEXIST" }))
    const sql = yield* SqliteClient.make({ filename: path, disableWAL: true }).pipe(
      Effect.provide(Reactivity.layer),
      Effect.catchAllDefect(error => Effect.fail(isNotLoaded(error) ? notLoaded : fileError(path, error)))
    )
    const tables = [
      { name: "sessions", fields },
      ...parts.map(part => ({ name: part, fields: fieldsOf[part] }))
    ]
    const failWith = (error: unknown) => fileError(path, Object(error).cause ?? error)
    for (const table of tables) {
      const columns = table.fields.map(name => `${name}${name === "id" ? " TEXT PRIMARY KEY" : ""}`).join(", ")
      yield* Effect.mapError(sql.unsafe(`CREATE TABLE IF NOT EXISTS ${table.name} (${columns})`), failWith)
      const found = yield* Effect.mapError(
        sql.unsafe<{ readonly name: string }>(`SELECT name FROM pragma_table_info('${table.name}')`),
        failWith
      )
      if (found.map(({ name }) => name).join() !== table.fields.join()) {
        return yield* notResumable(path, `its table ${table.name} has other columns`)
      }
    }
    const rows = yield* Effect.mapError(sql<{ readonly id: string }>`SELECT id FROM sessions`, failWith)
    const insert = (table: string, fields: ReadonlyArray<string>, items: ReadonlyArray<object>) =>
      Effect.forEach(
        Array.chunksOf(items.map(toColumns(fields)), rowsPerStatement),
        chunk => sql`INSERT OR REPLACE INTO ${sql(table)} ${sql.insert(chunk)}`,
        { discard: true }
      )
    return {
      ids: new Set(rows.map(({ id }) => id.toLowerCase())),
      write: sessions =>
        Effect.zipRight(
          Effect.forEach(
            parts,
            part => insert(part, fieldsOf[part], sessions.flatMap(({ parts }) => parts[part] ?? [])),
            { discard: true }
          ),
          insert("sessions", fields, sessions.map(({ session }) => session))
        ).pipe(sql.withTransaction, Effect.mapError(failWith), Effect.uninterruptible)
    }
  })
