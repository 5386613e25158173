import { RequestPolicy, type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodeRuntime } from "@effect/platform-node"
import { stringify } from "csv-stringify/sync"
import { BigDecimal, Chunk, Console, Duration, Effect, Stream } from "effect"

const row = ({ cost_in_dollars, display_name, duration, id }: RoomSession.RoomSession) => [
  id,
  display_name,
  duration === null ? null : Duration.toSeconds(duration),
  cost_in_dollars === null ? null : BigDecimal.format(cost_in_dollars)
]

/** With `escape_formulas`, a spreadsheet shows a name such as `=1+1` as text and does not evaluate it. */
const toCsv = (rows: ReadonlyArray<ReadonlyArray<unknown>>) =>
  stringify([...rows], { escape_formulas: true, record_delimiter: "windows" })

const header = toCsv([["id", "name", "seconds", "dollars"]])

/** Each completed session with its duration and cost. An unknown value is empty. At most one page is in memory. */
const lines = Stream.unwrap(
  Effect.map(
    RoomSessions.RoomSessions,
    sessions =>
      sessions.list({ status: "completed", page_size: 1000, distinct: true }).pipe(
        Stream.mapChunks(page => Chunk.of(toCsv(Chunk.toReadonlyArray(Chunk.map(page, row)))))
      )
  )
)

/** Writes the file. An export that fails or is interrupted leaves no file. */
const exportTo = (file: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const part = `${file}.part`
    yield* Stream.concat(Stream.succeed(header), lines).pipe(
      Stream.encodeText,
      Stream.run(fs.sink(part)),
      Effect.zipRight(fs.rename(part, file)),
      Effect.onError(() => Effect.ignore(fs.remove(part)))
    )
    yield* Console.log(`Exported to ${file}`)
  }).pipe(
    RequestPolicy.with(RequestPolicy.batch)
  )

NodeRuntime.runMain(
  exportTo(process.argv[2] ?? "sessions.csv").pipe(
    Effect.provide([NodeSignalWire.layerConfig(), NodeFileSystem.layer])
  )
)
