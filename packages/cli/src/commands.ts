/** The commands of `room-session`, and `start` of the repository. */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as format from "./format.ts"
import * as get from "./get.ts"
import * as modes from "./modes.ts"
import * as options from "./options.ts"
import type { Bodies } from "./raw.ts"
import * as report from "./report.ts"
import * as sandbox from "./sandbox.ts"
import { type MakeTarget, Target } from "./target.ts"

const id = (name: string) =>
  Args.text({ name }).pipe(
    // the parser treats an unknown option as an argument
    Args.mapEffect(value =>
      value.startsWith("-")
        ? Effect.fail(HelpDoc.p(`Unknown option ${format.printable(value)}`))
        : Effect.succeed(value)
    )
  )

const sessionId = id("id").pipe(Args.withDescription("The id of the session, a UUID."))

/** Logs defects at the level debug, since `run.ts` prints no details of them. */
const logDefects = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapErrorCause(self, cause => Cause.isDie(cause) ? Effect.logDebug(cause) : Effect.void)

const output = { asJson: options.json, asCsv: options.csv, asRaw: options.raw, columns: options.columns }

/** What is loaded by the commands that need it, since `get` starts faster without it. */
const features = Effect.promise(() => import("./features.ts"))

/** Provides the target of the options. With `--raw`, its client buffers the bodies. */
const withTarget = (make: MakeTarget, connection: options.Connection, asRaw = false) => {
  const bodies: Bodies = { received: [] }
  return <A, E, R>(use: (bodies: Bodies) => Effect.Effect<A, E, R>) =>
    Effect.flatMap(
      asRaw ? features : Effect.succeed(undefined),
      loaded => Effect.provide(use(bodies), make(connection, loaded?.raw.clientLayer(bodies)))
    )
}

const lists = Effect.map(features, ({ lists }) => lists)

const getCommand = (make: MakeTarget) =>
  Command.make(
    "get",
    {
      ids: Args.atLeast(sessionId, 1),
      ...output,
      members: Options.boolean("members").pipe(
        Options.withDescription("Also its members; with --json, each on a line after the session.")
      ),
      connection: options.connection
    },
    ({ connection, ids: [first, ...others], members, ...flags }) =>
      Effect.gen(function*() {
        const mode = yield* modes.make(flags, get.fields)
        if (members && (mode._tag === "Csv" || mode._tag === "Raw")) {
          return yield* report.ofUsage(`--members excludes --${mode._tag.toLowerCase()}.`, "Use the command members.")
        }
        yield* withTarget(make, connection, flags.asRaw)(bodies => {
          const more = (id: string) =>
            members
              ? Effect.gen(function*() {
                if (mode._tag === "Text") yield* Console.log("")
                yield* (yield* lists).members(id, { ...mode, columns: undefined }, bodies)
              })
              : Effect.void
          if (others.length === 0) {
            return mode._tag === "Raw"
              ? get.printRaw(first, bodies)
              : Effect.zipRight(Effect.flatMap(get.fetch(first), session => get.print(session, mode)), more(first))
          }
          return Effect.flatMap(features, ({ many }) =>
            mode._tag === "Raw"
              ? many.printRaw([first, ...others], mode, bodies)
              : many.print([first, ...others], mode, more))
        })
      })
  ).pipe(
    Command.withDescription("Show room sessions by their ids."),
    Command.transformHandler(logDefects)
  )

const listCommand = (make: MakeTarget) =>
  Command.make(
    "list",
    {
      status: options.status,
      room_id: options.roomId,
      room_name: options.roomName,
      room_name_matches: options.roomNameMatches,
      ...options.period,
      limit: options.limit,
      ...output,
      connection: options.connection
    },
    ({ asCsv, asJson, asRaw, columns, connection, since, until, ...filter }) =>
      Effect.gen(function*() {
        if (asRaw && (since ?? until) !== undefined) {
          return yield* report.ofUsage("--raw excludes --since and --until, because it prints whole pages.")
        }
        const { fields, sessions } = yield* lists
        const mode = yield* modes.make({ asCsv, asJson, asRaw, columns }, fields.sessions)
        yield* withTarget(make, connection, asRaw)(bodies => sessions({ ...filter, since, until }, mode, bodies))
      })
  ).pipe(
    Command.withDescription("List room sessions."),
    Command.transformHandler(logDefects)
  )

const listOf = (make: MakeTarget, name: "members" | "events" | "recordings", description: string) =>
  Command.make(
    name,
    { id: sessionId, ...output, connection: options.connection },
    ({ connection, id, ...flags }) =>
      Effect.gen(function*() {
        const module = yield* lists
        const mode = yield* modes.make(flags, module.fields[name])
        yield* withTarget(make, connection, flags.asRaw)(bodies => module[name](id, mode, bodies))
      })
  ).pipe(
    Command.withDescription(description),
    Command.transformHandler(logDefects)
  )

const exportCommand = (make: MakeTarget) =>
  Command.make(
    "export",
    {
      status: options.status,
      ...options.period,
      room_id: options.roomId,
      room_name: options.roomName,
      room_name_matches: options.roomNameMatches,
      ids: options.ids,
      format: options.format,
      path: options.out("The file to write to; it must not exist, unless --resume is given."),
      parts: options.parted,
      resume: options.resume,
      quiet: options.quiet,
      asJson: options.jsonSummary,
      connection: options.patientConnection
    },
    ({ asJson, connection, format: given = "ndjson", ids, parts = [], path, quiet, resume, since, until, ...filter }) =>
      Effect.gen(function*() {
        if (path === undefined) return yield* report.ofUsage("Missing option --out")
        if (ids !== undefined && [since, until, ...Object.values(filter)].some(value => value !== undefined)) {
          return yield* report.ofUsage("--ids excludes the options that filter the list.")
        }
        const { run } = (yield* features).exportSessions
        yield* withTarget(make, connection)(() =>
          run({ filter, period: { since, until }, ids, format: given, path, parts, resume, quiet, asJson, connection })
        )
      })
  ).pipe(
    Command.withDescription("Write sessions to a file: NDJSON, CSV or SQLite."),
    Command.transformHandler(logDefects)
  )

const doctorCommand = (make: MakeTarget) =>
  Command.make(
    "doctor",
    { asJson: options.jsonChecks, connection: options.connection },
    ({ asJson, connection }) => Effect.flatMap(features, ({ doctor }) => doctor.run(make, connection, asJson))
  ).pipe(
    Command.withDescription("Check the configuration, the network and the credentials."),
    Command.transformHandler(logDefects)
  )

const watchCommand = (make: MakeTarget) =>
  Command.make(
    "watch",
    {
      id: sessionId.pipe(Args.optional),
      room_id: options.roomId,
      room_name: options.roomName,
      room_name_matches: options.roomNameMatches,
      interval: options.interval,
      asJson: options.jsonChanges,
      connection: options.connection
    },
    ({ asJson, connection, id, interval = Duration.seconds(5), ...filter }) =>
      Effect.gen(function*() {
        if (Option.isSome(id) && Object.values(filter).some(value => value !== undefined)) {
          return yield* report.ofUsage("An id excludes the options that filter the list.")
        }
        const { run } = (yield* features).watch
        yield* run(make, connection, { id: Option.getOrUndefined(id), filter, interval, asJson })
      })
  ).pipe(
    Command.withDescription("Show the sessions in progress, or one session, and their changes as they happen."),
    Command.transformHandler(logDefects)
  )

const downloadCommand = (make: MakeTarget) =>
  Command.make(
    "download",
    {
      id: id("recording").pipe(Args.withDescription("The id of the recording, a UUID.")),
      path: options.out("The file to write to; default: the id of the recording, in this folder."),
      quiet: options.quiet,
      asJson: options.jsonSummary,
      connection: options.connection
    },
    ({ connection, ...download }) =>
      Effect.flatMap(features, ({ download: { run } }) => withTarget(make, connection)(() => run(download)))
  ).pipe(
    Command.withDescription("Download the file of a recording. A download that was interrupted is continued."),
    Command.transformHandler(logDefects)
  )

/** The names of the commands in the order of the help, and `help`. */
export const commandNames = [
  "get",
  "list",
  "members",
  "events",
  "recordings",
  "watch",
  "export",
  "download",
  "doctor",
  "sandbox",
  "help"
]

const commandsOf = (make: MakeTarget) => ({
  get: () => getCommand(make),
  list: () => listCommand(make),
  members: () => listOf(make, "members", "List the members of a session, also those who have left."),
  events: () => listOf(make, "events", "List the events of a session."),
  recordings: () => listOf(make, "recordings", "List the recordings of a session."),
  watch: () => watchCommand(make),
  export: () => exportCommand(make),
  download: () => downloadCommand(make),
  doctor: () => doctorCommand(make),
  sandbox: () => sandbox.command()
})

/**
 * The published command.
 *
 * @param only the command to have; default all. The parser is quicker with one
 */
export const roomSession = (make: MakeTarget, only?: string) => {
  const commands = commandsOf(make)
  const all = Object.entries(commands).flatMap(([name, command]) =>
    only === undefined || name === only ? [command()] : []
  )
  const [first = commands.get(), ...others] = all
  return Command.make("room-session").pipe(
    Command.withDescription("Room sessions of a SignalWire space."),
    Command.withSubcommands([first, ...others])
  )
}

const orExample = (id: Option.Option<string>) =>
  Effect.flatMap(
    Target,
    target =>
      Option.match(Option.orElse(id, () => target._tag === "Sandbox" ? Array.head(target.ids) : Option.none()), {
        onNone: () =>
          Effect.fail(report.ofUsage(
            "a real space requires the id of a room session.",
            "Pass the id as the argument, or unset the SIGNALWIRE_ variables to use the embedded sandbox."
          )),
        onSome: id => Effect.succeed(id)
      })
  )

/** The command of `pnpm start`. */
export const start = (make: MakeTarget) =>
  Command.make(
    "start",
    {
      id: id("id").pipe(
        Args.withDescription("The id of the session, a UUID; default in the sandbox: its first session."),
        Args.optional
      ),
      asJson: options.json
    },
    ({ asJson, id }) =>
      withTarget(make, {})(() =>
        Effect.gen(function*() {
          const { _tag, origin } = yield* Target
          const [elapsed, session] = yield* Effect.timed(Effect.flatMap(orExample(id), get.fetch))
          yield* get.print(session, { _tag: asJson ? "Json" : "Text", columns: undefined })
          const where = _tag === "Sandbox" ? `the embedded sandbox at ${origin}` : origin
          const summary = `From ${where}: status 200 in ${format.elapsed(elapsed)}`
          yield* asJson ? Console.error(summary) : Console.log(`\n${summary}`)
        })
      )
  ).pipe(
    Command.withDescription("Fetch a room session from your space, or from an embedded sandbox, and show it."),
    Command.transformHandler(logDefects)
  )
