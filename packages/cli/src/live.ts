/** Lines of a terminal that are updated in place. It is loaded by what needs it, since other commands start faster without it. */
import { createLogUpdate } from "log-update"

export interface Live {
  /** Replaces the lines. */
  readonly update: (text: string) => void
  /** Removes the lines. */
  readonly clear: () => void
}

export const makeLive = (stream: NodeJS.WriteStream): Live => {
  const render = createLogUpdate(stream, { showCursor: true })
  return { update: text => render(text), clear: () => render.clear() }
}
