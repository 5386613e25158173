/** One call of a client over one of the transports, held to the invariant. */
import { type RequestPolicy, type RoomSession, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import type { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as invariant from "./invariant.ts"
import * as lag from "./lag.ts"
import type { TransportName } from "./matrix/fault.ts"
import * as secrets from "./secrets.ts"
import { sessionId } from "./session.ts"
import * as transports from "./transports.ts"

/** The server of a call: a raw server, or any other that counts its requests. */
export interface Target {
  readonly baseUrl: string
  readonly requests: ReadonlyArray<unknown>
  /** Connections that are open now, where that is known. */
  readonly open?: (() => number) | undefined
}

export interface CallOptions {
  /** Default `transports.patient`; a test that is about time takes `transports.timed`. */
  readonly scale?: transports.Scale
  /** What differs from the policy of the scale. */
  readonly policy?: RequestPolicy.Options
  /** By when the call must settle, before the grace and the lag of the event loop; default the bound of the scale. */
  readonly boundMillis?: number
  /** The credentials, default `secrets.nasty`. */
  readonly secrets?: secrets.Secrets
  /** Further options of the client. */
  readonly client?: Partial<NodeSignalWire.Options>
  /** How many connections may stay open when the layer is closed; default none, and three over fetch. */
  readonly mayStayOpen?: number
  /** What is done with the service; default one `get`. */
  readonly use?: (
    service: RoomSessions.Service,
    id: string
  ) => Effect.Effect<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>
}

/**
 * fetch keeps idle connections in a pool of the process, which no layer can close: up to one for each attempt, since it
 * opens another in place of one that it aborts.
 */
const mayStayOpen: Readonly<Record<TransportName, number>> = { undici: 0, "node:http": 0, fetch: 3 }

/** The client's layer over a transport, against a target. */
export const clientOf = (transport: TransportName, target: Pick<Target, "baseUrl">, options: CallOptions = {}) => {
  const { apiToken, projectId } = options.secrets ?? secrets.nasty
  return transports.layers[transport]({
    projectId,
    apiToken,
    baseUrl: target.baseUrl,
    policy: { ...(options.scale ?? transports.patient).policy, ...options.policy },
    ...options.client
  })
}

/** Gets the session that the scripts respond with. */
export const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

/** A call of a client of its own; its connections are closed with the layer. */
export const call = (
  transport: TransportName,
  target: Target,
  options: CallOptions = {}
): Effect.Effect<invariant.CallResult> =>
  Effect.gen(function*() {
    const client = clientOf(transport, target, options).pipe(Layer.orDie)
    const result = yield* Effect.flatMap(RoomSessions.RoomSessions, service =>
      invariant.observe(
        options.use?.(service, sessionId) ?? service.get(sessionId),
        options.secrets ?? secrets.nasty,
        options.boundMillis ?? (options.scale ?? transports.patient).boundMillis
      )).pipe(Effect.provide(client))
    const isClosed = () => (target.open?.() ?? 0) <= (options.mayStayOpen ?? mayStayOpen[transport])
    assert.isTrue(yield* lag.becomes(isClosed, 1000), `connections are closed with the layer, over ${transport}`)
    return result
  })
