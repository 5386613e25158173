import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Config, Effect, ManagedRuntime, Stream } from "effect"

/** Reads the space from `SW_URL`, the variable of the old code, and where that is not set from `SIGNALWIRE_SPACE`. */
export const live = NodeSignalWire.layerConfig({
  space: Config.orElse(Config.string("SW_URL"), () => Config.string("SIGNALWIRE_SPACE"))
})

/** The one runtime of the process, with its one pool of connections. */
export const runtime = ManagedRuntime.make(live)

/** A session in the form of the service, or null where there is none. */
export const getSession = (id: string) =>
  runtime.runPromise(
    Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
      Effect.map(session => session.toJSON()),
      Effect.catchTags({
        SignalWireNotFound: () => Effect.succeed(null),
        // the id is no UUID; nothing was sent
        SignalWireInvalidRequest: () => Effect.succeed(null)
      })
    )
  )

/** All sessions in progress in the form of the service, page by page. */
export const sessionsInProgress = async function*() {
  yield* await runtime.runPromise(Stream.toAsyncIterableEffect(
    Stream.unwrap(
      Effect.map(RoomSessions.RoomSessions, sessions => sessions.list({ status: "in-progress" }))
    ).pipe(
      Stream.map(session => session.toJSON())
    )
  ))
}

/** The fields that the callers of the old function use. */
const fields = ["name", "display_name", "status"] as const

type Old = (id: string) => Promise<Readonly<Partial<Record<typeof fields[number], unknown>>> | null>

/** The old function, unchanged for its callers. It also calls the new one, and reports each field that differs. */
export const compared = (old: Old, report: (difference: string) => void): Old => async id => {
  const before = await old(id)
  void getSession(id).then(
    now => {
      for (const field of fields) {
        if ((before?.[field] ?? null) !== (now?.[field] ?? null)) report(`${id}: ${field}`)
      }
    },
    (error: unknown) => report(`${id}: ${String(error)}`)
  )
  return before
}
