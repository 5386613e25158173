/**
 * The recordings of a project's room sessions.
 *
 * @since 1.0.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type * as Endpoint from "./Endpoint.ts"
import type { Page, PageOptions, SizeOptions } from "./Page.ts"
import type { RoomRecording, RoomRecordingId } from "./RoomRecording.ts"
import type { RoomSessionEvent } from "./RoomSessionEvent.ts"
import { SignalWireClient } from "./SignalWireClient.ts"
import * as endpoints from "./endpoints/roomRecordings.ts"
import { mediaParameters } from "./internal/mediaTtl.ts"
import { effectOf, namesOf, streamOf } from "./internal/options.ts"
import * as paging from "./internal/paging.ts"

/**
 * Every error of `get`.
 *
 * @since 1.0.0
 * @category models
 */
export type GetError = Endpoint.Error<typeof endpoints.get.spec>

/**
 * Every error of `list`, `listPage` and `events`.
 *
 * @since 1.0.0
 * @category models
 */
export type ListError = Endpoint.Error<typeof endpoints.list.spec>

type AnyId = RoomRecordingId | (string & {})

/**
 * The options of the URL of a file.
 *
 * @since 1.0.0
 * @category models
 */
export interface MediaOptions {
  /** How long the URL of the file is valid, in whole seconds; default that of the service, 15 minutes. */
  readonly mediaTtl?: Duration.DurationInput | undefined
}

/**
 * The pages of the recordings of a project, and the URLs of their files.
 *
 * @since 1.0.0
 * @category models
 */
export interface ListOptions extends PageOptions, MediaOptions {}

/**
 * The service of room recordings. Each call can fail with the errors of its type, and with nothing else.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Finds a recording by its id. Its `uri` is new in each response.
   *
   * @param id a UUID; anything else is `InvalidRequest`, and nothing is sent
   * @see https://signalwire.com/docs/apis/rest/video/room-recordings/get-room-recording
   */
  readonly get: (id: AnyId, options?: MediaOptions) => Effect.Effect<RoomRecording, GetError>
  /**
   * Lists the recordings of the project, page by page, as `RoomSessions.list` does.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-recordings/list-room-recordings
   */
  readonly list: (options?: ListOptions) => Stream.Stream<RoomRecording, ListError>
  /** One page of the same list, and where the next page is. */
  readonly listPage: (options?: ListOptions) => Effect.Effect<Page<RoomRecording>, ListError>
  /**
   * Lists the events of a recording.
   *
   * @see https://signalwire.com/docs/apis/rest/video/room-recordings/list-room-recording-events
   */
  readonly events: (id: AnyId, options?: SizeOptions) => Stream.Stream<RoomSessionEvent, ListError>
}

/**
 * The service of room recordings, from the context.
 *
 * @since 1.0.0
 * @category tags
 * @example
 * import { RoomRecordings } from "@effect-signalwire/core"
 * import { Effect, Stream } from "effect"
 *
 * const sizes = Effect.gen(function*() {
 *   const recordings = yield* RoomRecordings.RoomRecordings
 *   return yield* recordings.list().pipe(
 *     Stream.map(({ size_in_bytes }) => size_in_bytes ?? 0),
 *     Stream.runSum
 *   )
 * })
 */
export class RoomRecordings extends Context.Tag("@effect-signalwire/core/RoomRecordings")<RoomRecordings, Service>() {}

const mediaNames = namesOf<MediaOptions>({ mediaTtl: true })

const listNames = namesOf<ListOptions>({ mediaTtl: true, page_size: true, resumeFrom: true })

const sizeNames = namesOf<SizeOptions>({ page_size: true })

/**
 * Makes the service over a client.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make: Effect.Effect<Service, never, SignalWireClient> = Effect.map(SignalWireClient, client => {
  const get = client.prepare(endpoints.get)
  const list = paging.make(client, endpoints.list)
  const events = paging.make(client, endpoints.events)
  return {
    get: (id, options = {}) =>
      effectOf({ operation: endpoints.get.name }, options, mediaNames, valid => get({ id, ...mediaParameters(valid) })),
    list: (options = {}) =>
      streamOf(
        { operation: endpoints.list.name },
        options,
        listNames,
        valid => list.items(mediaParameters(valid), valid)
      ),
    listPage: (options = {}) =>
      effectOf(
        { operation: endpoints.list.name },
        options,
        listNames,
        valid => list.page(mediaParameters(valid), valid)
      ),
    events: (id, options = {}) =>
      streamOf({ operation: endpoints.events.name }, options, sizeNames, valid => events.items({ id }, valid))
  }
})

/**
 * Recordings of the space and project of the client below. Built anew wherever it is used, as `RoomSessions.layer` is.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer: Layer.Layer<RoomRecordings, never, SignalWireClient> = Layer.fresh(
  Layer.effect(RoomRecordings, make)
)
