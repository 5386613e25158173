/** The terminal, as far as commands need to know it. */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { format, stripVTControlCharacters } from "node:util"
import type { Options } from "./card.ts"
import * as output from "./output.ts"
import { CommandFailed } from "./report.ts"

/** How cards are drawn on standard output. */
export class Display extends Context.Tag("@effect-signalwire/cli/Display")<Display, Options>() {}

const narrowest = 60
const widest = 120

/** What a stream has of these, only terminals have. */
interface Stream {
  readonly columns?: number | undefined
  readonly hasColors?: ((env: object) => boolean) | undefined
}

/** Colours are for terminals that have them, unless NO_COLOR has a value. For Node 20 an empty one would count too. */
export const hasColor = (stream: Stream, { NO_COLOR = "", ...env }: NodeJS.ProcessEnv): boolean =>
  NO_COLOR === "" && stream.hasColors?.(env) === true

/** As wide as the terminal within bounds that read well; as wide as lines get where there is none. */
export const width = (stream: Stream): number => Math.min(widest, Math.max(narrowest, stream.columns ?? widest))

const localZone = (): DateTime.TimeZone =>
  Option.getOrElse(
    DateTime.zoneMakeNamed(new Intl.DateTimeFormat().resolvedOptions().timeZone),
    () => DateTime.zoneMakeOffset(0)
  )

/** The parser's messages and help texts come coloured and with an empty line at their end: both go where they hinder. */
const tidy = (color: boolean) => (text: unknown): unknown =>
  typeof text === "string" ? (color ? text : stripVTControlCharacters(text)).trimEnd() : text

/** A console cannot fail, so a text that cannot be written ends the command as a defect, which is told as a failure. */
const write = (text: string): Effect.Effect<void> =>
  Effect.async(resume =>
    output.write(
      text,
      problem =>
        resume(
          problem === undefined ? Effect.void : Effect.die(new CommandFailed({ lines: output.unwritten(problem) }))
        )
    )
  )

const consoleFor = (stdout: boolean, stderr: boolean): Effect.Effect<Console.Console> =>
  Console.consoleWith(console =>
    Effect.succeed({
      ...console,
      log: (...texts) => write(`${format(...texts.map(tidy(stdout)))}\n`),
      error: (...texts) => console.error(...texts.map(tidy(stderr)))
    })
  )

/** What the process writes to. */
export const layer: Layer.Layer<Display> = Layer.suspend(() => {
  const { env, stderr, stdout } = process
  const color = hasColor(stdout, env)
  return Layer.merge(
    Layer.sync(Display, () => ({ color, timeZone: localZone(), width: width(stdout) })),
    Layer.unwrapEffect(Effect.map(consoleFor(color, hasColor(stderr, env)), Console.setConsole))
  )
})
