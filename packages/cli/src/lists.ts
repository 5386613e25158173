/** Prints the lists. It is loaded by the commands that need it, since the others start faster without it. */
import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember, RoomSessions } from "@effect-signalwire/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CommandError } from "./CommandError.ts"
import { type Mode, pick } from "./modes.ts"
import { forEachPage } from "./pages.ts"
import * as period from "./period.ts"
import { printCsv, printJson } from "./print.ts"
import * as raw from "./raw.ts"
import * as report from "./report.ts"
import * as table from "./table.ts"
import * as tables from "./tables.ts"
import { Target } from "./target.ts"
import { type Streams, ViewOptions } from "./terminal.ts"

export const fields = {
  sessions: Object.keys(RoomSession.RoomSession.fields),
  members: Object.keys(RoomSessionMember.RoomSessionMember.fields),
  events: Object.keys(RoomSessionEvent.RoomSessionEvent.fields),
  recordings: Object.keys(RoomRecording.RoomRecording.fields)
}

interface Item {
  readonly toJSON: () => object
}

/** Prints items; `isFirst` is true for the first ones of a list. */
type Print<A, R> = (items: ReadonlyArray<A>, isFirst: boolean) => Effect.Effect<void, never, R>

const printText = <A extends Item>(columns: ReadonlyArray<table.Column<A>>, names: ReadonlyArray<string> | undefined) =>
  Effect.map(ViewOptions, (options): Print<A, never> => {
    const { header, line } = table.make(names === undefined ? columns : tables.select(columns, names), options)
    return (items, isFirst) => Console.log([...(isFirst ? [header] : []), ...items.map(line)].join("\n"))
  })

const asCsv = <A extends Item>(names: ReadonlyArray<string>): Print<A, Streams> => (items, isFirst) =>
  printCsv(items.map(item => item.toJSON()), names, isFirst)

const asJson = <A extends Item>(names: ReadonlyArray<string> | undefined): Print<A, Streams> => items =>
  printJson(items.map(item => pick(item, names)))

const printBodies = (bodies: raw.Bodies): Print<unknown, Streams> => (_, isFirst) => raw.print(bodies, isFirst)

interface List<A> {
  readonly columns: ReadonlyArray<table.Column<A>>
  readonly fields: ReadonlyArray<string>
  /** The text of an empty list. */
  readonly none: string
}

/** Prints a list, page by page. A list that fails is printed up to its error. */
const print = <A extends Item>(
  items: Stream.Stream<A, RoomSessions.ListError>,
  { columns, fields, none }: List<A>,
  { _tag, columns: names }: Mode,
  bodies: raw.Bodies
): Effect.Effect<void, CommandError, Target | Streams | ViewOptions> =>
  Effect.gen(function*() {
    const target = yield* Target
    const printPage: Print<A, Streams> = _tag === "Text"
      ? yield* printText(columns, names)
      : _tag === "Csv"
      ? asCsv(names ?? fields)
      : _tag === "Raw"
      ? printBodies(bodies)
      : asJson(names)
    let isFirst = true
    const next = (page: ReadonlyArray<A>) =>
      Effect.suspend(() => {
        const wasFirst = isFirst
        isFirst = false
        return printPage(page, wasFirst)
      })
    yield* forEachPage(Stream.mapError(items, error => report.ofError(error, target)), next).pipe(
      // an empty page, or one that could not be decoded
      _tag === "Raw" ? Effect.ensuring(Effect.suspend(() => printPage([], isFirst))) : self => self
    )
    if (!isFirst) return
    if (_tag === "Text") yield* Console.log(none)
    if (_tag === "Csv") yield* printPage([], true)
  })

/** The largest page of the service, which needs the fewest requests. */
const page_size = 1000

/** The size of equal pages that have the limit together, with less than one item too many for each page. */
const pageSizeOf = (limit: number): number => Math.ceil(limit / Math.ceil(limit / page_size))

export interface Filter
  extends Pick<RoomSessions.ListOptions, "room_id" | "room_name" | "room_name_matches" | "status">
{
  readonly limit: number | undefined
}

export const sessions = ({ limit, since, until, ...filter }: Filter & period.Options, mode: Mode, bodies: raw.Bodies) =>
  Effect.gen(function*() {
    const service = yield* RoomSessions.RoomSessions
    const isInPeriod = yield* Effect.flatMap(period.make({ since, until }), period.filterOf)
    // sessions that start meanwhile shift the pages
    const all = service.list({
      ...filter,
      distinct: true,
      // how many sessions of a page are in a period is not known
      page_size: limit === undefined || (since ?? until) !== undefined ? page_size : pageSizeOf(limit)
    }).pipe(Stream.filter(isInPeriod))
    const items = limit === undefined ? all : Stream.take(all, limit)
    yield* print(items, { columns: tables.sessions, fields: fields.sessions, none: "No room sessions." }, mode, bodies)
  })

/** Prints a list of what belongs to one session. */
const ofSession = <A extends Item>(
  itemsOf: (service: RoomSessions.Service, id: string) => Stream.Stream<A, RoomSessions.ListError>,
  list: List<A>
) =>
(id: string, mode: Mode, bodies: raw.Bodies) =>
  Effect.flatMap(RoomSessions.RoomSessions, service => print(itemsOf(service, id), list, mode, bodies))

export const members = ofSession(
  (service, id) => service.members(id, { page_size }),
  { columns: tables.members, fields: fields.members, none: "No members." }
)

export const events = ofSession(
  (service, id) => service.events(id, { page_size }),
  { columns: tables.events, fields: fields.events, none: "No events." }
)

export const recordings = ofSession(
  (service, id) => service.recordings(id, { page_size }),
  { columns: tables.recordings, fields: fields.recordings, none: "No recordings." }
)
