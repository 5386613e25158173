/** What all calls of one client share. */
import type * as Effect from "effect/Effect"
import type { Complete } from "../../RequestPolicy.ts"
import type { Decoder } from "../response/decode.ts"
import type { OnDrift } from "../response/drift.ts"
import type { ContainsSecret } from "../secrets.ts"
import type { Run } from "./attempt.ts"
import type { Tokens } from "./retryBudget.ts"

export interface Client {
  readonly origin: string
  readonly pathPrefix: string
  /** Of every request, `authorization` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly containsSecret: ContainsSecret
  readonly run: Run
  /** Settles when the transport's layer is closed. */
  readonly transportClosed: Effect.Effect<void>
  readonly policy: Complete
  readonly tokens: Tokens
  readonly propagatesTraces: boolean
  readonly decoder: Decoder
  readonly isLenient: boolean
  /** Whether a success about something else than what was asked for is accepted. */
  readonly ignoresEcho: boolean
  readonly onDrift: OnDrift | undefined
}
