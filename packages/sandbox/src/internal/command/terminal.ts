/** The console of the command. The texts of the parser always have colors, and an empty line at the end. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { stripVTControlCharacters } from "node:util"

/** Node 20 treats an empty NO_COLOR as set. */
const hasColor = (stream: NodeJS.WriteStream): boolean => {
  const { NO_COLOR = "", ...env } = process.env
  return NO_COLOR === "" && stream.isTTY && stream.hasColors(env)
}

const tidy = (stream: NodeJS.WriteStream) => (text: unknown): unknown =>
  typeof text === "string" ? (hasColor(stream) ? text : stripVTControlCharacters(text)).trimEnd() : text

/** Removes colors on a terminal without colors, and the empty line at the end. */
export const layer: Layer.Layer<never> = Layer.fresh(Layer.unwrapEffect(
  Console.consoleWith(console =>
    Effect.succeed(Console.setConsole({
      ...console,
      log: (...texts) => console.log(...texts.map(tidy(process.stdout))),
      error: (...texts) => console.error(...texts.map(tidy(process.stderr)))
    }))
  )
))
