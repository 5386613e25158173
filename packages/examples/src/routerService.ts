import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpServer } from "@effect/platform"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { createServer } from "node:http"
import { router } from "./router.ts"

const server = Layer.unwrapEffect(
  Effect.map(
    Config.withDefault(Config.integer("PORT"), 3000),
    port => NodeHttpServer.layer(createServer, { port, host: "127.0.0.1" })
  )
)

const service = router.pipe(
  HttpServer.serve(),
  HttpServer.withLogAddress,
  Layer.provide(server),
  Layer.provide(NodeSignalWire.layerConfig())
)

NodeRuntime.runMain(Layer.launch(service))
