/** Shows changes of sessions as they happen. It is loaded by the command that needs it. */
import { type RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { CommandError } from "../CommandError.ts"
import { exitCodes } from "../exitCodes.ts"
import * as format from "../format.ts"
import * as json from "../json.ts"
import type { Connection } from "../options.ts"
import { printJson, printJsonError } from "../print.ts"
import * as report from "../report.ts"
import type { Piece } from "../style.ts"
import { type MakeTarget, Target } from "../target.ts"
import { Streams, ViewOptions } from "../terminal.ts"
import * as alternateScreen from "./alternateScreen.ts"
import * as changes from "./changes.ts"
import * as polls from "./polls.ts"
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

const second = 1000

const timeOf = (millis: number, timeZone: DateTime.TimeZone): string =>
  format.localTime(DateTime.unsafeMake(millis), timeZone)

/** The line of the screen about requests that fail, or take longer than a second. */
const noticeOf = (
  { error, reachedAt = 0, startedAt }: polls.Polls,
  target: Target["Type"],
  now: number,
  timeZone: DateTime.TimeZone
): Piece => {
  if (error !== undefined) {
    const [message] = report.ofError(error, target).lines
    return {
      text: `Not reached since ${timeOf(reachedAt, timeZone).slice(11)}: ${format.printable(message)}`,
      style: "warning"
    }
  }
  if (startedAt === undefined || now - startedAt < second) return { text: "" }
  const seconds = Duration.seconds(Math.floor((now - startedAt) / second))
  return { text: `Waiting for ${new URL(target.origin).host}, ${format.shortDuration(seconds)}`, style: "warning" }
}

/** Shows the screen, in place, until the changes end. */
const onScreen = <E>(all: Stream.Stream<Change, E>, known: polls.Polls) =>
  Effect.gen(function*() {
    const target = yield* Target
    const { color, timeZone } = yield* ViewOptions
    const { outputSize } = yield* Streams
    const clock = yield* Effect.clock
    const state: State = new Map()
    const host = new URL(target.origin).host
    let screen: alternateScreen.AlternateScreen | undefined
    const drawNow = (): void => {
      const now = clock.unsafeCurrentTimeMillis()
      for (const [id, { endedAt }] of state) {
        if (endedAt !== undefined && now - endedAt > endedMillis) state.delete(id)
      }
      const { columns, rows } = outputSize()
      const notice = noticeOf(known, target, now, timeZone)
      const options = { color, timeZone, tableWidth: columns - 1, height: rows, now, host, notice }
      screen?.draw(render([...state.values()], { ...options, isLoading: !known.isLoaded }), known.isLoaded)
    }
    const draw = Effect.sync(drawNow)
    // an error at the start is printed without a screen
    const isKnown = Effect.repeat(Effect.delay(Effect.sync(() => known.isLoaded), "50 millis"), {
      until: loaded => loaded
    })
    const showScreen = Effect.gen(function*() {
      yield* Effect.raceFirst(isKnown, Effect.sleep(second))
      screen = yield* alternateScreen.open(process.stdout, drawNow)
      yield* Effect.forever(Effect.zipRight(draw, Effect.sleep(second)))
    })
    const counted = () => [...state.values()].filter(({ endedAt }) => endedAt === undefined).slice(0, maxCounted)
    const countAll = Effect.suspend(() => Effect.forEach(counted(), refreshMembers, { concurrency: 4 }))
    yield* Effect.forkScoped(showScreen)
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

/** How long a call may take before a line says so, in milliseconds, outside of a terminal. */
const waitingMillis = 5 * second

const noResponse = (since: string) =>
  new CommandError({
    exitCode: exitCodes.network,
    details: { tag: "NoResponse", retryable: true },
    lines: [`no response since ${since}`]
  })

/** Prints to standard error when the requests begin to fail, or take long, and when they succeed again. */
const reportOutages = (known: polls.Polls, asJson: boolean) =>
  Effect.gen(function*() {
    const target = yield* Target
    const { timeZone } = yield* ViewOptions
    const print = (now: number, error: CommandError, text: string) =>
      asJson
        ? printJsonError(json.encodeError(error))
        : Console.error(`${timeOf(now, timeZone)}  ${format.printable(text)}`)
    /** What was printed of the outage: the tag of its error, or that there is no response. */
    let printed: string | undefined
    let printedSince = 0
    const check = Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      const { error, reachedAt = now, startedAt } = known
      const since = timeOf(reachedAt, timeZone)
      if (error !== undefined) {
        if (printed === error._tag) return
        printed = error._tag
        printedSince = reachedAt
        const described = report.ofError(error, target)
        return yield* print(now, described, `not reached since ${since}: ${described.lines[0]}`)
      }
      if (startedAt !== undefined && now - startedAt >= waitingMillis) {
        if (printed !== undefined) return
        printed = "NoResponse"
        printedSince = reachedAt
        return yield* print(now, noResponse(since), `no response since ${since}`)
      }
      if (printed === undefined || reachedAt === printedSince) return
      printed = undefined
      if (!asJson) yield* Console.error(`${timeOf(now, timeZone)}  reached again`)
    })
    yield* Effect.forever(Effect.delay(check, "100 millis"))
  })

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

/** The states of one session as changes. They end when the session has ended. */
const changesOf = <E>(sessions: Stream.Stream<Session, E>): Stream.Stream<Change, E> =>
  Stream.suspend(() => {
    let last: Session | undefined
    const seen = Stream.map(sessions, (session): Change => {
      const _tag = last === undefined ? "Started" : "Changed"
      last = session
      return { _tag, session }
    })
    const ended = Stream.suspend(() =>
      last === undefined ? Stream.empty : Stream.make<[Change]>({ _tag: "Ended", session: last })
    )
    return Stream.concat(seen, ended)
  })

export const run = (make: MakeTarget, connection: Connection, { asJson, filter, id, interval }: Options) => {
  const known = polls.make()
  return Effect.gen(function*() {
    const { watch, watchAll } = yield* RoomSessions.RoomSessions
    const target = yield* Target
    const { isOutputTerminal } = yield* Streams
    const all: Stream.Stream<Change, RoomSessions.GetError | RoomSessions.ListError> = id === undefined
      ? watchAll(filter, { interval })
      : changesOf(watch(id, { schedule: Schedule.spaced(interval) }))
    const described = Stream.mapError(all, error => report.ofError(error, target))
    if (isOutputTerminal && !asJson) return yield* onScreen(described, known)
    yield* Effect.forkScoped(reportOutages(known, asJson))
    yield* asLines(described, asJson)
  }).pipe(Effect.scoped, Effect.provide(make(connection, polls.clientLayer(known))))
}
