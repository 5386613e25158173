import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Context, Layer } from "effect"

/** The room sessions of each space have a tag of their own. */
export class EuropeSessions extends Context.Tag("EuropeSessions")<EuropeSessions, RoomSessions.Service>() {
  /** Reads `EU_SIGNALWIRE_SPACE`, `EU_SIGNALWIRE_PROJECT_ID` and `EU_SIGNALWIRE_API_TOKEN`. */
  static readonly layer = Layer.effect(this, RoomSessions.RoomSessions).pipe(
    Layer.provide(NodeSignalWire.layerConfig({ prefix: "EU" }))
  )
}

export class AmericaSessions extends Context.Tag("AmericaSessions")<AmericaSessions, RoomSessions.Service>() {
  static readonly layer = Layer.effect(this, RoomSessions.RoomSessions).pipe(
    Layer.provide(NodeSignalWire.layerConfig({ prefix: "US" }))
  )
}

/** Each space has a client, connections and a retry budget of its own. */
export const spaces = Layer.merge(EuropeSessions.layer, AmericaSessions.layer)
