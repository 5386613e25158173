/** The options of the command. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { isIP } from "node:net"
import { defaultScenario } from "../../defaultScenario.ts"
import type { Scenario } from "../scenario/scenario.ts"
import * as scenarios from "../scenario/scenario.ts"
import * as sessionsFile from "./sessionsFile.ts"

const invalid = (text: string) => ValidationError.invalidValue(HelpDoc.p(text))

/** Reads a file, and its contents. */
const file = <A>(option: string, path: string, parse: (text: string) => Effect.Effect<A, string>) =>
  Effect.flatMap(FileSystem.FileSystem, fs => fs.readFileString(path)).pipe(
    Effect.mapError(() => invalid(`--${option} expects a file, and ${path} cannot be read`)),
    Effect.flatMap(text => Effect.mapError(parse(text), error => invalid(`--${option} ${path}: ${error}`)))
  )

export const port = Options.integer("port").pipe(
  Options.withSchema(Schema.Int.pipe(
    Schema.between(0, 65_535, { message: () => "--port expects a whole number from 0 to 65535" })
  )),
  Options.withDefault(4080),
  Options.withDescription("The port; default 4080. 0 is any free port.")
)

export const host = Options.text("host").pipe(
  Options.withSchema(Schema.String.pipe(
    Schema.pattern(/^\S+$/, { message: () => "--host expects an address, such as 127.0.0.1 or 0.0.0.0" })
  )),
  Options.withDefault("127.0.0.1"),
  Options.withDescription(
    "The address to listen on; default 127.0.0.1. With any other, such as 0.0.0.0, other machines can use the sandbox."
  )
)

/** What a client can have as the host of an address, and a certificate as a name. */
const isHostName = (name: string): boolean => /^[a-z\d_.-]+$/i.test(name) || isIP(name) !== 0

export const hostNames = Options.text("host-name").pipe(
  Options.repeated,
  Options.mapEffect(names =>
    names.every(isHostName)
      ? Effect.succeed(names)
      : Effect.fail(
        invalid("--host-name expects a name of ASCII letters, digits, hyphens and dots, such as sandbox, or an address")
      )
  ),
  Options.withDescription(
    "A name by which clients address the sandbox, such as that of its container. It can be repeated."
  )
)

export const tls = Options.boolean("tls").pipe(
  Options.withDescription("TLS, with a certificate that is made for the sandbox. Its file is printed.")
)

export const control = Options.boolean("control").pipe(
  Options.withDescription("The console page at /, and the control endpoint below /_sandbox. Their token is printed.")
)

export const prefer = Options.boolean("prefer").pipe(
  Options.withDescription("A request chooses its status by a header, such as Prefer: code=503.")
)

export const respond = Options.text("respond").pipe(
  Options.mapEffect(list => {
    const statuses = list.split(",").map(status => status.trim())
    return statuses.every(status => /^[2-9]\d\d$/.test(status))
      ? Effect.succeed(statuses.map(Number))
      : Effect.fail(invalid("--respond expects statuses from 200 to 999, separated by commas, such as 500,500"))
  }),
  Options.withDefault<ReadonlyArray<number>>([]),
  Options.withDescription(
    "The statuses of the next responses, from 200 to 999, separated by commas, such as 500,500. 200 is the usual response."
  )
)

export const sessions = Options.text("sessions").pipe(
  Options.withPseudoName("file"),
  Options.mapEffect(path => file("sessions", path, text => sessionsFile.parse(path, text))),
  Options.optional,
  Options.withDescription("The sessions of the space, in YAML, JSON or NDJSON.")
)

export const generate = Options.integer("generate").pipe(
  Options.withSchema(Schema.Int.pipe(
    Schema.between(0, 100_000, { message: () => "--generate expects a whole number from 0 to 100000" })
  )),
  Options.optional,
  Options.withDescription("The number of completed sessions to generate, up to 100000, after those of --sessions.")
)

export const scenario = Options.text("scenario").pipe(
  Options.withPseudoName("file"),
  Options.mapEffect((path): Effect.Effect<Scenario, ValidationError.ValidationError, FileSystem.FileSystem> =>
    path === "default"
      ? Effect.succeed(defaultScenario)
      : file("scenario", path, text => Effect.mapError(scenarios.parse(text), ({ message }) => message))
  ),
  Options.optional,
  Options.withDescription(
    "What happens in the space at which times, in YAML or JSON; or default, a scenario of half a minute."
  )
)

export const json = Options.boolean("json").pipe(
  Options.withDescription("JSON on standard output: a line about the sandbox, then a line for each request.")
)

export const exports = Options.boolean("export").pipe(
  Options.withDescription("Only lines for a shell on standard output: eval \"$(signalwire-sandbox --export &)\".")
)
