/** The command `signalwire-sandbox`: a sandbox that runs until it is interrupted. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SandboxSpace from "../../SandboxSpace.ts"
import { toEntry } from "../control/api.ts"
import * as environment from "../environment.ts"
import { inUrl, isLoopback } from "../host.ts"
import { version } from "../version.ts"
import * as introduction from "./introduction.ts"
import * as options from "./options.ts"
import { recentSeeds } from "./recent.ts"
import * as requestLog from "./requestLog.ts"
import * as terminal from "./terminal.ts"

/** Writes the certificate to a file that lasts as long as the sandbox. */
const writeCa = ({ ca }: SandboxSpace.Service) =>
  ca === undefined ? Effect.succeed(undefined) : Effect.orDie(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = `${yield* fs.makeTempDirectoryScoped({ prefix: "signalwire-sandbox-" })}/ca.pem`
    yield* fs.writeFileString(path, ca)
    return path
  }))

/** Sessions in progress of the start count from now on, as those that start later do. */
const countAll = (space: SandboxSpace.Service) =>
  Effect.forEach(space.listed.filter(({ status }) => status === "in-progress"), session => space.put(session))

interface Listening {
  readonly host: string
  readonly hostNames: ReadonlyArray<string>
}

interface Output {
  readonly json: boolean
  readonly exports: boolean
  readonly statuses: ReadonlyArray<number>
  /** The addresses for other machines; undefined when none can use the sandbox. */
  readonly addresses: ReadonlyArray<string> | undefined
  /** Runs after the lines of `--export`. */
  readonly afterExports: Effect.Effect<void>
}

/** Prints how to use the sandbox, and then each request. */
const print = (space: SandboxSpace.Service, { addresses, afterExports, exports, json, statuses }: Output) =>
  Effect.gen(function*() {
    const caFile = yield* writeCa(space)
    const variables = environment.variables(space, caFile)
    const others = addresses?.map(url => environment.variables({ ...space, url }, caFile))
    const log = exports ? Console.error : Console.log
    if (json) yield* log(introduction.toJson(space, variables))
    else if (exports) yield* Effect.zipRight(Console.log(environment.toExports(variables)), afterExports)
    else yield* Console.log(introduction.toText(space, variables, others, statuses))
    return yield* Stream.runForEach(
      Stream.filter(space.requestChanges, ({ elapsed }) => elapsed !== undefined),
      request => log(json ? JSON.stringify({ type: "request", ...toEntry(request) }) : requestLog.toLine(request))
    )
  })

const exclusiveText = "--export and --json exclude each other"

const exclusive = Effect.zipRight(
  Console.error(exclusiveText),
  Effect.fail(ValidationError.invalidValue(HelpDoc.p(exclusiveText)))
)

/** How other machines reach a sandbox that listens beyond loopback: by its names. */
const addressesOf = (
  { url }: SandboxSpace.Service,
  { host, hostNames }: Listening
): ReadonlyArray<string> | undefined =>
  isLoopback(host) ? undefined : hostNames.map(name => {
    const address = new URL(url)
    address.hostname = inUrl(name)
    return address.origin
  })

const sandbox = (name: string, afterExports: Effect.Effect<void>) =>
  Command.make(name, options, ({ exports, generate, json, respond, scenario, sessions, ...given }) => {
    const contents = Option.getOrElse(sessions, () => Option.isSome(generate) ? {} : recentSeeds(Date.now()))
    const serving = SandboxSpace.SandboxSpace.pipe(
      Effect.tap(countAll),
      Effect.tap(space => space.respondNext(...respond)),
      Effect.flatMap(space =>
        print(space, { json, exports, statuses: respond, afterExports, addresses: addressesOf(space, given) })
      ),
      Effect.scoped,
      Effect.provide(SandboxSpace.layer({
        ...given,
        ...contents,
        generate: Option.getOrUndefined(generate),
        scenario: Option.getOrUndefined(scenario)
      })),
      Effect.tapErrorTag("ListenError", ({ message }) => Console.error(`${name}: ${message}`))
    )
    return Effect.if(exports && json, { onTrue: () => exclusive, onFalse: () => serving })
  }).pipe(Command.withDescription("Serves a SignalWire space with a few room sessions on this machine."))

/** The log of the sandbox itself, such as of a scenario that ends with an error, is not on standard output. */
const logger = (name: string) =>
  Layer.unwrapEffect(Effect.map(Effect.console, console =>
    Logger.replace(
      Logger.defaultLogger,
      Logger.make(({ message }) => console.unsafe.error(`${name}: ${String(message)}`))
    )))

/**
 * @param args the arguments of the process, as in `process.argv`, with the executable and the script first
 * @param afterExports runs after `--export` has written its lines
 * @param name the command as users call it
 */
export const run = (
  args: ReadonlyArray<string>,
  afterExports: Effect.Effect<void> = Effect.void,
  name = "signalwire-sandbox"
) =>
  Command.run(sandbox(name, afterExports), { name, version, executable: name })(args)
    .pipe(
      Effect.tapError(error =>
        ValidationError.isValidationError(error) ? Console.error(`See ${name} --help`) : Effect.void
      ),
      // a defect would end the process without a word
      Effect.tapDefect(cause => Console.error(`${name}: ${Cause.pretty(cause)}`)),
      Effect.provide(Layer.merge(terminal.layer, logger(name)))
    )

/** 0 after an interruption, 2 for an invalid command line or file, 1 when the server cannot listen on the port. */
export const exitCode = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.isSuccess(exit) || Cause.isInterruptedOnly(exit.cause)
    ? 0
    : Option.exists(Cause.failureOption(exit.cause), ValidationError.isValidationError)
    ? 2
    : 1
