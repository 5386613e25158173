/** The sessions of many ids. */
import { type RoomSession, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"

export interface Fetched {
  readonly id: string
  readonly result: Either.Either<
    RoomSession.RoomSessionSummary,
    Exclude<RoomSessions.GetError, SignalWireError.Unauthorized>
  >
}

/** Each id with its session or its error. `Unauthorized` ends the stream, since every id would have it. */
export const fetchMany = (
  ids: ReadonlyArray<string>,
  { concurrency, unordered }: { readonly concurrency: number; readonly unordered: boolean }
): Stream.Stream<Fetched, SignalWireError.Unauthorized, RoomSessions.RoomSessions> =>
  Stream.mapEffect(
    Stream.fromIterable(ids),
    id =>
      RoomSessions.RoomSessions.pipe(
        Effect.flatMap(sessions => sessions.get(id)),
        Effect.map(session => ({ id, result: Either.right(session) })),
        Effect.catchAll(error =>
          error._tag === "SignalWireUnauthorized"
            ? Effect.fail(error)
            : Effect.succeed({ id, result: Either.left(error) })
        )
      ),
    { concurrency, unordered }
  )
