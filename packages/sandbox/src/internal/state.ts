/** The state of one sandbox. */
import type { Socket } from "node:net"
import type { Faults } from "./faults.ts"
import type { Journal } from "./journal.ts"
import type { ScriptedResponse } from "./script.ts"
import type { Space } from "./space.ts"

export interface State {
  /** The address without a path. */
  readonly url: string
  readonly space: Space
  /** The time of the `Clock` with which the layer was built, in milliseconds. */
  readonly now: () => number
  readonly isAuthorized: (header: string | undefined) => boolean
  readonly journal: Journal
  /** The responses to the next requests; each request removes the first. */
  readonly script: Array<ScriptedResponse>
  readonly faults: Faults
  /** Whether a request may ask for its response by the header `Prefer`. */
  readonly prefer: boolean
  /** Resets the connection of a request. */
  readonly reset: (socket: Socket) => void
}
