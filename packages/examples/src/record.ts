import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as Recording from "@effect-signalwire/core/testing/recording"
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { Effect, Layer } from "effect"

/** Room sessions with a recording: when the layer is closed, a file has each request and response. */
export const recordedTo = (file: string) =>
  RoomSessions.layer.pipe(
    Layer.provide(SignalWireClient.layerConfig()),
    Layer.provide(
      Recording.layerRecord(json => Effect.flatMap(FileSystem.FileSystem, fs => fs.writeFileString(file, json)))
    ),
    Layer.provide(FetchHttpClient.layer)
  )
