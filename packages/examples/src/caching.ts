import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, Layer } from "effect"

/** Up to 5,000 sessions: completed ones for a day, those in progress for two seconds. */
export const cached = RoomSessions.layerCached({
  capacity: 5000,
  timeToLive: { completed: "1 day", inProgress: "2 seconds" }
})

export const live = cached.pipe(Layer.provide(NodeSignalWire.layerConfig()))

/** The status that a page shows. However many visitors a page has, a session in progress takes a request every two seconds. */
export const shownStatus = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.map(({ status }) => status ?? "unknown"),
    Effect.catchTag("SignalWireNotFound", () => Effect.succeed("no such session"))
  )
