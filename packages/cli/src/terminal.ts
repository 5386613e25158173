/** Standard output and standard error of the process: width, colors, and a console that writes to them. */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { format, stripVTControlCharacters } from "node:util"
import { CommandError } from "./CommandError.ts"
import { exitCodes } from "./exitCodes.ts"
import * as output from "./output.ts"
import type * as table from "./table.ts"
import type * as view from "./view.ts"
import { wrapText } from "./wrap.ts"

/** The options with which standard output shows sessions and lists. */
export class ViewOptions
  extends Context.Tag("@effect-signalwire/cli/ViewOptions")<ViewOptions, view.Options & table.Options>()
{}

/** The streams of the process. */
export class Streams extends Context.Tag("@effect-signalwire/cli/Streams")<Streams, {
  /** Writes to standard output, unchanged. */
  readonly write: (bytes: Uint8Array) => Effect.Effect<void>
  readonly isOutputTerminal: boolean
  /** The size of standard output, where it is a terminal. */
  readonly outputSize: () => { readonly columns: number; readonly rows: number }
  readonly isErrorTerminal: boolean
  /** The columns of standard error; infinite where it is not a terminal. */
  readonly errorWidth: () => number
  readonly errorColor: boolean
}>() {}

/** The limits of the width of the view, in columns. Below 40 columns an id does not fit, and is broken by the terminal. */
const minWidth = 20
const maxWidth = 120

/** The least width of a table, in columns. */
const minTableWidth = 20

/** The parts of a stream that only a terminal has. */
interface Stream {
  readonly columns?: number | undefined
  readonly hasColors?: ((env: object) => boolean) | undefined
}

/**
 * Whether a stream is a terminal with colors; FORCE_COLOR forces colors on any stream, and NO_COLOR takes precedence over it. Node 20
 * treats an empty NO_COLOR as set.
 */
export const hasColor = (stream: Stream, { FORCE_COLOR, NO_COLOR = "", ...env }: NodeJS.ProcessEnv): boolean => {
  if (NO_COLOR !== "") return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false"
  return stream.hasColors?.(env) === true
}

/** The columns of the terminal within the limits; the upper limit where the stream is not a terminal. */
export const width = (stream: Stream): number => Math.min(maxWidth, Math.max(minWidth, stream.columns ?? maxWidth))

/** The columns of the terminal for a table; infinite where the stream is not a terminal, so that no text is shortened. */
export const tableWidth = (stream: Stream): number => Math.max(minTableWidth, stream.columns ?? Infinity)

/** Prints a text to standard error, within the width of the terminal. */
export const notice = (text: string): Effect.Effect<void, never, Streams> =>
  Effect.flatMap(Streams, ({ errorWidth }) => Console.error(wrapText(text, errorWidth())))

const localZone = (): DateTime.TimeZone =>
  Option.getOrElse(
    DateTime.zoneMakeNamed(new Intl.DateTimeFormat().resolvedOptions().timeZone),
    () => DateTime.zoneMakeOffset(0)
  )

/** Removes colors on a stream without colors, and the empty line at the end: the texts of the parser always have both. */
const tidy = (color: boolean) => (text: unknown): unknown =>
  typeof text === "string" ? (color ? text : stripVTControlCharacters(text)).trimEnd() : text

const defectOf = (code: string) =>
  code === output.closed ? new output.OutputClosed() : new CommandError({
    exitCode: exitCodes.other,
    details: { tag: "OutputError" },
    lines: output.linesOfWriteError(code)
  })

/** A console cannot fail, so a text that cannot be written is a defect, which `run.ts` handles. */
const write = (text: string | Uint8Array): Effect.Effect<void> =>
  Effect.async(resume =>
    output.write(text, code => resume(code === undefined ? Effect.void : Effect.die(defectOf(code))))
  )

const consoleFor = (stdout: boolean, stderr: boolean): Effect.Effect<Console.Console> =>
  Console.consoleWith(console =>
    Effect.succeed({
      ...console,
      log: (...texts) => write(`${format(...texts.map(tidy(stdout)))}\n`),
      error: (...texts) => console.error(...texts.map(tidy(stderr)))
    })
  )

export const layer: Layer.Layer<ViewOptions | Streams> = Layer.suspend(() => {
  const { env, stderr, stdout } = process
  const color = hasColor(stdout, env)
  const errorColor = hasColor(stderr, env)
  return Layer.mergeAll(
    Layer.sync(
      ViewOptions,
      () => ({ color, timeZone: localZone(), width: width(stdout), tableWidth: tableWidth(stdout) })
    ),
    Layer.succeed(Streams, {
      write,
      isOutputTerminal: stdout.isTTY,
      outputSize: () => ({ columns: Math.max(minTableWidth, stdout.columns), rows: stdout.rows }),
      isErrorTerminal: stderr.isTTY,
      errorWidth: () => tableWidth(stderr),
      errorColor
    }),
    Layer.unwrapEffect(Effect.map(consoleFor(color, errorColor), Console.setConsole))
  )
})
