/** `room-session get` and `start`. */
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
import * as card from "./card.ts"
import { Display } from "./display.ts"
import * as report from "./report.ts"
import { type Live, Target } from "./target.ts"
import * as words from "./words.ts"

const id = Args.text({ name: "id" }).pipe(
  // the parser takes an option that it does not know for an argument
  Args.mapEffect(value =>
    value.startsWith("-") ? Effect.fail(HelpDoc.p(`Unknown option ${words.printable(value)}`)) : Effect.succeed(value)
  )
)

const json = Options.boolean("json").pipe(
  Options.withDescription("Print the session as JSON in the wire format, normalised, on one line, and nothing else.")
)

const fetch = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const source = yield* Target
    return yield* Effect.mapError(sessions.get(id), failure => report.ofFailure(failure, source))
  })

const encode = Schema.encode(Schema.parseJson(RoomSession.RoomSessionSummary))

/** JSON leaves these characters as they are, and some terminals obey them. */
const escapeControls = (text: string): string =>
  text.replace(/[\u007f-\u009f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)

const print = (session: RoomSession.RoomSessionSummary, asJson: boolean) =>
  asJson
    // what was decoded always encodes
    ? Effect.flatMap(Effect.orDie(encode(session)), text => Console.log(escapeControls(text)))
    : Effect.flatMap(Display, options => Console.log(card.render(session, options)))

/** What a defect was is told to who asks, with `--log-level debug`. */
const logDefects = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapErrorCause(self, cause => Cause.isDie(cause) ? Effect.logDebug(cause) : Effect.void)

const get = (live: Live) =>
  Command.make(
    "get",
    { id: id.pipe(Args.withDescription("The session's id, a UUID.")), json },
    ({ id, json }) => Effect.flatMap(fetch(id), session => print(session, json))
  ).pipe(
    Command.withDescription("Fetch one room session and show it."),
    Command.provide(live),
    Command.transformHandler(logDefects)
  )

/** The published command. */
export const roomSession = (live: Live) =>
  Command.make("room-session").pipe(
    Command.withDescription("Room sessions of a SignalWire space."),
    Command.withSubcommands([get(live)])
  )

const orExample = (id: Option.Option<string>) =>
  Effect.flatMap(
    Target,
    source =>
      Option.match(Option.orElse(id, () => source._tag === "Sandbox" ? Array.head(source.ids) : Option.none()), {
        onNone: () =>
          Effect.fail(
            new report.CommandFailed({
              lines: [
                "with a real space, the id of a room session is needed.",
                "Give it as the argument, or unset the SIGNALWIRE_ variables to see the embedded sandbox."
              ]
            })
          ),
        onSome: id => Effect.succeed(id)
      })
  )

/** The demonstration of the repository. */
export const start = (live: Live) =>
  Command.make(
    "start",
    {
      id: id.pipe(
        Args.withDescription("The session's id, a UUID; the sandbox has one to show when it is left out."),
        Args.optional
      ),
      json
    },
    ({ id, json }) =>
      Effect.gen(function*() {
        const { _tag, origin } = yield* Target
        const [took, session] = yield* Effect.timed(Effect.flatMap(orExample(id), fetch))
        yield* print(session, json)
        const source = `From ${_tag === "Sandbox" ? "the embedded sandbox at " : ""}${origin}: status 200 in ${
          words.elapsed(took)
        }`
        yield* json ? Console.error(source) : Console.log(`\n${source}`)
      })
  ).pipe(
    Command.withDescription("Fetch a room session from your space, or from an embedded sandbox, and show it."),
    Command.provide(live),
    Command.transformHandler(logDefects)
  )
