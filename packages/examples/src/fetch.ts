import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient } from "@effect/platform"
import { Layer } from "effect"

/** Runs in every runtime with `fetch`. It is a function, since a constant layer would be built once, even for two configurations. */
export const overFetch = () =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layerConfig()),
    Layer.provide(FetchHttpClient.layer)
  )
