/** CSV of wire forms. It is loaded by what needs it, since other commands start faster without it. */
import { stringify } from "csv-stringify/sync"

/** What a spreadsheet takes for a formula, also after what it ignores in front of one. */
const formula = /^[\t\r\n]|^[\p{Z}\p{C}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u

/** What some programs take for the end of a cell or of a row outside of quotes: Excel splits at semicolons in some regions. */
const quoted = /[\p{Cc}\p{Zl}\p{Zp};]/u

const cell = (value: unknown): unknown => {
  if (typeof value === "string") return formula.test(value) ? `'${value}` : value
  return typeof value === "boolean" || typeof value === "number" ? String(value) : value
}

/**
 * Rows of CSV (RFC 4180, with line feeds), each with a line break at its end. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front. Objects are JSON.
 */
export const rows = (items: ReadonlyArray<object>, columns: ReadonlyArray<string>): string =>
  stringify(
    items.map(item => columns.map(name => cell(Reflect.get(item, name)))),
    { quoted_match: quoted, record_delimiter: "\n" }
  )

export const header = (columns: ReadonlyArray<string>): string =>
  rows([Object.fromEntries(columns.map(name => [name, name]))], columns)
