import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { ConfigProvider, Context, Layer } from "effect"

/** The room sessions of each space, under a tag of its own. */
export class EuropeSessions extends Context.Tag("EuropeSessions")<EuropeSessions, RoomSessions.Service>() {}
export class AmericaSessions extends Context.Tag("AmericaSessions")<AmericaSessions, RoomSessions.Service>() {}

/** A space whose variables have a prefix: `EU_SIGNALWIRE_SPACE` and so on. */
const space = (prefix: string) =>
  NodeSignalWire.layerConfig().pipe(
    Layer.provide(Layer.setConfigProvider(ConfigProvider.nested(ConfigProvider.fromEnv(), prefix)))
  )

/** Each has a client, connections and a retry budget of its own. */
export const spaces = Layer.merge(
  Layer.effect(EuropeSessions, RoomSessions.RoomSessions).pipe(Layer.provide(space("EU"))),
  Layer.effect(AmericaSessions, RoomSessions.RoomSessions).pipe(Layer.provide(space("US")))
)
