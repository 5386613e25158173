/** Prints the status of a session. The tests of bundlers bundle it with node-runtime. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as process from "node:process"

const [baseUrl = "", projectId = "", apiToken = "", id = ""] = process.argv.slice(2)

// CommonJS has no top-level `await`
void Effect.runPromise(
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken: Redacted.make(apiToken) }))
  )
).then(({ status }) => console.log(status))
