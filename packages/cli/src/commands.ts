/** The commands: `room-session get`, and `start` of the repository. */
import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CommandError } from "./CommandError.ts"
import * as format from "./format.ts"
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

const json = Options.boolean("json").pipe(
  Options.withDescription("Print only the session, as JSON on one line, in the normalized form of the service.")
)

const fetch = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    return yield* Effect.mapError(sessions.get(id), error => report.ofError(error, target))
  })

const encode = Schema.encode(Schema.parseJson(RoomSession.RoomSessionSummary))

/** Escapes the control characters that JSON does not escape, since some terminals interpret them. */
const escapeControls = (text: string): string =>
  text.replace(/[\u007f-\u009f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)

const print = (session: RoomSession.RoomSessionSummary, asJson: boolean) =>
  asJson
    // a decoded session can always be encoded
    ? Effect.flatMap(Effect.orDie(encode(session)), text => Console.log(escapeControls(text)))
    : Effect.flatMap(ViewOptions, options => Console.log(view.render(session, options)))

/** Logs defects at the level debug, since `run.ts` prints no details of them. */
const logDefects = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapErrorCause(self, cause => Cause.isDie(cause) ? Effect.logDebug(cause) : Effect.void)

const get = (layer: TargetLayer) =>
  Command.make(
    "get",
    { id: id.pipe(Args.withDescription("The id of the session, a UUID.")), json },
    ({ id, json }) => Effect.flatMap(fetch(id), session => print(session, json))
  ).pipe(
    Command.withDescription("Fetch one room session and show it."),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )

/** The published command. */
export const roomSession = (layer: TargetLayer) =>
  Command.make("room-session").pipe(
    Command.withDescription("Room sessions of a SignalWire space."),
    Command.withSubcommands([get(layer)])
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
      json
    },
    ({ id, json }) =>
      Effect.gen(function*() {
        const { _tag, origin } = yield* Target
        const [elapsed, session] = yield* Effect.timed(Effect.flatMap(orExample(id), fetch))
        yield* print(session, json)
        const where = _tag === "Sandbox" ? `the embedded sandbox at ${origin}` : origin
        const summary = `From ${where}: status 200 in ${format.elapsed(elapsed)}`
        yield* json ? Console.error(summary) : Console.log(`\n${summary}`)
      })
  ).pipe(
    Command.withDescription("Fetch a room session from your space, or from an embedded sandbox, and show it."),
    Command.provide(layer),
    Command.transformHandler(logDefects)
  )
