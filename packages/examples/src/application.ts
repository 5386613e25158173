import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"

const program = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  const session = yield* sessions.get("3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13")
  yield* Console.log(`${session.display_name ?? session.id} is ${session.status}`)
}).pipe(
  Effect.catchTag("SignalWireNotFound", () => Console.log("There is no such session"))
)

NodeRuntime.runMain(program.pipe(Effect.provide(NodeSignalWire.layerConfig())))
