/** The terminal of the command, whose parser colours its texts for every output and ends them with an empty line. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { stripVTControlCharacters } from "node:util"

/** For Node 20 an empty NO_COLOR would count too. */
const hasColor = (stream: NodeJS.WriteStream): boolean => {
  const { NO_COLOR = "", ...env } = process.env
  return NO_COLOR === "" && stream.isTTY && stream.hasColors(env)
}

const tidy = (stream: NodeJS.WriteStream) => (text: unknown): unknown =>
  typeof text === "string" ? (hasColor(stream) ? text : stripVTControlCharacters(text)).trimEnd() : text

/** Colours are for terminals that have them, and nothing ends with an empty line. */
export const layer: Layer.Layer<never> = Layer.fresh(Layer.unwrapEffect(
  Console.consoleWith(console =>
    Effect.succeed(Console.setConsole({
      ...console,
      log: (...texts) => console.log(...texts.map(tidy(process.stdout))),
      error: (...texts) => console.error(...texts.map(tidy(process.stderr)))
    }))
  )
))
