import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Layer from "effect/Layer"
import type { Subject } from "./Check.ts"

/** Core over the runtime's fetch. */
export const overFetch: Subject = options =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layer(options)),
    Layer.provide(FetchHttpClient.layer)
  )
