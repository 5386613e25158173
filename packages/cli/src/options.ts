/** The options of the commands. */
import { Credentials, RoomSession } from "@effect-signalwire/core"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** An option that may be omitted. Any value that `parse` does not accept is a usage error that says what is accepted. */
export const option = <A>(
  name: string,
  placeholder: string,
  expected: string,
  description: string,
  parse: (value: string) => A | undefined
): Options.Options<A | undefined> =>
  Options.text(name).pipe(
    Options.withPseudoName(placeholder),
    Options.withDescription(description),
    Options.mapEffect(value => {
      const parsed = parse(value)
      return parsed === undefined
        ? Effect.fail(ValidationError.invalidValue(HelpDoc.p(`--${name} expects ${expected}`)))
        : Effect.succeed(parsed)
    }),
    Options.optional,
    Options.map(Option.getOrUndefined)
  )

export const flag = (name: string, description: string) =>
  Options.boolean(name).pipe(Options.withDescription(description))

export const text = (value: string): string | undefined => value === "" ? undefined : value

const oneOf = <const A extends string>(values: ReadonlyArray<A>) => (value: string): A | undefined =>
  values.find(known => known === value)

const wholeFrom = (least: number) => (value: string): number | undefined =>
  /^\d+$/.test(value) && Number(value) >= least && Number.isSafeInteger(Number(value)) ? Number(value) : undefined

const statuses = ["in-progress", "completed"] as const

export const status = option(
  "status",
  "STATUS",
  `one of ${statuses.join(", ")}`,
  "Only sessions with this status: in-progress or completed.",
  oneOf(statuses)
)

export const roomId = option(
  "room-id",
  "ID",
  "a UUID",
  "Only sessions of this room.",
  value => Schema.is(RoomSession.RoomSessionId)(value) ? value : undefined
)

export const roomName = option("room-name", "NAME", "a name", "Only sessions with this name.", text)

export const roomNameMatches = option(
  "room-name-matches",
  "TEXT",
  "a part of a name",
  "Only sessions with a name that contains this.",
  text
)

export const limit = option(
  "limit",
  "N",
  "a whole number from 1",
  "The maximum number of sessions; default: all.",
  wholeFrom(1)
)

export const json = flag("json", "Print JSON in the wire format of the service, one value on each line.")
export const jsonChanges = flag(
  "json",
  "Print JSON, one change on each line: change (started, changed or ended) and session."
)
export const jsonChecks = flag("json", "Print JSON, one check on each line: check, status, message and advice.")
export const jsonSummary = flag("json", "Print the summary and the errors as JSON.")
export const csv = flag("csv", "Print CSV, with a header.")
export const raw = flag("raw", "Print the bodies of the service unchanged.")
export const quiet = flag("quiet", "Print errors only.")

const namePattern = /^[a-z_]+$/

/** Names of fields; which ones there are depends on the command. */
export const columns = option(
  "columns",
  "NAMES",
  "names of fields with commas between them, such as id,name,duration",
  "Only these fields, in this order: names with commas between them, such as id,name,duration.",
  value => {
    const names = value.split(",").map(name => name.trim())
    return names.every(name => namePattern.test(name)) ? names : undefined
  }
)

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text)

/** A duration such as `10s`, `500ms` or `2m`, as timers take it; a number without a unit is in seconds. */
const duration = (value: string): Duration.Duration | undefined => {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?) ?([a-z]+)?$/.exec(value) ?? []
  if (number === undefined || !isUnit(unit)) return undefined
  const millis = Number(number) * units[unit]
  return millis >= 1 && millis < 2 ** 31 ? Duration.millis(millis) : undefined
}

const durations = "from 1ms to 24d"

export const interval = option(
  "interval",
  "TIME",
  `a time such as 5s, ${durations}`,
  "The time between two requests, such as 10s; default 5s.",
  duration
)

/** An age, or a date-time; a date without a zone is local. */
const time = (value: string): { readonly age: Duration.Duration } | { readonly dateTime: DateTime.Utc } | undefined => {
  if (/^\d+(?:\.\d+)?[smhd]$/.test(value)) {
    const [number, unit] = [Number(value.slice(0, -1)), value.slice(-1)]
    return isUnit(unit) ? { age: Duration.millis(number * units[unit]) } : undefined
  }
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(value)) return undefined
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split("-").map(Number)
  // a Date accepts the 31st of each month
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined
  const dateTime = DateTime.make(new Date(value.includes("T") ? value : `${value}T00:00`))
  return Option.isSome(dateTime) ? { dateTime: dateTime.value } : undefined
}

export type Time = NonNullable<ReturnType<typeof time>>

const startTime = (name: string, description: string) =>
  option(name, "TIME", "a date (2026-11-01), a date-time (2026-11-01T08:00Z) or an age (12h, 7d)", description, time)

export const period = {
  since: startTime("since", "Only sessions that started since then: a date, a date-time, or an age such as 7d."),
  until: startTime("until", "Only sessions that started before then: a date, a date-time, or an age.")
}

export const ids = option(
  "ids",
  "FILE",
  "a file with ids, or - for standard input",
  "The sessions of a file with an id on each line, in place of the list; - is standard input.",
  text
)

const formats = ["ndjson", "csv", "sqlite"] as const

export const format = option(
  "format",
  "FORMAT",
  `one of ${formats.join(", ")}`,
  "The format of the file: ndjson (the default), csv or sqlite.",
  oneOf(formats)
)

export const out = (description: string) => option("out", "FILE", "the path of a file", description, text)

const parts = ["members", "recordings"] as const

export type Part = typeof parts[number]

export const parted = option(
  "with",
  "PARTS",
  "members, recordings, or both with a comma between them",
  "Also the members and recordings of each session: members,recordings.",
  value => {
    const names = value.split(",").map(name => name.trim())
    return names.every(name => parts.some(part => part === name))
      ? parts.filter(part => names.includes(part))
      : undefined
  }
)

export const resume = flag(
  "resume",
  "Continue an export: skip what the file already has. A session that was written in progress stays so: with --status completed, none is written before its end."
)

/** Whether the text is a space, by the rule of the library. */
const space = (value: string): string | undefined =>
  Either.isRight(Credentials.make({ space: value, projectId: "p", apiToken: Redacted.make("t") })) ? value : undefined

/** What every command has that reads from a space. */
const connectionWith = (timeout: string, retries: number) =>
  Options.all({
    space: option(
      "space",
      "SPACE",
      "a space (acme), its host or URL, or a server on this machine (127.0.0.1:8080)",
      "The space, in place of SIGNALWIRE_SPACE and SIGNALWIRE_REST_BASE_URL.",
      space
    ),
    timeout: option(
      "timeout",
      "TIME",
      `a time such as 10s, ${durations}`,
      `The time for each call with its retries, such as 10s; default ${timeout}.`,
      duration
    ),
    retries: option(
      "retries",
      "N",
      "a whole number from 0 to 100",
      `The maximum number of retries of each call; default ${retries}.`,
      value => {
        const count = wholeFrom(0)(value)
        return count === undefined || count > 100 ? undefined : count
      }
    ),
    envFile: option(
      "env",
      "FILE",
      "the path of a file",
      "A file with variables, which take precedence over those of the environment.",
      text
    )
  })

export const connection = connectionWith("30s", 2)

/** An export has more time and retries, by `RequestPolicy.batch`. */
export const patientConnection = connectionWith("10m", 8)

export interface Connection {
  readonly space?: string | undefined
  readonly timeout?: Duration.Duration | undefined
  readonly retries?: number | undefined
  readonly envFile?: string | undefined
}
