/** Waits for the changes and the end of one session. */
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { RoomSessionSummary } from "../RoomSession.ts"
import type { AwaitOptions, GetError, Service, UnlimitedOptions, WatchOptions } from "../RoomSessions.ts"
import { InvalidRequest } from "../SignalWireError.ts"
import { effectOf, namesOf, streamOf } from "./options.ts"
import * as poll from "./poll.ts"
import { isCompleted, isSame } from "./sessionState.ts"
import { duration } from "./validators.ts"

const slowMillis = 30_000
const quickMillis = 5_000

/** Near these times sessions end. The clocks of the service and of this machine may differ. */
const quickBeforeMillis = 30_000
const quickAfterMillis = 120_000

/** The delay until the next poll of a session. Without a session, its first poll has failed. */
export const delayMillis = (
  session: Pick<RoomSessionSummary, "join_until" | "remove_at"> | undefined,
  now: number
): number => {
  if (session === undefined) return quickMillis
  const starts = [session.join_until, session.remove_at]
    .flatMap(time => time === null ? [] : [time.epochMillis - quickBeforeMillis])
  return starts.some(start => start <= now && now < start + quickBeforeMillis + quickAfterMillis)
    ? quickMillis
    : Math.min(slowMillis, ...starts.map(start => start - now).filter(millis => millis > 0))
}

const adaptive = poll.waitFor(delayMillis)

const watch = (
  session: Effect.Effect<RoomSessionSummary, GetError>,
  { patience, schedule }: WatchOptions
): Effect.Effect<Stream.Stream<RoomSessionSummary, GetError>, InvalidRequest> =>
  Effect.gen(function*() {
    if (schedule !== undefined && !Schedule.isSchedule(schedule)) {
      return yield* new InvalidRequest({
        operation: "RoomSessions.watch",
        parameter: "schedule",
        expected: "a Schedule, such as Schedule.spaced(\"10 seconds\")"
      })
    }
    return poll.successes(session, {
      patience: yield* poll.decodePatience("RoomSessions.watch", patience),
      wait: schedule === undefined ? adaptive : yield* poll.waitBySchedule(schedule, adaptive)
    })
  })

const watchNames = namesOf<WatchOptions>({ patience: true, schedule: true })

/** Makes `RoomSessions.watch`. */
export const make = (get: Service["get"]): Service["watch"] => (id, options = {}) =>
  streamOf(
    { operation: "RoomSessions.watch" },
    options,
    watchNames,
    valid => Stream.unwrap(watch(get(id), valid)).pipe(Stream.takeUntil(isCompleted), Stream.changesWith(isSame))
  )

const awaitNames = namesOf<AwaitOptions>({ patience: true, schedule: true, timeout: true })

const withTimeout = <A, E>(
  effect: Effect.Effect<A, E>,
  timeout: Duration.DurationInput
): Effect.Effect<A, E | InvalidRequest | Cause.TimeoutException> =>
  Effect.matchEffect(duration(timeout), {
    onFailure: expected =>
      new InvalidRequest({ operation: "RoomSessions.awaitCompleted", parameter: "timeout", expected }),
    // the loser of a race must be interruptible even if the caller is not
    onSuccess: duration => Effect.timeout(Effect.interruptible(effect), duration)
  })

/** Makes `RoomSessions.awaitCompleted`. */
export const makeAwaitCompleted = (watch: Service["watch"]): Service["awaitCompleted"] => {
  function awaitCompleted(id: string, options?: UnlimitedOptions): Effect.Effect<RoomSessionSummary, GetError>
  function awaitCompleted(
    id: string,
    options?: AwaitOptions
  ): Effect.Effect<RoomSessionSummary, GetError | Cause.TimeoutException>
  function awaitCompleted(id: string, options: AwaitOptions = {}) {
    return effectOf(
      { operation: "RoomSessions.awaitCompleted" },
      options,
      awaitNames,
      ({ timeout, ...watchOptions }) => {
        const completed = Effect.flatMap(
          Stream.runLast(watch(id, watchOptions)),
          last =>
            Option.match(Option.filter(last, isCompleted), {
              onNone: () => new Cause.TimeoutException("the schedule ended before the session was completed"),
              onSome: Effect.succeed
            })
        )
        return timeout === undefined ? completed : withTimeout(completed, timeout)
      }
    )
  }
  return awaitCompleted
}
