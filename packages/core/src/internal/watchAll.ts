/** The changes of all sessions in progress, from the list. */
import * as Chunk from "effect/Chunk"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Page, PageOptions } from "../Page.ts"
import { RoomSession } from "../RoomSession.ts"
import type { ListError, Service, WatchAllFilter, WatchAllOptions } from "../RoomSessions.ts"
import { InvalidRequest } from "../SignalWireError.ts"
import { namesOf, streamOf } from "./options.ts"
import * as paging from "./paging.ts"
import * as poll from "./poll.ts"
import { SessionChange } from "./sessionChange.ts"
import { isCompleted, isSame } from "./sessionState.ts"
import { duration } from "./validators.ts"

const operation = "RoomSessions.watchAll"

const defaultInterval = Duration.seconds(10)

/** That of the largest page, so that most spaces need one. */
const defaultPageSize = 1000

type Pages = ReadonlyArray<Page<RoomSession>>

/** A session that was in progress when it was last listed. */
interface Known {
  readonly session: RoomSession
  readonly isMissing: boolean
}

type State = ReadonlyMap<string, Known>

/**
 * Compares the sessions in progress with those of the poll before.
 *
 * Pages shift while sessions start and end, so that one that is in progress can be on none of several pages. It counts as ended when it is
 * missing twice in a row. A single page is complete: what is missing there has ended.
 */
export const compare = (state: State, pages: Pages): readonly [State, ReadonlyArray<SessionChange>] => {
  const next = new Map<string, Known>()
  const changes: Array<SessionChange> = []
  const listed = new Map<string, RoomSession>(pages.flatMap(({ items }) => items).map(session => [session.id, session]))
  for (const [id, session] of listed) {
    const before = state.get(id)?.session
    if (isCompleted(session)) {
      if (before !== undefined) changes.push(SessionChange.Ended({ session }))
      continue
    }
    next.set(id, { session, isMissing: false })
    if (before === undefined) changes.push(SessionChange.Started({ session }))
    else if (!isSame(before, session)) changes.push(SessionChange.Changed({ session }))
  }
  for (const [id, { isMissing, session }] of state) {
    if (listed.has(id)) continue
    if (isMissing || pages.length === 1) changes.push(SessionChange.Ended({ session }))
    else next.set(id, { session, isMissing: true })
  }
  return [next, changes]
}

const decodeInterval = (interval: Duration.DurationInput): Effect.Effect<Duration.Duration, InvalidRequest> =>
  Effect.mapError(
    duration(interval),
    expected => new InvalidRequest({ operation, parameter: "interval", expected })
  )

const watchPages = (
  listPage: Service["listPage"],
  { room_id, room_name, room_name_matches }: WatchAllFilter,
  { interval = defaultInterval, page_size = defaultPageSize, patience }: WatchAllOptions
): Effect.Effect<Stream.Stream<Pages, ListError>, InvalidRequest> =>
  Effect.gen(function*() {
    const filter = {
      ...(room_id === undefined ? {} : { room_id }),
      ...(room_name === undefined ? {} : { room_name }),
      ...(room_name_matches === undefined ? {} : { room_name_matches }),
      status: "in-progress",
      page_size
    } as const
    let hasPage = false
    const fetch = (resumeFrom: PageOptions["resumeFrom"]) =>
      Effect.map(listPage({ ...filter, resumeFrom }), page => {
        hasPage = true
        return page
      })
    const pages = paging.pages("RoomSessions.list", fetch, undefined)
    const millis = Duration.toMillis(yield* decodeInterval(interval))
    return poll.successes(Effect.map(Stream.runCollect(pages), Chunk.toReadonlyArray), {
      patience: yield* poll.decodePatience(operation, patience),
      wait: poll.waitFor(() => millis),
      hasResponded: () => hasPage
    })
  })

/** The state after an earlier watch. */
const stateOf = (known: ReadonlyArray<RoomSession>): State =>
  new Map(known.filter(session => !isCompleted(session)).map(session => [session.id, { session, isMissing: false }]))

/** Code without types can give sessions as JSON, which have no `Duration` to compare. */
const decodeKnown = (known: unknown): Effect.Effect<State, InvalidRequest> =>
  Array.isArray(known) && known.every(session => session instanceof RoomSession)
    ? Effect.succeed(stateOf(known))
    : Effect.fail(new InvalidRequest({ operation, parameter: "known", expected: "an array of room sessions" }))

const filterNames = namesOf<WatchAllFilter>({ room_id: true, room_name: true, room_name_matches: true })

const optionNames = namesOf<WatchAllOptions>({ interval: true, patience: true, page_size: true, known: true })

/** Makes `RoomSessions.watchAll`. */
export const make = (listPage: Service["listPage"]): Service["watchAll"] => (filter = {}, options = {}) =>
  streamOf(
    { operation, parameter: "filter" },
    filter,
    filterNames,
    validFilter =>
      streamOf({ operation }, options, optionNames, validOptions =>
        Stream.unwrap(Effect.gen(function*() {
          const known = yield* decodeKnown(validOptions.known === undefined ? [] : validOptions.known)
          const pages = yield* watchPages(listPage, validFilter, validOptions)
          return pages.pipe(Stream.mapAccum(known, compare), Stream.mapConcat(changes => changes))
        })))
  )
