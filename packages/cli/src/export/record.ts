/** What an export was asked for, which is stored with its file: `--resume` continues it with the same options only. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CommandError } from "../CommandError.ts"
import type { Time } from "../options.ts"
import * as period from "../period.ts"
import * as report from "../report.ts"

/** A change of what is written to the file increments it. */
const version = 1

export class ExportRecord extends Schema.Class<ExportRecord>("ExportRecord")({
  version: Schema.Literal(version),
  /** The address of the space. */
  space: Schema.String,
  /** The options that decide what is exported, as on the command line; those that were not given are left out. */
  options: Schema.Record({ key: Schema.String, value: Schema.String }),
  /** The period of `--since` and `--until`: an age is counted from the first run. */
  from: Schema.optional(Schema.DateTimeUtc),
  until: Schema.optional(Schema.DateTimeUtc)
}) {}

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }

const textOf = (time: Time): string => {
  if ("dateTime" in time) return DateTime.formatIso(time.dateTime)
  const millis = Duration.toMillis(time.age)
  const [unit, size] = Object.entries(units).find(([, size]) => millis % size === 0) ?? ["s", units.s]
  return `${millis / size}${unit}`
}

export const make = (
  space: string,
  { since, until }: period.Options,
  others: { readonly [name: string]: string | undefined }
): Effect.Effect<ExportRecord> =>
  Effect.map(period.make({ since, until }), bounds => {
    const all = { ...others, since: since && textOf(since), until: until && textOf(until) }
    return new ExportRecord({
      version,
      space,
      options: Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => value === undefined ? [] : [[name, value]])
      ),
      ...bounds
    })
  })

/** The error of a file that `--resume` does not continue. */
export const notResumable = (path: string, reason: string): CommandError =>
  report.ofUsage(`${path} cannot be continued: ${reason}.`, "Pass another file, or the options that it was made with.")

/** Fails unless the file of the record is continued with the same options. */
export const check = (
  path: string,
  stored: ExportRecord,
  { options, space }: ExportRecord
): Effect.Effect<void, CommandError> => {
  if (stored.space !== space) return Effect.fail(notResumable(path, `it is of the space ${stored.space}`))
  const names = Object.keys({ ...stored.options, ...options })
  const differences = names.filter(name => stored.options[name] !== options[name]).map(name =>
    stored.options[name] === undefined ? `without --${name}` : `with --${name} ${stored.options[name]}`
  )
  return differences.length === 0
    ? Effect.void
    : Effect.fail(notResumable(path, `it was made ${differences.join(" and ")}`))
}
