/** The alternate screen of a terminal (xterm's mode 1049): what was on the terminal before, and its history, stay as they were. */
import * as Effect from "effect/Effect"

/** Without automatic line breaks (DECAWM), which would move the lines below a line that is too long. */
const enter = "\u001b[?1049h\u001b[?7l"
const leave = "\u001b[?7h\u001b[?1049l"
const home = "\u001b[H"
const clearLine = "\u001b[K"
const clearBelow = "\u001b[J"

/** A screen that is drawn in place. */
export interface AlternateScreen {
  /**
   * Replaces the text. Lines that the terminal has no space for are left out.
   *
   * @param isLast whether it is printed on the terminal, if it is the last one
   */
  readonly draw: (text: string, isLast: boolean) => void
}

/**
 * Opens the alternate screen while the scope is open. When it is closed, the last text is printed on the terminal. While the process is
 * suspended (Ctrl-Z), the terminal is as it was before.
 *
 * @param redraw is called when the size of the terminal has changed, and when the process is continued
 */
export const open = (stream: NodeJS.WriteStream, redraw: () => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const state = { last: "", isOpen: true }
        const onSuspend = (): void => {
          // a timer can draw before `onContinue` is called
          state.isOpen = false
          stream.write(leave, () => process.kill(process.pid, "SIGSTOP"))
        }
        const onContinue = (): void => {
          state.isOpen = true
          stream.write(enter)
          redraw()
        }
        stream.write(enter)
        stream.on("resize", redraw)
        process.on("SIGTSTP", onSuspend)
        process.on("SIGCONT", onContinue)
        return { state, onSuspend, onContinue }
      }),
      ({ onContinue, onSuspend, state }) =>
        Effect.sync(() => {
          state.isOpen = false
          stream.off("resize", redraw)
          process.off("SIGTSTP", onSuspend)
          process.off("SIGCONT", onContinue)
          stream.write(state.last === "" ? leave : `${leave}${state.last}\n`)
        })
    ),
    ({ state }): AlternateScreen => ({
      draw: (text, isLast) => {
        if (!state.isOpen) return
        state.last = isLast ? text : ""
        const lines = text.split("\n").slice(0, stream.rows)
        // lines are overwritten and not cleared before, so that nothing flickers
        stream.write(`${home}${lines.map(line => line + clearLine).join("\n")}${clearBelow}`)
      }
    })
  )
