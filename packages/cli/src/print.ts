/** Prints values of the service as JSON or CSV: unchanged, but on a terminal without what controls it or the text direction. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as format from "./format.ts"
import * as json from "./json.ts"
import { Streams } from "./terminal.ts"

/** One value on each line. */
export const printJson = (values: ReadonlyArray<object>): Effect.Effect<void, never, Streams> =>
  Effect.flatMap(Streams, ({ isOutputTerminal }) => {
    const text = values.map(json.stringify).join("\n")
    return Console.log(isOutputTerminal ? format.escaped(text) : text)
  })

/** Prints the document of an error to standard error. */
export const printJsonError = (document: string): Effect.Effect<void, never, Streams> =>
  Effect.flatMap(Streams, ({ isErrorTerminal }) => Console.error(isErrorTerminal ? format.escaped(document) : document))

const withPrintable = (item: object): object =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === "string" ? format.printable(value) : value])
  )

/** Prints rows of CSV; the first ones of a list have a header. */
export const printCsv = (
  items: ReadonlyArray<object>,
  names: ReadonlyArray<string>,
  isFirst: boolean
): Effect.Effect<void, never, Streams> =>
  Effect.gen(function*() {
    const { isOutputTerminal } = yield* Streams
    const csv = yield* Effect.promise(() => import("./csv.ts"))
    const header = isFirst ? csv.header(names) : ""
    const text = isOutputTerminal
      // nested values are JSON, which the escapes do not change
      ? format.escaped(header + csv.rows(items.map(withPrintable), names))
      : header + csv.rows(items, names)
    yield* Console.log(text.replace(/\n$/, ""))
  })
