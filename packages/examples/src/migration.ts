import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, ManagedRuntime, Stream } from "effect"

/** The one client of the process, in place of `new RestClient()`. It reads the same variables. */
export const runtime = ManagedRuntime.make(NodeSignalWire.layerConfig())

/** In place of `client.video.roomSessions.get(id)`: a session, or null where there is none. */
export const getSession = (id: string) =>
  runtime.runPromise(
    Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
      Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
    )
  )

/** In place of `client.video.roomSessions.paginate(...)`: an `AsyncIterable` over all pages. */
export const sessionsInProgress = () =>
  runtime.runPromise(Stream.toAsyncIterableEffect(
    Stream.unwrap(
      Effect.map(RoomSessions.RoomSessions, sessions => sessions.list({ status: "in-progress" }))
    )
  ))
