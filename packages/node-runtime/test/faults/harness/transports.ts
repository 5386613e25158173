/** The service over each of the transports. */
import { type RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, type HttpClient } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { Layer, Struct } from "effect"
import type { TransportName } from "./matrix/fault.ts"

export const all: ReadonlyArray<TransportName> = ["undici", "node:http", "fetch"]

/** The timeouts of a test. */
export interface Scale {
  /** What is left out is the default. */
  readonly policy: RequestPolicy.Options
  /** By when a call must settle, in milliseconds on an idle machine. */
  readonly boundMillis: number
}

const retrying = { maxRetries: 2, baseDelay: "100 millis", maxDelay: "1 second" } as const

/** For faults that are not about time, which are nearly all: no machine is so slow that such an attempt times out. */
export const patient: Scale = {
  policy: { ...retrying, attemptTimeout: "30 seconds", deadline: "1 minute" },
  boundMillis: 60_000
}

export const attemptMillis = 500

/**
 * For the few faults that only show by a timeout. The deadline is far away, so that it does not end the last attempt on a
 * machine that is late; the bound is what three attempts and the delays between them may take.
 */
export const timed: Scale = {
  policy: { ...retrying, attemptTimeout: attemptMillis, deadline: "20 seconds" },
  boundMillis: 3 * attemptMillis + 300
}

/** The options of the transport are those of undici alone. */
const withoutTransport = (options: NodeSignalWire.Options) => Struct.omit(options, "ca", "proxy")

const over = (client: Layer.Layer<HttpClient.HttpClient>) => (options: NodeSignalWire.Options) =>
  RoomSessions.layer.pipe(
    Layer.provideMerge(SignalWireClient.layer(withoutTransport(options))),
    Layer.provide(client)
  )

export const layers = {
  undici: NodeSignalWire.layer,
  "node:http": over(NodeHttpClient.layer),
  fetch: over(FetchHttpClient.layer)
} satisfies Record<TransportName, unknown>
