import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { NodeRuntime } from "@effect/platform-node"
import { Cause, Console, Effect, Exit, Schedule } from "effect"

const poll = Effect.gen(function*() {
  const sessions = yield* RoomSessions.RoomSessions
  const session = yield* sessions.get("3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13")
  yield* Console.log(session.status)
}).pipe(Effect.repeat(Schedule.spaced("10 seconds")))

poll.pipe(
  Effect.provide(NodeSignalWire.layerConfig()),
  NodeRuntime.runMain({
    // shells expect 130 after Ctrl-C; the default is 0
    teardown: (exit, onExit) => {
      if (Exit.isSuccess(exit)) onExit(0)
      else onExit(Cause.isInterruptedOnly(exit.cause) ? 130 : 1)
    }
  })
)
