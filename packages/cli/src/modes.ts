/** In which form a command prints what it reads. */
import * as Effect from "effect/Effect"
import type { CommandError } from "./CommandError.ts"
import * as format from "./format.ts"
import * as report from "./report.ts"

interface Flags {
  readonly asJson: boolean
  readonly asCsv: boolean
  readonly asRaw: boolean
  readonly columns: ReadonlyArray<string> | undefined
}

export interface Mode {
  readonly _tag: "Text" | "Json" | "Csv" | "Raw"
  /** The fields of `--columns`; default: those of the form. */
  readonly columns: ReadonlyArray<string> | undefined
}

/** @param fields those that there are */
export const make = (
  { asCsv, asJson, asRaw, columns }: Flags,
  fields: ReadonlyArray<string>
): Effect.Effect<Mode, CommandError> => {
  const given = [asJson ? "--json" : "", asCsv ? "--csv" : "", asRaw ? "--raw" : ""].filter(name => name !== "")
  if (given.length > 1) return Effect.fail(report.ofUsage(`${format.list(given)} exclude each other.`))
  if (asRaw && columns !== undefined) return Effect.fail(report.ofUsage("--raw and --columns exclude each other."))
  const unknown = columns?.find(name => !fields.includes(name))
  if (unknown !== undefined) {
    return Effect.fail(report.ofUsage(`there is no column ${unknown}.`, `The columns are ${format.list(fields)}.`))
  }
  return Effect.succeed({ _tag: asJson ? "Json" : asCsv ? "Csv" : asRaw ? "Raw" : "Text", columns })
}

/** The wire form of an item with the fields of `--columns`. */
export const pick = (item: { readonly toJSON: () => object }, columns: ReadonlyArray<string> | undefined): object => {
  const wire = item.toJSON()
  return columns === undefined ? wire : Object.fromEntries(columns.map(name => [name, Reflect.get(wire, name)]))
}
