import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"

const program = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  const session = yield* sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-000000000001")
  yield* Console.log(`${session.display_name} is ${session.status}`)
}).pipe(
  Effect.catchTag("NotFound", () => Console.log("There is no such session"))
)

NodeRuntime.runMain(program.pipe(Effect.provide(NodeSignalWire.layerConfig())))
