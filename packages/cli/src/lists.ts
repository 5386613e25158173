/** Prints the lists. It is loaded by the commands that need it, since the others start faster without it. */
import { RoomSessions } from "@effect-signalwire/core"
import * as Chunk from "effect/Chunk"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as json from "./json.ts"
import * as report from "./report.ts"
import * as table from "./table.ts"
import * as tables from "./tables.ts"
import { Target } from "./target.ts"
import { ViewOptions } from "./terminal.ts"

interface Item {
  readonly toJSON: () => object
}

/** Prints each page as soon as it arrives. A list that fails is printed up to its error. */
const print = <A extends Item>(
  items: Stream.Stream<A, RoomSessions.ListError>,
  columns: ReadonlyArray<table.Column<A>>,
  { asJson, none }: { readonly asJson: boolean; readonly none: string }
) =>
  Effect.gen(function*() {
    const target = yield* Target
    const { header, line } = table.make(columns, yield* ViewOptions)
    let isFirst = true
    yield* items.pipe(
      Stream.mapError(error => report.ofError(error, target)),
      Stream.runForEachChunk(chunk => {
        if (Chunk.isEmpty(chunk)) return Effect.void
        const lines = Chunk.toReadonlyArray(chunk).map(asJson ? json.encode : line)
        const text = (isFirst && !asJson ? [header, ...lines] : lines).join("\n")
        isFirst = false
        return Console.log(text)
      })
    )
    if (isFirst && !asJson) yield* Console.log(none)
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

export const sessions = ({ limit, ...filter }: Filter, asJson: boolean) =>
  Effect.flatMap(RoomSessions.RoomSessions, service => {
    // sessions that start meanwhile shift the pages
    const all = service.list({
      ...filter,
      distinct: true,
      page_size: limit === undefined ? page_size : pageSizeOf(limit)
    })
    const items = limit === undefined ? all : Stream.take(all, limit)
    return print(items, tables.sessions, { asJson, none: "No room sessions." })
  })

export const members = (id: string, asJson: boolean) =>
  Effect.flatMap(
    RoomSessions.RoomSessions,
    service => print(service.members(id, { page_size }), tables.members, { asJson, none: "No members." })
  )

export const events = (id: string, asJson: boolean) =>
  Effect.flatMap(
    RoomSessions.RoomSessions,
    service => print(service.events(id, { page_size }), tables.events, { asJson, none: "No events." })
  )

export const recordings = (id: string, asJson: boolean) =>
  Effect.flatMap(
    RoomSessions.RoomSessions,
    service => print(service.recordings(id, { page_size }), tables.recordings, { asJson, none: "No recordings." })
  )
