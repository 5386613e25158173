import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { KeyValueStore } from "@effect/platform"
import { type Chunk, Effect, Option, Schema, Stream } from "effect"

const key = "in-progress"

/** Follows all sessions, also over restarts: the sessions in progress are stored after the changes of each poll. */
export const follow = <E, R>(onChange: (change: RoomSessions.SessionChange) => Effect.Effect<void, E, R>) =>
  Effect.gen(function*() {
    const { watchAll } = yield* RoomSessions.RoomSessions
    const store = (yield* KeyValueStore.KeyValueStore).forSchema(Schema.Array(RoomSession.RoomSession))
    const known = Option.getOrElse(yield* store.get(key), () => [])
    const inProgress = new Map(known.map(session => [session.id, session]))

    const apply = (changes: Chunk.Chunk<RoomSessions.SessionChange>) =>
      Effect.gen(function*() {
        for (const change of changes) {
          yield* onChange(change)
          if (change._tag === "Ended") inProgress.delete(change.session.id)
          else inProgress.set(change.session.id, change.session)
        }
        yield* store.set(key, [...inProgress.values()])
      })
    // changes that have begun are stored, so that none is handled twice after SIGTERM
    yield* Stream.runForEachChunk(watchAll({}, { known }), changes => Effect.uninterruptible(apply(changes)))
  })
