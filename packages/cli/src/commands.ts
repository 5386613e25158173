/** The commands of `room-session`, and `start` of the repository. */
import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CommandError } from "./CommandError.ts"
import * as format from "./format.ts"
import * as json from "./json.ts"
import * as options from "./options.ts"
import * as report from "./report.ts"
import { Target, type TargetLayer } from "./target.ts"
import { ViewOptions } from "./terminal.ts"
import * as view from "./view.ts"

const id = Args.text({ name: "id" }).pipe(
  // the parser treats an unknown option as an argument
  Args.mapEffect(value =>
    value.startsWith("-") ? Effect.fail(HelpDoc.p(`Unknown option ${format.printable(value)}`)) : Effect.succeed(value)
  )
)

const sessionId = id.pipe(Args.withDescription("The id of the session, a UUID."))

const asJson = Options.boolean("json").pipe(
  Options.withDescription("Print only JSON, in the normalized form of the service, one value on each line.")
)

const fetch = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    return yield* Effect.mapError(sessions.get(id), error => report.ofError(error, target))
  })

const print = (session: RoomSession.RoomSessionSummary, asJson: boolean) =>
  asJson
    ? Console.log(json.encode(session))
    : Effect.flatMap(ViewOptions, options => Console.log(view.render(session, options)))

const lists = Effect.promise(() => import("./lists.ts"))

/** Logs defects at the level debug, since `run.ts` prints no details of them. */
const logDefects = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapErrorCause(self, cause => Cause.isDie(cause) ? Effect.logDebug(cause) : Effect.void)

const get = (layer: TargetLayer) =>
  Command.make(
    "get",
    {
      id: sessionId,
      asJson,
      members: Options.boolean("members").pipe(
        Options.withDescription("Also its members; with --json, each on a line after the session.")
      )
    },
    ({ asJson, id, members }) =>
      Effect.gen(function*() {
        yield* print(yield* fetch(id), asJson)
        if (!members) return
        if (!asJson) yield* Console.log("")
        yield* (yield* lists).members(id, asJson)
      })
  ).pipe(
    Command.withDescription("Fetch one room session and show it."),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )

const list = (layer: TargetLayer) =>
  Command.make(
    "list",
    {
      status: options.status,
      room_id: options.roomId,
      room_name: options.roomName,
      room_name_matches: options.roomNameMatches,
      limit: options.limit,
      asJson
    },
    ({ asJson, ...filter }) => Effect.flatMap(lists, lists => lists.sessions(filter, asJson))
  ).pipe(
    Command.withDescription("List room sessions."),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )

const listOf = (layer: TargetLayer, name: "members" | "events" | "recordings", description: string) =>
  Command.make(
    name,
    { id: sessionId, asJson },
    ({ asJson, id }) => Effect.flatMap(lists, lists => lists[name](id, asJson))
  ).pipe(
    Command.withDescription(description),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )

/** The published command. */
export const roomSession = (layer: TargetLayer) =>
  Command.make("room-session").pipe(
    Command.withDescription("Room sessions of a SignalWire space."),
    Command.withSubcommands([
      list(layer),
      get(layer),
      listOf(layer, "members", "List the members of a session, also those who have left."),
      listOf(layer, "events", "List the events of a session."),
      listOf(
        layer,
        "recordings",
        "List the recordings of a session."
      )
    ])
  )

const orExample = (id: Option.Option<string>) =>
  Effect.flatMap(
    Target,
    target =>
      Option.match(Option.orElse(id, () => target._tag === "Sandbox" ? Array.head(target.ids) : Option.none()), {
        onNone: () =>
          Effect.fail(
            new CommandError({
              lines: [
                "a real space requires the id of a room session.",
                "Pass the id as the argument, or unset the SIGNALWIRE_ variables to use the embedded sandbox."
              ]
            })
          ),
        onSome: id => Effect.succeed(id)
      })
  )

/** The command of `pnpm start`. */
export const start = (layer: TargetLayer) =>
  Command.make(
    "start",
    {
      id: id.pipe(
        Args.withDescription("The id of the session, a UUID; default in the sandbox: its first session."),
        Args.optional
      ),
      asJson
    },
    ({ asJson, id }) =>
      Effect.gen(function*() {
        const { _tag, origin } = yield* Target
        const [elapsed, session] = yield* Effect.timed(Effect.flatMap(orExample(id), fetch))
        yield* print(session, asJson)
        const where = _tag === "Sandbox" ? `the embedded sandbox at ${origin}` : origin
        const summary = `From ${where}: status 200 in ${format.elapsed(elapsed)}`
        yield* asJson ? Console.error(summary) : Console.log(`\n${summary}`)
      })
  ).pipe(
    Command.withDescription("Fetch a room session from your space, or from an embedded sandbox, and show it."),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )
