/** The state of one sandbox. */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Socket } from "node:net"
import type { Faults } from "../faults/faults.ts"
import type { ScriptedResponse } from "../faults/script.ts"
import type { Decoded as Scenario } from "../scenario/scenario.ts"
import type { Space } from "../space/space.ts"
import type { Journal } from "./journal.ts"

export interface Control {
  readonly token: Redacted.Redacted
  /** Whether reading needs the token too, as changes do: other machines can reach the sandbox. */
  readonly isPrivate: boolean
  /** The names by which the sandbox is addressed, besides localhost. */
  readonly hosts: ReadonlyArray<string>
}

export interface State {
  /** The address without a path. */
  readonly url: string
  /** The user and the password of Basic authentication. */
  readonly projectId: string
  readonly apiToken: Redacted.Redacted
  /** The certificate in PEM; undefined without TLS. */
  readonly ca: string | undefined
  readonly space: Space
  /** The time of the `Clock` with which the layer was built, in milliseconds. */
  readonly now: () => number
  readonly isAuthorized: (header: string | undefined) => boolean
  readonly journal: Journal
  /** The responses to the next requests; each request removes the first. */
  readonly script: Array<ScriptedResponse>
  readonly faults: Faults
  /** The scenario that is played. */
  readonly scenario: {
    /** Plays a scenario instead of the current one. */
    readonly start: (scenario: Scenario) => Effect.Effect<void>
    readonly stop: Effect.Effect<void>
  }
  /** Whether a request may ask for its response by the header `Prefer`. */
  readonly prefer: boolean
  /** The control endpoint; undefined when it is off. */
  readonly control: Control | undefined
  /** Resets the connection of a request. */
  readonly reset: (socket: Socket) => void
}
