/** The real client, with valid options, over a transport of a test. */
import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { Effect, Layer, Redacted } from "effect"
import { sessionId } from "./sessions.ts"
import type { Base } from "./transports.ts"

export const credentials = {
  space: "acme",
  projectId: "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b",
  apiToken: Redacted.make("PTtopsecret")
}

/** Times that no machine exceeds, for tests on the live clock. */
export const patient = { attemptTimeout: "5 minutes", deadline: "10 minutes" } as const

type Options = Partial<SignalWireClient.Options>

const clientOver = (base: Base, options: SignalWireClient.Options) =>
  "transport" in base
    ? Layer.provide(SignalWireClient.layerTransport(options), base.transport)
    : Layer.provide(SignalWireClient.layer(options), base.layer)

/** The service and its client. */
export const sessions = (base: Base, options: Options = {}) =>
  Layer.provideMerge(RoomSessions.layer, Layer.orDie(clientOver(base, { ...credentials, ...options })))

export const get = (id: string = sessionId) => Effect.flatMap(RoomSessions.RoomSessions, service => service.get(id))

/** One call of a new client. */
export const getOver = (base: Base, options: Options = {}, id: string = sessionId) =>
  Effect.provide(get(id), sessions(base, options))
