/** Gets one session with this library, as an application does. */
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { apiToken, id, projectId } from "../session.ts"

const [baseUrl = ""] = process.argv.slice(2)

const session = await Effect.runPromise(
  Effect.flatMap(RoomSessions.RoomSessions, ({ get }) => get(id)).pipe(
    Effect.provide(NodeSignalWire.layer({ baseUrl, projectId, apiToken: Redacted.make(apiToken) }))
  )
)
if (session.id !== id) process.exit(1)
process.exit()
