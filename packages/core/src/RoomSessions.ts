/**
 * The service that reads room sessions.
 *
 * @since 1.0.0
 */
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type * as Endpoint from "./Endpoint.ts"
import type { Page, PageOptions, SizeOptions } from "./Page.ts"
import type { RoomRecording } from "./RoomRecording.ts"
import type { RoomSession, RoomSessionId, RoomSessionSummary } from "./RoomSession.ts"
import type { RoomSessionEvent } from "./RoomSessionEvent.ts"
import type { RoomSessionMember } from "./RoomSessionMember.ts"
import { SignalWireClient } from "./SignalWireClient.ts"
import * as endpoints from "./endpoints/roomSessions.ts"
import * as cache from "./internal/cache.ts"
import { mediaParameters } from "./internal/mediaTtl.ts"
import * as paging from "./internal/paging.ts"

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
 * @since 1.0.0
 * @category models
 */
export interface RecordingsOptions extends SizeOptions {
  /** How long the URLs of the files are valid, in whole seconds; default that of the service, 15 minutes. */
  readonly mediaTtl?: Duration.DurationInput | undefined
}

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
   * Lists room sessions, page by page: each page is a call with retries and a deadline of its own, made when its first session is
   * pulled. A page that fails ends the stream with its error, after the sessions of the pages before it.
   *
   * The pages shift while sessions start: a session can then come twice, at the end of one page and at the start of the next. `distinct` leaves
   * it out the second time.
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

/**
 * Makes the service over the client of the context.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make: Effect.Effect<Service, never, SignalWireClient> = Effect.map(SignalWireClient, client => {
  const get = client.prepare(endpoints.get)
  const list = paging.make(client, endpoints.list)
  const members = paging.make(client, endpoints.members)
  const events = paging.make(client, endpoints.events)
  const recordings = paging.make(client, endpoints.recordings)
  return {
    get: id => get({ id }),
    list: ({ distinct, page_size, resumeFrom, ...filter } = {}) => {
      const sessions = list.items(filter, { page_size, resumeFrom })
      return distinct === true ? distinctById(sessions) : sessions
    },
    listPage: ({ page_size, resumeFrom, ...filter } = {}) => list.page(filter, { page_size, resumeFrom }),
    members: (id, options = {}) => members.items({ id }, options),
    events: (id, options = {}) => events.items({ id }, options),
    recordings: (id, options = {}) => recordings.items({ id, ...mediaParameters(options) }, options)
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
 * `ConfigError` names every invalid option.
 *
 * Concurrent calls of `get` with one id share one request, unless they differ in their `RequestPolicy.with`. An interrupted call does not
 * interrupt the request of the others. Errors are not cached. The span of the request has that of its first caller as parent.
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
