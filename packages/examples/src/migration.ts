import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, ManagedRuntime, Stream } from "effect"

type Runtime = ManagedRuntime.ManagedRuntime<RoomSessions.RoomSessions, unknown>

/** @param runtime that of the process, or one of a test */
export const makeClient = (runtime: Runtime) => ({
  /** In place of `client.video.roomSessions.get(id)`: a session, or null where there is none. */
  getSession: (id: string) =>
    runtime.runPromise(
      Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
        Effect.catchTags({
          SignalWireNotFound: () => Effect.succeed(null),
          // the id is no UUID; nothing was sent
          SignalWireInvalidRequest: () => Effect.succeed(null)
        })
      )
    ),

  /** In place of `client.video.roomSessions.paginate(...)`: the promise of an `AsyncIterable` over all pages. */
  sessionsInProgress: () =>
    runtime.runPromise(Stream.toAsyncIterableEffect(
      Stream.unwrap(
        Effect.map(RoomSessions.RoomSessions, sessions => sessions.list({ status: "in-progress" }))
      )
    ))
})

/** The one runtime of the process, with its one pool of connections. It reads the same variables. */
export const runtime = ManagedRuntime.make(NodeSignalWire.layerConfig())

/** In place of `new RestClient()`. */
export const client = makeClient(runtime)

/** The names of the sessions in progress. The promise is awaited, and then iterated. */
export const namesInProgress = async () => {
  const names: Array<string | null> = []
  for await (const { name } of await client.sessionsInProgress()) names.push(name)
  return names
}
