import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient } from "@effect/platform"
import { Layer } from "effect"

/** Runs wherever there is `fetch`. A function: a constant would be built once, also for two configurations. */
export const overFetch = () =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layerConfig()),
    Layer.provide(FetchHttpClient.layer)
  )
