/** The state that all calls of one client share. */
import type { RequestPolicy } from "../../RequestPolicy.ts"
import type { Service as Transport } from "../../Transport.ts"
import type { Decoder } from "../response/decode.ts"
import type { OnDrift } from "../response/drift.ts"
import type { ContainsSecret } from "../secrets.ts"
import type { Lifecycle } from "./lifecycle.ts"
import type { Server } from "./metrics.ts"
import type { RateLimiter } from "./rateLimiter.ts"
import type { TokenBucket } from "./retryBudget.ts"
import type { Http } from "./transform.ts"

export interface Client {
  readonly origin: string
  readonly server: Server
  readonly pathPrefix: string
  /** The headers of every request, including `authorization`. They are frozen: a transport that writes to them fails. */
  readonly headers: Readonly<Record<string, string>>
  readonly containsSecret: ContainsSecret
  readonly transport: Transport
  /** The `HttpClient` over the transport, for transforms. */
  readonly http: Http
  readonly lifecycle: Lifecycle
  /** The changes of the layer to the policy of each endpoint. */
  readonly policy: RequestPolicy
  readonly retryTokens: TokenBucket
  readonly hasMetrics: boolean
  /** Undefined without `rateLimit`. */
  readonly rateLimiter: RateLimiter | undefined
  readonly propagatesTraces: boolean
  readonly decoder: Decoder
  readonly isLenient: boolean
  /** Whether a success with another id than the requested one is accepted. */
  readonly ignoresEcho: boolean
  readonly onDrift: OnDrift | undefined
}
