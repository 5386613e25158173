import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpApiBuilder, HttpServer } from "@effect/platform"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { createServer } from "node:http"
import { Api, Rooms } from "./HttpApiErrors.ts"

const server = Layer.unwrapEffect(
  Effect.map(
    Config.withDefault(Config.integer("PORT"), 3000),
    port => NodeHttpServer.layer(createServer, { port, host: "127.0.0.1" })
  )
)

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
