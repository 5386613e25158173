import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpApiBuilder, HttpServer } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import { Api, Rooms } from "./HttpApiErrors.ts"
import { server } from "./server.ts"

const service = HttpApiBuilder.serve().pipe(
  HttpServer.withLogAddress,
  Layer.provide(HttpApiBuilder.api(Api)),
  Layer.provide(Rooms),
  // on a signal, the server accepts no more requests, and ends after its last response
  Layer.provide(server),
  // then the client
  Layer.provide(NodeSignalWire.layerConfig())
)

NodeRuntime.runMain(Layer.launch(service))
