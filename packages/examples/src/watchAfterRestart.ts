import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { KeyValueStore } from "@effect/platform"
import { Effect, Option, Schema, Stream } from "effect"

const key = "in-progress"

/** Follows all sessions, also over restarts: the sessions in progress are stored after each change. */
export const follow = <E, R>(onChange: (change: RoomSessions.SessionChange) => Effect.Effect<void, E, R>) =>
  Effect.gen(function*() {
    const { watchAll } = yield* RoomSessions.RoomSessions
    const store = (yield* KeyValueStore.KeyValueStore).forSchema(Schema.Array(RoomSession.RoomSession))
    const known = Option.getOrElse(yield* store.get(key), () => [])
    const inProgress = new Map(known.map(session => [session.id, session]))

    const apply = (change: RoomSessions.SessionChange) =>
      Effect.gen(function*() {
        yield* onChange(change)
        if (change._tag === "Ended") inProgress.delete(change.session.id)
        else inProgress.set(change.session.id, change.session)
        yield* store.set(key, [...inProgress.values()])
      })
    // a change that has begun is stored, so that it is not handled twice after SIGTERM
    yield* Stream.runForEach(watchAll({}, { known }), change => Effect.uninterruptible(apply(change)))
  })
