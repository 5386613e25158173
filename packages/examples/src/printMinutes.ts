import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { minutesOf } from "./minutes.ts"

const program = Effect.gen(function*() {
  const minutes = yield* minutesOf("3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13")
  yield* Console.log(minutes === null ? "No completed session" : `${minutes} min`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(NodeSignalWire.layerConfig())))
