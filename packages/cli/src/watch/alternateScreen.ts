/** The alternate screen of a terminal (xterm's mode 1049): what was on the terminal before, and its history, stay as they were. */
import * as Effect from "effect/Effect"

const enter = "\u001b[?1049h"
const leave = "\u001b[?1049l"
const home = "\u001b[H"
const clearLine = "\u001b[K"
const clearBelow = "\u001b[J"

/** A screen that is drawn in place. */
export interface AlternateScreen {
  /** Replaces the text. Lines that the terminal has no space for are left out. */
  readonly draw: (text: string) => void
}

/**
 * Opens the alternate screen while the scope is open. When it is closed, the last text is printed on the terminal.
 *
 * @param onResize is called when the size of the terminal has changed
 */
export const open = (stream: NodeJS.WriteStream, onResize: () => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        stream.write(enter)
        stream.on("resize", onResize)
        return { last: "" }
      }),
      ({ last }) =>
        Effect.sync(() => {
          stream.off("resize", onResize)
          stream.write(last === "" ? leave : `${leave}${last}\n`)
        })
    ),
    (state): AlternateScreen => ({
      draw: text => {
        state.last = text
        const lines = text.split("\n").slice(0, stream.rows)
        // lines are overwritten and not cleared before, so that nothing flickers
        stream.write(`${home}${lines.map(line => line + clearLine).join("\n")}${clearBelow}`)
      }
    })
  )
