import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Config, Context, Layer } from "effect"

/** The room sessions of each space have a tag of their own. */
export class EuropeSessions extends Context.Tag("EuropeSessions")<EuropeSessions, RoomSessions.Service>() {}
export class AmericaSessions extends Context.Tag("AmericaSessions")<AmericaSessions, RoomSessions.Service>() {}

/** Each space has variables of its own, such as `EU_SPACE`. */
const space = (prefix: string) =>
  NodeSignalWire.layerConfig({
    space: Config.string(`${prefix}_SPACE`),
    projectId: Config.string(`${prefix}_PROJECT_ID`),
    apiToken: Config.redacted(`${prefix}_API_TOKEN`)
  })

/** Each space has a client, connections and a retry budget of its own. */
export const spaces = Layer.merge(
  Layer.effect(EuropeSessions, RoomSessions.RoomSessions).pipe(Layer.provide(space("EU"))),
  Layer.effect(AmericaSessions, RoomSessions.RoomSessions).pipe(Layer.provide(space("US")))
)
