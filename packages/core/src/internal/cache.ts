/** The cache of `RoomSessions.layerCached`. All times are milliseconds of a monotonic clock. */
import * as Clock from "effect/Clock"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Metric from "effect/Metric"
import type { RoomSessionSummary } from "../RoomSession.ts"
import type { CacheOptions } from "../RoomSessions.ts"
import { all, invalid } from "./configErrors.ts"
import { configErrors, namesOf, readable } from "./options.ts"
import { currentCell, hasTransform } from "./request/overrides.ts"
import { monotonicMillis } from "./request/progress.ts"
import * as responseInfo from "./request/responseInfo.ts"
import { isCompleted } from "./sessionState.ts"
import { SharedRequests } from "./sharedRequests.ts"
import { durationOrZero, type Validate, wholeFrom } from "./validators.ts"

/** Validated options. */
export interface Resolved {
  readonly capacity: number
  readonly completedMillis: number
  readonly inProgressMillis: number
}

const timesToLive = { completed: Duration.hours(1), inProgress: Duration.seconds(5) }

/** Reads an option, and records the error of an invalid one. */
type Read = <A>(path: ReadonlyArray<string>, value: unknown, validate: Validate<A>, otherwise: A) => A

const optionNames = namesOf<CacheOptions>({ capacity: true, timeToLive: true })

/** The `ConfigError` names every option that is invalid or does not exist. */
export const resolve = (options: CacheOptions): Either.Either<Resolved, ConfigError.ConfigError> => {
  const errors = [...configErrors(["cache"], options, optionNames)]
  const read: Read = (path, value, validate, otherwise) => {
    if (value === undefined) return otherwise
    return Either.getOrElse(validate(value), accepted => {
      errors.push(invalid(["cache", ...path], accepted))
      return otherwise
    })
  }
  const given = readable(options)
  const { timeToLive = {} } = given
  errors.push(...configErrors(["cache", "timeToLive"], timeToLive, Object.keys(timesToLive)))
  const { completed, inProgress } = readable(timeToLive)
  const resolved = {
    capacity: read(["capacity"], given.capacity, wholeFrom(1), 1000),
    completedMillis: Duration.toMillis(
      read(["timeToLive", "completed"], completed, durationOrZero, timesToLive.completed)
    ),
    inProgressMillis: Duration.toMillis(
      read(["timeToLive", "inProgress"], inProgress, durationOrZero, timesToLive.inProgress)
    )
  }
  const error = all(errors)
  return error === undefined ? Either.right(resolved) : Either.left(error)
}

interface Entry {
  readonly session: RoomSessionSummary
  readonly requestedAt: number
  readonly expiresAt: number
}

/** The least recently used entry is the first of the map. */
class Entries {
  readonly #byId = new Map<string, Entry>()
  readonly #options: Resolved

  constructor(options: Resolved) {
    this.#options = options
  }

  find(id: string, now: number): RoomSessionSummary | undefined {
    const entry = this.#byId.get(id)
    if (entry === undefined) return undefined
    this.#byId.delete(id)
    if (entry.expiresAt <= now) return undefined
    this.#byId.set(id, entry)
    return entry.session
  }

  /** Of two concurrent requests, the session of the later one counts. */
  put(id: string, session: RoomSessionSummary, requestedAt: number, now: number): void {
    const { capacity, completedMillis, inProgressMillis } = this.#options
    const timeToLive = isCompleted(session) ? completedMillis : inProgressMillis
    const previous = this.#byId.get(id)
    if (previous !== undefined && previous.requestedAt > requestedAt) return
    this.#byId.delete(id)
    if (timeToLive === 0) return
    this.#byId.set(id, { session, requestedAt, expiresAt: now + timeToLive })
    if (this.#byId.size <= capacity) return
    for (const leastRecentlyUsed of this.#byId.keys()) {
      this.#byId.delete(leastRecentlyUsed)
      return
    }
  }
}

/** `@effect/opentelemetry` reads the unit of a metric from its label `unit`. */
const requests = Metric.tagged(
  Metric.counter("signalwire.client.cache.requests", {
    description: "Calls of RoomSessions.get of a cached layer",
    incremental: true
  }),
  "unit",
  "{request}"
)

const hits = Metric.tagged(requests, "result", "hit")
const misses = Metric.tagged(requests, "result", "miss")
const shared = Metric.tagged(requests, "result", "shared")

type Get<E> = (id: string) => Effect.Effect<RoomSessionSummary, E>

/** Adds a cache to `get`. */
export const make = <E>(get: Get<E>, options: Resolved): Get<E> => {
  const entries = new Entries(options)
  const inProgress = new SharedRequests<responseInfo.WithInfo<RoomSessionSummary, E>, never>()
  const request = (id: string, key: string, clock: Clock.Clock): Effect.Effect<RoomSessionSummary, E> => {
    const requestedAt = monotonicMillis(clock)
    return Effect.tap(
      Effect.suspend(() => get(id)),
      session => Effect.sync(() => entries.put(key, session, requestedAt, monotonicMillis(clock)))
    )
  }
  const find = (id: string, caller: RuntimeFiber<unknown, unknown>): Effect.Effect<RoomSessionSummary, E> => {
    const key = id.toLowerCase()
    const clock = Context.get(caller.currentDefaultServices, Clock.Clock)
    const labels = caller.getFiberRef(FiberRef.currentMetricLabels)
    const found = entries.find(key, monotonicMillis(clock))
    if (found === undefined) {
      const settled = inProgress.get(
        key,
        caller,
        // the request is not a call of its first caller, which may have left it
        Effect.locally(responseInfo.withResponseInfo(request(id, key, clock)), currentCell, undefined),
        isInProgress => {
          ;(isInProgress ? shared : misses).unsafeUpdate(1, labels)
        }
      )
      return Effect.flatMap(settled, ({ info, result }) => {
        responseInfo.share(caller, info)
        return result
      })
    }
    hits.unsafeUpdate(1, labels)
    responseInfo.clear(caller)
    return Effect.succeed(found)
  }
  return id =>
    Effect.withFiberRuntime(caller =>
      // a transformed call needs a request of its own, and `get` fails with `InvalidRequest` for an id that is no text
      typeof id === "string" && !hasTransform(caller) ? find(id, caller) : get(id)
    )
}
