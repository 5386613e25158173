/** CSV of wire forms. It is loaded by what needs it, since other commands start faster without it. */
import { stringify } from "csv-stringify/sync"

const cell = (value: unknown): unknown =>
  typeof value === "boolean" || typeof value === "number" ? String(value) : value

/**
 * Rows of CSV (RFC 4180), each with a line break at its end. A text that a spreadsheet would take for a formula gets an apostrophe in
 * front. Objects are JSON.
 */
export const rows = (items: ReadonlyArray<object>, columns: ReadonlyArray<string>): string =>
  stringify(
    items.map(item => columns.map(name => cell(Reflect.get(item, name)))),
    { escape_formulas: true, record_delimiter: "\n" }
  )

export const header = (columns: ReadonlyArray<string>): string =>
  rows([Object.fromEntries(columns.map(name => [name, name]))], columns)
