/** Standard output and standard error of the process: width, colours, and a console that writes them. */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { format, stripVTControlCharacters } from "node:util"
import { CommandError } from "./CommandError.ts"
import * as output from "./output.ts"
import type { Options } from "./view.ts"

/** How a session is shown on standard output. */
export class ViewOptions extends Context.Tag("@effect-signalwire/cli/ViewOptions")<ViewOptions, Options>() {}

/** Bounds of columns within which the view reads well. */
const minWidth = 60
const maxWidth = 120

/** Only a terminal has these. */
interface Stream {
  readonly columns?: number | undefined
  readonly hasColors?: ((env: object) => boolean) | undefined
}

/** A terminal with colours, and no value in NO_COLOR. Node 20 would take an empty NO_COLOR for one that is set. */
export const hasColor = (stream: Stream, { NO_COLOR = "", ...env }: NodeJS.ProcessEnv): boolean =>
  NO_COLOR === "" && stream.hasColors?.(env) === true

/** The columns of the terminal within the bounds; the upper bound where there is no terminal. */
export const width = (stream: Stream): number => Math.min(maxWidth, Math.max(minWidth, stream.columns ?? maxWidth))

const localZone = (): DateTime.TimeZone =>
  Option.getOrElse(
    DateTime.zoneMakeNamed(new Intl.DateTimeFormat().resolvedOptions().timeZone),
    () => DateTime.zoneMakeOffset(0)
  )

/** The parser's texts have colours for every output, and an empty line at their end. */
const tidy = (color: boolean) => (text: unknown): unknown =>
  typeof text === "string" ? (color ? text : stripVTControlCharacters(text)).trimEnd() : text

/** A console has no errors, so a text that cannot be written is a defect, of which `run.ts` prints the lines. */
const write = (text: string): Effect.Effect<void> =>
  Effect.async(resume =>
    output.write(
      text,
      code =>
        resume(
          code === undefined ? Effect.void : Effect.die(new CommandError({ lines: output.notWritten(code) }))
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

export const layer: Layer.Layer<ViewOptions> = Layer.suspend(() => {
  const { env, stderr, stdout } = process
  const color = hasColor(stdout, env)
  return Layer.merge(
    Layer.sync(ViewOptions, () => ({ color, timeZone: localZone(), width: width(stdout) })),
    Layer.unwrapEffect(Effect.map(consoleFor(color, hasColor(stderr, env)), Console.setConsole))
  )
})
