/**
 * The service that reads room sessions.
 *
 * @since 1.0.0
 */
import type * as Cause from "effect/Cause"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type * as Endpoint from "./Endpoint.ts"
import type { Page, PageOptions, SizeOptions } from "./Page.ts"
import type { RoomRecording } from "./RoomRecording.ts"
import type { RoomSession, RoomSessionId, RoomSessionSummary } from "./RoomSession.ts"
import type { RoomSessionEvent } from "./RoomSessionEvent.ts"
import type { RoomSessionMember } from "./RoomSessionMember.ts"
import { SignalWireClient } from "./SignalWireClient.ts"
import { InvalidRequest, type Unauthorized } from "./SignalWireError.ts"
import * as endpoints from "./endpoints/roomSessions.ts"
import * as cache from "./internal/cache.ts"
import * as derived from "./internal/derived.ts"
import { mediaParameters } from "./internal/mediaTtl.ts"
import { effectOf, namesOf, streamOf } from "./internal/options.ts"
import * as paging from "./internal/paging.ts"
import * as changes from "./internal/sessionChange.ts"

/**
 * Every error of `get`.
 *
 * @since 1.0.0
 * @category models
 */
export type GetError = Endpoint.Error<typeof endpoints.get.spec>

/**
 * Every error of `list`, `listPage` and the other lists.
 *
 * @since 1.0.0
 * @category models
 */
export type ListError = Endpoint.Error<typeof endpoints.list.spec>

type AnyId = RoomSessionId | (string & {})

/**
 * How the sessions of many ids are fetched.
 *
 * @since 1.0.0
 * @category models
 */
export interface GetManyOptions {
  /** The maximum number of calls at the same time, a whole number of at least 1; default 16, half of the default `maxConnections`. */
  readonly concurrency?: number | undefined
  /** Whether results are emitted as calls complete; default false, in the order of the ids. */
  readonly unordered?: boolean | undefined
}

/**
 * An id of `getMany` with its session or its error.
 *
 * @since 1.0.0
 * @category models
 */
export interface GetManyResult<Id = string> {
  /** The id as given. */
  readonly id: Id
  /** The session, or the error of its call. */
  readonly result: Either.Either<RoomSessionSummary, Exclude<GetError, Unauthorized>>
}

/**
 * Which sessions.
 *
 * @since 1.0.0
 * @category models
 */
export interface ListOptions extends PageOptions {
  /** Those that were started from this room. */
  readonly room_id?: string | undefined
  /** Those with this name. */
  readonly room_name?: string | undefined
  /** Those of which the name contains this. */
  readonly room_name_matches?: string | undefined
  /** Those with this status; default all. */
  readonly status?: "in-progress" | "completed" | undefined
}

/**
 * Which sessions, as a stream.
 *
 * @since 1.0.0
 * @category models
 */
export interface ListStreamOptions extends ListOptions {
  /**
   * Whether a session that comes again on a later page is left out; default false. The stream then keeps the id of each session in memory,
   * some 100 bytes.
   */
  readonly distinct?: boolean | undefined
}

/**
 * The pages of the recordings of a session, and the URLs of their files.
 *
 * @since 1.0.0
 * @category models
 */
export interface RecordingsOptions extends SizeOptions {
  /** How long the URLs of the files are valid, in whole seconds; default that of the service, 15 minutes. */
  readonly mediaTtl?: Duration.DurationInput | undefined
}

/**
 * How a session is polled.
 *
 * @since 1.0.0
 * @category models
 */
export interface WatchOptions {
  /**
   * For how long polling continues while errors are temporary, from the first one since the last success; default 5 minutes. With 0 it ends the
   * stream. Temporary are errors with `isRetryable`, every `RequestTimeout` and, after a success, a `TransportError` with the reason `Dns`.
   * The next poll is not before the `retryAfter` of an error. When that is after the end of the patience, the error ends the stream.
   */
  readonly patience?: Duration.DurationInput | undefined
  /**
   * When the session is polled, of which the input is its last state. Default: every 5 seconds from 30 seconds before until 2 minutes after
   * `join_until` and `remove_at`, otherwise every 30 seconds. A first poll with a temporary error is repeated after 5 seconds. The stream
   * ends when the schedule does.
   */
  readonly schedule?: Schedule.Schedule<unknown, RoomSessionSummary> | undefined
}

/**
 * How a session is polled, and for how long.
 *
 * @since 1.0.0
 * @category models
 */
export interface AwaitOptions extends WatchOptions {
  /** The time until `TimeoutException`, above zero and below 2^31 ms (24 days), the limit of a timer; default none. */
  readonly timeout?: Duration.DurationInput | undefined
}

/**
 * The options with which a session is awaited for as long as it takes.
 *
 * @since 1.0.0
 * @category models
 */
export interface UnlimitedOptions extends Pick<AwaitOptions, "patience"> {
  /** None: a schedule can end before the session does. */
  readonly schedule?: undefined
  /** None: a timeout can end before the session does. */
  readonly timeout?: undefined
}

/**
 * Which sessions in progress.
 *
 * @since 1.0.0
 * @category models
 */
export type WatchAllFilter = Pick<ListOptions, "room_id" | "room_name" | "room_name_matches">

/**
 * How the list of sessions in progress is polled.
 *
 * @since 1.0.0
 * @category models
 */
export interface WatchAllOptions {
  /** The time between two polls, above zero and below 2^31 ms (24 days), the limit of a timer; default 10 seconds. */
  readonly interval?: Duration.DurationInput | undefined
  /** As in `WatchOptions`. After a page of the same watch, `UnprocessableContent` is temporary too: it is about the token of a page. */
  readonly patience?: Duration.DurationInput | undefined
  /** Sessions of a page, from 1 to 1,000; default 1,000. */
  readonly page_size?: number | undefined
  /**
   * The sessions that were in progress when an earlier watch ended, such as before a restart; default none. They are not `Started` again,
   * and those that have ended since are `Ended`. Completed ones are ignored.
   */
  readonly known?: ReadonlyArray<RoomSession> | undefined
}

/**
 * A change of a session: `Started`, `Changed` or `Ended`, each with the `session`.
 *
 * @since 1.0.0
 * @category models
 */
export type SessionChange = changes.SessionChange

/**
 * The constructors of `SessionChange`, and `$is` and `$match`.
 *
 * @since 1.0.0
 * @category models
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 *
 * const line = RoomSessions.SessionChange.$match({
 *   Started: ({ session }) => `${session.id} started`,
 *   Changed: ({ session }) => `${session.id} changed`,
 *   Ended: ({ session }) => `${session.id} ended`
 * })
 */
export const SessionChange = changes.SessionChange

/**
 * The operations on room sessions.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Finds a room session by its id.
   *
   * The call settles within the deadline of the policy, 30 s by default, with a session or with a `GetError`. Retryable
   * errors have been retried. Interruption of the call closes its connection.
   *
   * @param id a UUID; anything else is `InvalidRequest`, and nothing is sent
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/get-room-session
   */
  readonly get: (id: AnyId) => Effect.Effect<RoomSessionSummary, GetError>
  /**
   * Finds the room sessions of many ids, and emits each id with its session or its error. An id that is in flight already, in upper or
   * lower case, is not requested again: both get its result.
   *
   * The stream fails with `Unauthorized`, since every further call would fail too, with the errors of a stream of ids, and with
   * `InvalidRequest` for an invalid option. Any other error, a 403 included, is the result of its id. With `rateLimit`, an id whose call
   * is rejected in the pause after a 429 is requested at its end.
   *
   * Ids are pulled while the results are consumed: `concurrency` of them, or one chunk of a stream, are pulled in advance, and up to
   * four times as many while the call of the next result is in progress. With `unordered` such a call holds back nothing. The end of the
   * stream interrupts the calls in flight.
   *
   * @see `RequestPolicy.batch`, the policy for exports
   * @example
   * import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
   * import { Console, Effect, Either, Stream } from "effect"
   *
   * const print = (ids: Iterable<string>) =>
   *   Effect.flatMap(RoomSessions.RoomSessions, ({ getMany }) =>
   *     Stream.runForEach(getMany(ids, { concurrency: 32 }), ({ id, result }) =>
   *       Console.log(id, Either.match(result, { onLeft: error => error.message, onRight: session => session.status })))
   *   ).pipe(RequestPolicy.with(RequestPolicy.batch))
   */
  readonly getMany: <Id extends string, E = never, R = never>(
    ids: Iterable<Id> | Stream.Stream<Id, E, R>,
    options?: GetManyOptions
  ) => Stream.Stream<GetManyResult<Id>, Unauthorized | InvalidRequest | E, R>
  /**
   * Emits a session as soon as it is found, and again each time that it is found changed, until it is completed: its `status` is
   * `completed`, or it has an `end_time`. Then the stream ends. A session in progress of which only the `duration` is different has not
   * changed.
   *
   * The stream ends with an error that is not temporary, such as `NotFound`, or that lasts longer than the `patience`. An invalid option is
   * `InvalidRequest`. Each poll is a call of `get` with its retries, spans and policy.
   *
   * @example
   * import { RoomSessions } from "@effect-signalwire/core"
   * import { Console, Effect, Stream } from "effect"
   *
   * const print = (id: string) =>
   *   Effect.flatMap(RoomSessions.RoomSessions, ({ watch }) =>
   *     Stream.runForEach(watch(id, { patience: "1 hour" }), ({ locked, status }) => Console.log(status, locked)))
   */
  readonly watch: (id: AnyId, options?: WatchOptions) => Stream.Stream<RoomSessionSummary, GetError>
  /**
   * Waits until a session is completed, and returns it. It polls as `watch` does.
   *
   * With a `timeout`, it fails with the `TimeoutException` of `Effect.timeout` after that time. It does so as well when a `schedule`
   * ends before the session is completed.
   *
   * @example
   * import { RoomSessions } from "@effect-signalwire/core"
   * import { Effect } from "effect"
   *
   * const duration = (id: string) =>
   *   Effect.flatMap(RoomSessions.RoomSessions, ({ awaitCompleted }) => awaitCompleted(id, { timeout: "1 day" })).pipe(
   *     Effect.map(session => session.duration)
   *   )
   */
  readonly awaitCompleted: {
    (
      id: AnyId,
      options?: UnlimitedOptions
    ): Effect.Effect<RoomSessionSummary, GetError>
    (
      id: AnyId,
      options?: AwaitOptions
    ): Effect.Effect<RoomSessionSummary, GetError | Cause.TimeoutException>
  }
  /**
   * Emits the changes of all sessions in progress, from their list: one request for each page and poll, however many sessions there are. The
   * first poll emits `Started` for each session. The stream ends with errors as that of `watch` does. A name in the filter or the options
   * that does not exist is `InvalidRequest`.
   *
   * Pages shift while sessions start and end. Where the list has several pages, a session therefore counts as ended when it is missing in two
   * polls in a row. The session of an `Ended` is as it was last listed, thus most often without `end_time`, which `get` has.
   *
   * @example
   * import { RoomSessions } from "@effect-signalwire/core"
   * import { Console, Effect, Stream } from "effect"
   *
   * const print = Effect.flatMap(RoomSessions.RoomSessions, ({ watchAll }) =>
   *   Stream.runForEach(watchAll({ room_name: "standup" }), ({ _tag, session }) => Console.log(_tag, session.id)))
   */
  readonly watchAll: (
    filter?: WatchAllFilter,
    options?: WatchAllOptions
  ) => Stream.Stream<SessionChange, ListError>
  /**
   * Lists room sessions, page by page: each page is a call with retries and a deadline of its own, made when its first session is
   * pulled. A page that fails ends the stream with its error, after the sessions of the pages before it.
   *
   * The pages shift while sessions start: a session can then come twice, at the end of one page and at the start of the next. `distinct` leaves
   * it out the second time.
   *
   * An option that does not exist is `InvalidRequest`, as one with an invalid value is: a misspelled filter would list all sessions.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-sessions
   */
  readonly list: (options?: ListStreamOptions) => Stream.Stream<RoomSession, ListError>
  /** One page of the same list, and where the next page is. */
  readonly listPage: (options?: ListOptions) => Effect.Effect<Page<RoomSession>, ListError>
  /**
   * Lists the members of a session, those who have left included.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-members
   */
  readonly members: (id: AnyId, options?: SizeOptions) => Stream.Stream<RoomSessionMember, ListError>
  /**
   * Lists the events of a session.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-events
   */
  readonly events: (id: AnyId, options?: SizeOptions) => Stream.Stream<RoomSessionEvent, ListError>
  /**
   * Lists the recordings of a session.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/list-room-session-recordings
   */
  readonly recordings: (id: AnyId, options?: RecordingsOptions) => Stream.Stream<RoomRecording, ListError>
}

/**
 * The service of room sessions.
 *
 * @since 1.0.0
 * @category tags
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const sessions = yield* RoomSessions.RoomSessions
 *   const session = yield* sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 *   return session.status
 * }).pipe(
 *   Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
 * )
 */
export class RoomSessions extends Context.Tag("@effect-signalwire/core/RoomSessions")<RoomSessions, Service>() {}

/** Each run of the stream remembers its own ids. */
const distinctById = <A extends { readonly id: string }, E>(items: Stream.Stream<A, E>): Stream.Stream<A, E> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    return Stream.filter(items, ({ id }) => {
      if (seen.has(id)) return false
      seen.add(id)
      return true
    })
  })

const listNames = namesOf<ListOptions>({
  room_id: true,
  room_name: true,
  room_name_matches: true,
  status: true,
  page_size: true,
  resumeFrom: true
})

const listStreamNames = [...listNames, ...namesOf<Omit<ListStreamOptions, keyof ListOptions>>({ distinct: true })]

const sizeNames = namesOf<SizeOptions>({ page_size: true })

const recordingsNames = namesOf<RecordingsOptions>({ mediaTtl: true, page_size: true })

/**
 * Makes the service over the client of the context.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make: Effect.Effect<Service, never, SignalWireClient> = Effect.map(SignalWireClient, client => {
  const session = client.prepare(endpoints.get)
  const list = paging.make(client, endpoints.list)
  const members = paging.make(client, endpoints.members)
  const events = paging.make(client, endpoints.events)
  const recordings = paging.make(client, endpoints.recordings)
  const get: Service["get"] = id => session({ id })
  const operation = endpoints.list.name
  const listPage: Service["listPage"] = (options = {}) =>
    effectOf(
      { operation },
      options,
      listNames,
      ({ page_size, resumeFrom, ...filter }) => list.page(filter, { page_size, resumeFrom })
    )
  return {
    get,
    list: (options = {}) =>
      streamOf(
        { operation },
        options,
        listStreamNames,
        ({ distinct = false, page_size, resumeFrom, ...filter }) => {
          if (typeof distinct !== "boolean") {
            return Stream.fail(new InvalidRequest({ operation, parameter: "distinct", expected: "true or false" }))
          }
          const sessions = list.items(filter, { page_size, resumeFrom })
          return distinct ? distinctById(sessions) : sessions
        }
      ),
    listPage,
    members: (id, options = {}) =>
      streamOf({ operation: endpoints.members.name }, options, sizeNames, valid => members.items({ id }, valid)),
    events: (id, options = {}) =>
      streamOf({ operation: endpoints.events.name }, options, sizeNames, valid => events.items({ id }, valid)),
    recordings: (id, options = {}) =>
      streamOf(
        { operation: endpoints.recordings.name },
        options,
        recordingsNames,
        valid => recordings.items({ id, ...mediaParameters(valid) }, valid)
      ),
    ...derived.make({ get, listPage })
  }
})

/**
 * Provides the room sessions of the client's space and project. The layer is built anew at each use, so two spaces in one
 * graph of layers never share a client. A constant that is derived from it, such as `Layer.orDie(RoomSessions.layer)`, is
 * shared by reference like any layer of Effect: use it with one client only, or make it a function.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer: Layer.Layer<RoomSessions, never, SignalWireClient> = Layer.fresh(Layer.effect(RoomSessions, make))

/**
 * The options of `layerCached`. Durations are at least zero and below 2^31 ms; with zero, such sessions are not cached.
 *
 * @since 1.0.0
 * @category models
 */
export interface CacheOptions {
  /** The maximum number of sessions; default 1,000. Above it, the session that was not used for the longest time is removed. */
  readonly capacity?: number | undefined
  /** The time for which a session is cached, from its response on. */
  readonly timeToLive?: {
    /** Of sessions with the status `completed` or an `end_time`; default 1 hour. */
    readonly completed?: Duration.DurationInput | undefined
    /** Of all other sessions; default 5 s. */
    readonly inProgress?: Duration.DurationInput | undefined
  } | undefined
}

/**
 * Provides the room sessions of the client's space and project, with a cache for `get`. The other functions do not use it. The
 * `ConfigError` names every option that is invalid or does not exist.
 *
 * Concurrent calls of `get` with one id share one request, unless they differ in their `RequestPolicy.with`. A call under
 * `SignalWireClient.withTransform` uses neither the cache nor a request of another call. An interrupted call does not interrupt the
 * request of the others. Errors are not cached. The span of the request has that of its first caller as parent.
 *
 * The metric `signalwire.client.cache.requests` counts the calls, with the tag `result`: `hit`, `miss` (a request) or `shared` (a request
 * that was in progress).
 *
 * Like `layer` it is built anew at each use, and each build has a cache of its own.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { FetchHttpClient } from "@effect/platform"
 * import { Layer } from "effect"
 *
 * const cached = RoomSessions.layerCached({ capacity: 500, timeToLive: { completed: "1 day", inProgress: "2 seconds" } }).pipe(
 *   Layer.provide(SignalWireClient.layerConfig()),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 */
export const layerCached = (
  options: CacheOptions = {}
): Layer.Layer<RoomSessions, ConfigError.ConfigError, SignalWireClient> =>
  Layer.fresh(Layer.effect(
    RoomSessions,
    Effect.flatMap(cache.resolve(options), resolved =>
      Effect.map(make, sessions => ({ ...sessions, get: cache.make(sessions.get, resolved) })))
  ))
