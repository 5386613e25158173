import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { HttpServer } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import { router } from "./router.ts"
import { server } from "./server.ts"

const service = router.pipe(
  HttpServer.serve(),
  HttpServer.withLogAddress,
  Layer.provide(server),
  Layer.provide(NodeSignalWire.layerConfig())
)

NodeRuntime.runMain(Layer.launch(service))
