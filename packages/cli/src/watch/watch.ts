/** Shows changes of sessions as they happen. It is loaded by the command that needs it. */
import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as format from "../format.ts"
import { printJson } from "../print.ts"
import * as report from "../report.ts"
import { withSignOfLife } from "../slow.ts"
import { Target } from "../target.ts"
import { Streams, ViewOptions } from "../terminal.ts"
import * as alternateScreen from "./alternateScreen.ts"
import * as changes from "./changes.ts"
import { render, type Watched } from "./screen.ts"

type Session = RoomSession.RoomSessionSummary

interface Change {
  readonly _tag: "Started" | "Changed" | "Ended"
  readonly session: Session
}

/** Members are counted for at most so many sessions, with one call for each. */
const maxCounted = 50

/** How long a session that has ended stays on the screen, in milliseconds. */
const endedMillis = 60_000

/** How many members are inside; undefined where their list cannot be read. */
const countMembers = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, ({ members }) =>
    members(id, { page_size: 1000 }).pipe(
      Stream.filter(({ leave_time }) => leave_time === null),
      Stream.runCount,
      Effect.option,
      Effect.map(Option.getOrUndefined)
    ))

const nameOf = ({ display_name, name }: Session): string =>
  format.printable(name ?? display_name ?? "").replaceAll(/\s+/g, " ").trim() || "—"

/** The sessions that were seen, by their ids. */
type State = Map<string, Watched>

/** Adds a change to the state, and returns the texts of what changed. */
const apply = (state: State, { _tag, session }: Change, now: number): ReadonlyArray<string> => {
  const known = state.get(session.id)
  if (_tag === "Ended") {
    if (known !== undefined) Object.assign(known, { session, endedAt: now })
    return []
  }
  if (known === undefined) {
    state.set(session.id, { session, members: undefined, changes: 0, last: "", endedAt: undefined })
    return []
  }
  const texts = changes.between(known.session, session)
  Object.assign(known, {
    session,
    endedAt: undefined,
    changes: known.changes + texts.length,
    last: texts.at(-1) ?? known.last
  })
  return texts
}

const refreshMembers = (watched: Watched) =>
  Effect.map(countMembers(watched.session.id), members => {
    if (members === undefined) return
    if (watched.members !== undefined && watched.members !== members) {
      watched.changes++
      watched.last = `members: ${watched.members} → ${members}`
    }
    watched.members = members
  })

/** How long the first sessions may take, in milliseconds; after that, they have ended meanwhile. */
const loadingMillis = 10_000

/**
 * Shows the screen, in place, until the changes end.
 *
 * @param isEmpty whether there are no sessions at the start
 */
const onScreen = <E>(all: Stream.Stream<Change, E>, isEmpty: boolean) =>
  Effect.gen(function*() {
    const target = yield* Target
    const { color, timeZone } = yield* ViewOptions
    const { outputSize } = yield* Streams
    const clock = yield* Effect.clock
    const state: State = new Map()
    const host = new URL(target.origin).host
    const start = clock.unsafeCurrentTimeMillis()
    const drawNow = (): void => {
      const now = clock.unsafeCurrentTimeMillis()
      for (const [id, { endedAt }] of state) {
        if (endedAt !== undefined && now - endedAt > endedMillis) state.delete(id)
      }
      const { columns, rows } = outputSize()
      const isLoading = !isEmpty && now - start < loadingMillis
      const size = { tableWidth: columns - 1, height: rows }
      screen.draw(render([...state.values()], { color, timeZone, ...size, now, host, isLoading }))
    }
    const draw = Effect.sync(drawNow)
    const screen = yield* alternateScreen.open(process.stdout, drawNow)
    const counted = () => [...state.values()].filter(({ endedAt }) => endedAt === undefined).slice(0, maxCounted)
    const countAll = Effect.suspend(() => Effect.forEach(counted(), refreshMembers, { concurrency: 4 }))
    yield* Effect.forkScoped(Effect.forever(Effect.zipRight(draw, Effect.sleep("1 second"))))
    yield* Effect.forkScoped(Effect.forever(Effect.zipRight(Effect.sleep("15 seconds"), countAll)))
    yield* Stream.runForEach(all, change =>
      Effect.gen(function*() {
        apply(state, change, clock.unsafeCurrentTimeMillis())
        yield* draw
        const watched = state.get(change.session.id)
        if (watched !== undefined && counted().includes(watched)) {
          yield* Effect.forkScoped(Effect.zipRight(refreshMembers(watched), draw))
        }
      }))
    yield* draw
  }).pipe(Effect.scoped)

/** Prints a line for each change. */
const asLines = <E>(all: Stream.Stream<Change, E>, asJson: boolean) =>
  Effect.gen(function*() {
    const { timeZone } = yield* ViewOptions
    const state: State = new Map()
    yield* Stream.runForEach(all, change =>
      Effect.gen(function*() {
        const { _tag, session } = change
        const now = yield* Clock.currentTimeMillis
        const texts = apply(state, change, now)
        if (asJson) return yield* printJson([{ change: _tag.toLowerCase(), session: session.toJSON() }])
        const watched = state.get(session.id)
        const before = watched?.members
        if (watched !== undefined && _tag !== "Ended" && state.size <= maxCounted) yield* refreshMembers(watched)
        const members = watched?.members
        const parts = [
          format.localTime(DateTime.unsafeMake(now), timeZone),
          _tag.toLowerCase().padEnd(7),
          session.id,
          nameOf(session),
          ...(members === undefined || _tag === "Ended" ? [] : [
            before === undefined || before === members ? `${members} inside` : `members: ${before} → ${members}`
          ]),
          ...texts
        ]
        if (_tag === "Ended") state.delete(session.id)
        yield* Console.log(parts.join("  "))
      }))
  })

export interface Options {
  readonly id: string | undefined
  readonly filter: RoomSessions.WatchAllFilter
  readonly interval: Duration.Duration
  readonly asJson: boolean
}

/** The states of one session as changes. */
const changesOf = (
  sessions: Stream.Stream<Session, RoomSessions.GetError>
): Stream.Stream<Change, RoomSessions.GetError> =>
  Stream.flatMap(
    Stream.zipWithIndex(sessions),
    ([session, index]): Stream.Stream<Change> => {
      const seen: Change = { _tag: index === 0 ? "Started" : "Changed", session }
      const ended: Change = { _tag: "Ended", session }
      return changes.isCompleted(session) ? Stream.make(seen, ended) : Stream.make(seen)
    }
  )

/** Whether there are no sessions to watch. Its errors are printed before there is a screen. */
const isEmptyAtFirst = (id: string | undefined, filter: RoomSessions.WatchAllFilter) =>
  Effect.flatMap(
    RoomSessions.RoomSessions,
    ({ get, listPage }): Effect.Effect<boolean, RoomSessions.GetError | RoomSessions.ListError> =>
      id === undefined
        ? Effect.map(listPage({ ...filter, status: "in-progress", page_size: 1 }), ({ items }) => items.length === 0)
        : Effect.as(get(id), false)
  )

export const run = ({ asJson, filter, id, interval }: Options) =>
  Effect.gen(function*() {
    const { watch, watchAll } = yield* RoomSessions.RoomSessions
    const target = yield* Target
    const { isOutputTerminal } = yield* Streams
    const all: Stream.Stream<Change, RoomSessions.GetError | RoomSessions.ListError> = id === undefined
      ? watchAll(filter, { interval })
      : changesOf(watch(id, { schedule: Schedule.spaced(interval) }))
    const described = Stream.mapError(all, error => report.ofError(error, target))
    if (!isOutputTerminal || asJson) return yield* asLines(described, asJson)
    const isEmpty = yield* Effect.mapError(
      withSignOfLife(isEmptyAtFirst(id, filter)),
      error => report.ofError(error, target)
    )
    yield* onScreen(described, isEmpty)
  })
