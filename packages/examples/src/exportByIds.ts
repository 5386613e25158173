import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect, Either, Stream } from "effect"

const toLine = ({ id, result }: RoomSessions.GetManyResult) =>
  Either.match(result, {
    onLeft: error => `${id},,${error._tag}`,
    onRight: ({ duration }) => `${id},${duration === null ? "" : Duration.toSeconds(duration)},`
  })

/** A line of CSV for each id: the id, and the duration in seconds or the error. */
export const exportByIds = <E, R, E2, R2>(
  ids: Stream.Stream<string, E, R>,
  write: (line: string) => Effect.Effect<void, E2, R2>
) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    yield* Stream.runForEach(sessions.getMany(ids), result => write(toLine(result)))
  }).pipe(
    RequestPolicy.with(RequestPolicy.batch)
  )
