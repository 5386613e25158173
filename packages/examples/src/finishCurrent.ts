import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Schedule } from "effect"

/** What has begun is finished after a signal. The deadline limits how long that takes. */
const iteration = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  const session = yield* sessions.get("3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13")
  yield* Console.log(session.status)
}).pipe(
  RequestPolicy.with({ deadline: "5 seconds" }),
  Effect.uninterruptible
)

iteration.pipe(
  Effect.repeat(Schedule.spaced("10 seconds")),
  Effect.provide(NodeSignalWire.layerConfig()),
  NodeRuntime.runMain
)
