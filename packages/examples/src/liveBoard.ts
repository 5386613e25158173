import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Chunk, Context, Effect, HashMap, Layer, Schedule, Stream, SubscriptionRef } from "effect"

type Sessions = HashMap.HashMap<string, RoomSession.RoomSession>

const apply = (sessions: Sessions, { _tag, session }: RoomSessions.SessionChange): Sessions =>
  _tag === "Ended" ? HashMap.remove(sessions, session.id) : HashMap.set(sessions, session.id, session)

/** The sessions in progress, by their ids. However many pages show them, there is one watch. */
export class Board extends Context.Tag("Board")<Board, SubscriptionRef.SubscriptionRef<Sessions>>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.gen(function*() {
      const { watchAll } = yield* RoomSessions.RoomSessions
      const board = yield* SubscriptionRef.make<Sessions>(HashMap.empty())
      // the changes of a poll are one chunk, and so one change of the board
      const watch = Stream.runForEachChunk(
        watchAll(),
        changes => SubscriptionRef.update(board, sessions => Chunk.reduce(changes, sessions, apply))
      )
      yield* watch.pipe(
        // a new watch begins with all sessions, and does not say which ones ended before it
        Effect.tapError(error =>
          Effect.zipRight(Effect.logError(error.message), SubscriptionRef.set(board, HashMap.empty()))
        ),
        Effect.retry(Schedule.spaced("1 minute")),
        Effect.forkScoped
      )
      return board
    })
  )
}

/** What a page shows: the present state first, and then each change of it. */
export const namesInProgress = Stream.unwrap(Effect.map(Board, ({ changes }) => changes)).pipe(
  Stream.map(sessions => Array.from(HashMap.values(sessions), ({ display_name, id }) => display_name ?? id).toSorted())
)
