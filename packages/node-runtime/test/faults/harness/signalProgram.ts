/** A program under `NodeRuntime.runMain`, to which a test sends a signal. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
// the whole of platform-node takes half a second more to load
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Effect, Exit, Schedule } from "effect"
import { writeSync } from "node:fs"
import * as lag from "./lag.ts"
import { nasty } from "./secrets.ts"

const [baseUrl = "", mode = "", sessionId = ""] = process.argv.slice(2)

const get = Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId))

const programs: Readonly<Record<string, Effect.Effect<unknown, unknown, RoomSessions.RoomSessions>>> = {
  "a call": get,
  "a call with a grace": get,
  "an uninterruptible call with a grace": Effect.uninterruptible(get),
  "polling": Effect.repeat(get, Schedule.spaced("1 hour")),
  "40 calls": Effect.all(Array.from({ length: 40 }, () => get), { concurrency: "unbounded" })
}

/** Writes the time from the signal to the exit, to a pipe of the test. */
const measure = () => {
  const meter = lag.start()
  process.once("exit", () => writeSync(3, JSON.stringify(meter.read())))
}
process.once("SIGINT", measure)
process.once("SIGTERM", measure)

const { apiToken, projectId } = nasty
const policy = mode.endsWith("with a grace") ? { shutdownGrace: "1 minute" } as const : {}

Effect.zipRight(Effect.sync(() => process.stdout.write("running\n")), programs[mode] ?? Effect.die("no such mode"))
  .pipe(
    Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken, policy })),
    NodeRuntime.runMain({
      // the default teardown exits with 0 after a signal
      teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : Cause.isInterruptedOnly(exit.cause) ? 130 : 1)
    })
  )
