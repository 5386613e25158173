/** What a command prints that is interrupted while it writes a file. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { CommandError } from "./CommandError.ts"
import { exitCodes } from "./exitCodes.ts"
import * as json from "./json.ts"
import { notice, type Streams } from "./terminal.ts"

/** @param lines what was written, and how to continue; none where nothing was written */
export const print = (
  lines: ReadonlyArray<string>,
  { asJson, quiet }: { readonly asJson: boolean; readonly quiet: boolean }
): Effect.Effect<void, never, Streams> => {
  if (asJson) {
    const error = new CommandError({
      exitCode: exitCodes.interrupted,
      details: { tag: "Interrupted" },
      lines: [lines.length === 0 ? "interrupted: nothing was written." : "interrupted.", ...lines]
    })
    return Console.error(json.encodeError(error))
  }
  return quiet ? Effect.void : notice(`Interrupted: ${lines.length === 0 ? "nothing was written." : lines.join("\n")}`)
}
