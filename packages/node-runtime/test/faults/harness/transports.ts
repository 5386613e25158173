/** The service over each of the transports. */
import { type RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, type HttpClient } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { Layer } from "effect"
import type { Transport } from "./matrix.ts"

export const all: ReadonlyArray<Transport> = ["undici", "node:http", "fetch"]

/** The scale of the tests; everything that is not here is the default. */
export const scale = {
  attemptTimeout: "500 millis",
  deadline: "2 seconds",
  retries: 2,
  backoffBase: "100 millis",
  backoffMax: "1 second"
} as const satisfies RequestPolicy.Options

export const deadlineMillis = 2000

const over = (client: Layer.Layer<HttpClient.HttpClient>) => (options: NodeSignalWire.Options) =>
  RoomSessions.layer.pipe(Layer.provideMerge(SignalWireClient.layer(options)), Layer.provide(client))

export const layers = {
  undici: NodeSignalWire.layer,
  "node:http": over(NodeHttpClient.layer),
  fetch: over(FetchHttpClient.layer)
} satisfies Record<Transport, unknown>
