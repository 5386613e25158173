import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect } from "effect"

/** A policy for every call of the application. */
export const patient = NodeSignalWire.layerConfig({ policy: { deadline: "2 minutes", maxRetries: 5 } })

/** A policy for the calls inside an effect: one attempt, and a response within two seconds. */
export const glance = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    RequestPolicy.with({ maxRetries: 0, attemptTimeout: "2 seconds" })
  )
