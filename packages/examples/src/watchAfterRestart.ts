import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import { KeyValueStore } from "@effect/platform"
import { Chunk, Effect, Option, Schema, Stream } from "effect"

const key = "in-progress"

const Change = Schema.Struct({ _tag: Schema.Literal("Started", "Changed", "Ended"), session: RoomSession.RoomSession })

/** The sessions in progress after a poll, and the changes of that poll until all of them are handled. */
const State = Schema.Struct({ inProgress: Schema.Array(RoomSession.RoomSession), pending: Schema.Array(Change) })

/** Follows all sessions, also over restarts: what a poll changes is stored before it is handled, and again after it. */
export const follow = <E, R>(onChange: (change: RoomSessions.SessionChange) => Effect.Effect<void, E, R>) =>
  Effect.gen(function*() {
    const { watchAll } = yield* RoomSessions.RoomSessions
    const store = (yield* KeyValueStore.KeyValueStore).forSchema(State)
    const { inProgress: known, pending } = Option.getOrElse(
      yield* store.get(key),
      () => ({ inProgress: [], pending: [] })
    )
    const inProgress = new Map(known.map(session => [session.id, session]))
    const save = (pending: ReadonlyArray<RoomSessions.SessionChange>) =>
      store.set(key, { inProgress: [...inProgress.values()], pending })

    const handle = (changes: ReadonlyArray<RoomSessions.SessionChange>) => {
      let handled = 0
      const count = Effect.sync(() => void handled++)
      return Effect.forEach(changes, change => Effect.zipRight(onChange(change), count), { discard: true }).pipe(
        // what an error or an interruption leaves is handled after the next start
        Effect.ensuring(Effect.suspend(() => Effect.orDie(save(changes.slice(handled)))))
      )
    }

    const apply = (changes: ReadonlyArray<RoomSessions.SessionChange>) =>
      Effect.gen(function*() {
        for (const { _tag, session } of changes) {
          if (_tag === "Ended") inProgress.delete(session.id)
          else inProgress.set(session.id, session)
        }
        yield* save(changes)
        yield* handle(changes)
      })

    if (pending.length > 0) yield* handle(pending)
    yield* Stream.runForEachChunk(
      watchAll({}, { known }),
      changes => Chunk.isEmpty(changes) ? Effect.void : apply(Chunk.toReadonlyArray(changes))
    )
  })
