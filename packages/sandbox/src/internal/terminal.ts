/** The console of the command. The parser's texts have colours for every output, and an empty line at their end. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { stripVTControlCharacters } from "node:util"

/** Node 20 would take an empty NO_COLOR for one that is set. */
const hasColor = (stream: NodeJS.WriteStream): boolean => {
  const { NO_COLOR = "", ...env } = process.env
  return NO_COLOR === "" && stream.isTTY && stream.hasColors(env)
}

const tidy = (stream: NodeJS.WriteStream) => (text: unknown): unknown =>
  typeof text === "string" ? (hasColor(stream) ? text : stripVTControlCharacters(text)).trimEnd() : text

/** Colours only on a terminal that has them, and no empty line at the end. */
export const layer: Layer.Layer<never> = Layer.fresh(Layer.unwrapEffect(
  Console.consoleWith(console =>
    Effect.succeed(Console.setConsole({
      ...console,
      log: (...texts) => console.log(...texts.map(tidy(process.stdout))),
      error: (...texts) => console.error(...texts.map(tidy(process.stderr)))
    }))
  )
))
