/** A user's program, which the test runs with the debug output of Node and its libraries switched on. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect } from "effect"
import { nasty } from "./secrets.ts"
import { sessionId } from "./session.ts"

const [baseUrl = ""] = process.argv.slice(2)

const status = await Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId)).pipe(
  Effect.map(session => session.status),
  Effect.provide(NodeSignalWire.layer({ baseUrl, projectId: nasty.projectId, apiToken: nasty.apiToken })),
  Effect.runPromise
)
console.log(status)
