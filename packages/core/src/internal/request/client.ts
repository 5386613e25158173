/** What all calls of one client share. */
import type { RequestPolicy } from "../../RequestPolicy.ts"
import type { Service as Transport } from "../../Transport.ts"
import type { Decoder } from "../response/decode.ts"
import type { OnDrift } from "../response/drift.ts"
import type { ContainsSecret } from "../secrets.ts"
import type { Tokens } from "./retryBudget.ts"

export interface Client {
  readonly origin: string
  readonly pathPrefix: string
  /** Of every request, `authorization` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly containsSecret: ContainsSecret
  readonly transport: Transport
  /** Changes to that of each endpoint. */
  readonly policy: RequestPolicy
  readonly tokens: Tokens
  readonly propagatesTraces: boolean
  readonly decoder: Decoder
  readonly isLenient: boolean
  /** Whether a success about something else than what was asked for is accepted. */
  readonly ignoresEcho: boolean
  readonly onDrift: OnDrift | undefined
}
