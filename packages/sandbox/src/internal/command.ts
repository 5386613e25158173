/** The command `signalwire-sandbox`: a sandbox that runs until it is interrupted. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SandboxSpace from "../SandboxSpace.ts"
import * as routes from "./routes.ts"
import * as terminal from "./terminal.ts"
import { version } from "./version.ts"

const port = Options.integer("port").pipe(
  Options.withSchema(Schema.Int.pipe(
    Schema.between(0, 65_535, { message: () => "--port expects a whole number from 0 to 65535" })
  )),
  Options.withDefault(4080),
  Options.withDescription("The port of 127.0.0.1; default 4080. 0 is any free port.")
)

const respond = Options.text("respond").pipe(
  Options.mapEffect(list => {
    const statuses = list.split(",").map(status => status.trim())
    return statuses.every(status => /^[2-9]\d\d$/.test(status))
      ? Effect.succeed(statuses.map(Number))
      : Effect.fail(ValidationError.invalidValue(
        HelpDoc.p("--respond expects statuses from 200 to 999, separated by commas, such as 500,500")
      ))
  }),
  Options.withDefault<ReadonlyArray<number>>([]),
  Options.withDescription(
    "The statuses of the next responses, from 200 to 999, separated by commas, such as 500,500. 200 is the usual response."
  )
)

/** The text that explains how to use the sandbox. Its token is not a secret, since it gives access to the sandbox only. */
const introduction = (
  { apiToken, projectId, sessions, url }: SandboxSpace.Service,
  statuses: ReadonlyArray<number>
): string => {
  const token = Redacted.value(apiToken)
  const example = routes.pathOf("RoomSessions.get", { id: sessions[0]?.id ?? "" })
  const rows = sessions.map(({ display_name, id, name, status }) =>
    `  ${id}  ${(status ?? "-").padEnd(11)}  ${display_name ?? name ?? "-"}`
  )
  return [
    `SignalWire sandbox on ${url}`,
    "",
    `  SIGNALWIRE_SPACE=${new URL(url).host}`,
    `  SIGNALWIRE_PROJECT_ID=${projectId}`,
    `  SIGNALWIRE_API_TOKEN=${token}`,
    "",
    "Room sessions",
    ...rows,
    "",
    "Try",
    `  curl -u ${projectId}:${token} ${url}${example}`,
    ...(statuses.length === 0
      ? []
      : [`  The next responses have the statuses ${statuses.join(", ")}; later ones are as usual.`]),
    "",
    "Ctrl-C stops it."
  ].join("\n")
}

const sandbox = Command.make(
  "signalwire-sandbox",
  { port, respond },
  ({ port, respond: statuses }) =>
    SandboxSpace.SandboxSpace.pipe(
      Effect.tap(space => space.respondNext(...statuses)),
      Effect.flatMap(space => Console.log(introduction(space, statuses))),
      Effect.zipRight(Effect.never),
      Effect.provide(SandboxSpace.layer({ port })),
      Effect.tapErrorTag("ListenError", ({ message }) => Console.error(`signalwire-sandbox: ${message}`))
    )
).pipe(Command.withDescription("Serves a SignalWire space with a few room sessions on this machine."))

const fromArguments = Command.run(sandbox, {
  name: "signalwire-sandbox",
  version,
  executable: "signalwire-sandbox"
})

/** @param args the arguments of the process, as in `process.argv`, with the executable and the script first */
export const run = (args: ReadonlyArray<string>) =>
  fromArguments(args).pipe(
    Effect.tapError(error =>
      ValidationError.isValidationError(error) ? Console.error("See signalwire-sandbox --help") : Effect.void
    ),
    Effect.provide(terminal.layer)
  )

/** 0 after an interruption, 2 for an invalid command line, 1 when the server cannot listen on the port. */
export const exitCode = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.isSuccess(exit) || Cause.isInterruptedOnly(exit.cause)
    ? 0
    : Option.exists(Cause.failureOption(exit.cause), ValidationError.isValidationError)
    ? 2
    : 1
