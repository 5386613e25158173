/** Exports sessions to a file. It is loaded by the command that needs it. */
import { RequestPolicy, RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { appendFile, readFile, rm } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { AlreadyPrinted, CommandError } from "../CommandError.ts"
import { codeOf } from "../errorCode.ts"
import { exitCodes } from "../exitCodes.ts"
import { checkIsFile, io, readText } from "../files/files.ts"
import { lock } from "../files/lock.ts"
import * as format from "../format.ts"
import * as interrupted from "../interrupted.ts"
import * as json from "../json.ts"
import type { Connection, Part } from "../options.ts"
import * as period from "../period.ts"
import * as progress from "../progress.ts"
import * as report from "../report.ts"
import { policyOf } from "../spaceTarget.ts"
import { Target } from "../target.ts"
import { notice } from "../terminal.ts"
import * as ndjson from "./ndjson.ts"
import * as record from "./record.ts"
import type { ExportedSession, Open, Sink } from "./sink.ts"

export interface Options {
  readonly filter: Pick<RoomSessions.ListOptions, "room_id" | "room_name" | "room_name_matches" | "status">
  readonly period: period.Options
  /** The file of the ids, or `-`. */
  readonly ids: string | undefined
  readonly format: "ndjson" | "csv" | "sqlite"
  readonly path: string
  readonly parts: ReadonlyArray<Part>
  readonly resume: boolean
  readonly quiet: boolean
  /** Whether the summary and the errors are JSON. */
  readonly asJson: boolean
  readonly connection: Connection
}

const sqliteMissing = new CommandError({
  exitCode: exitCodes.configuration,
  details: { tag: "ConfigError" },
  lines: [
    "--format sqlite needs the package better-sqlite3, which is not installed.",
    "Install it beside this command: npm install --global better-sqlite3@12"
  ]
})

const openers = {
  ndjson: Effect.succeed(ndjson.open),
  csv: Effect.promise(async () => (await import("./csvFiles.ts")).open),
  sqlite: Effect.tryPromise({ try: async () => (await import("./sqlite.ts")).open, catch: () => sqliteMissing })
} satisfies Record<Options["format"], Effect.Effect<Open, CommandError>>

const readIds = (path: string): Effect.Effect<ReadonlyArray<string>, CommandError> =>
  Effect.tryPromise({
    try: async () => {
      const content = path === "-" ? await text(process.stdin) : await readFile(path, "utf8")
      return content.split("\n").map(line => line.trim()).filter(line => line !== "")
    },
    catch: error =>
      report.ofUsage(
        `the file of --ids cannot be read (${codeOf(error)}).`
      )
  })

interface FailedId {
  readonly id: string
  readonly error: CommandError
}

/** A session, or the error of an id. */
type Item = Either.Either<{ readonly id: string; readonly session: RoomSession.RoomSessionSummary }, FailedId>

const listItems = ({ filter, parts }: Options, sink: Sink, state: progress.Progress) =>
  Effect.gen(function*() {
    const service = yield* RoomSessions.RoomSessions
    const target = yield* Target
    const isInPeriod = yield* period.filterOf(sink.record)
    // sessions that start meanwhile shift the pages, so that some come twice
    const seen = new Set(sink.ids)
    return service.list({ ...filter, page_size: parts.length === 0 ? 1000 : 100 }).pipe(
      Stream.mapChunks(page => {
        state.pages = (state.pages ?? 0) + 1
        return page
      }),
      Stream.filter(session => {
        const key = session.id.toLowerCase()
        if (!isInPeriod(session) || seen.has(key)) return false
        seen.add(key)
        return true
      }),
      Stream.map((session): Item => Either.right({ id: session.id, session })),
      Stream.mapError(error => report.ofError(error, target))
    )
  })

/** Calls at the same time. */
const concurrency = 16

const fetchItems = (ids: ReadonlyArray<string>) =>
  Effect.map(
    Effect.all([RoomSessions.RoomSessions, Target]),
    ([{ getMany }, target]) =>
      getMany(ids, { concurrency, unordered: true }).pipe(
        Stream.map(({ id, result }): Item =>
          Either.mapBoth(result, {
            onLeft: error => ({ id, error: report.ofError(error, target) }),
            onRight: session => ({ id, session })
          })
        ),
        Stream.mapError(error => report.ofError(error, target)),
        Stream.rechunk(100)
      )
  )

/** Adds the parts to a session. */
const withParts = (parts: ReadonlyArray<Part>) => (item: Item) =>
  Effect.gen(function*() {
    if (Either.isLeft(item)) return Either.left(item.left)
    const service = yield* RoomSessions.RoomSessions
    const target = yield* Target
    const { id, session } = item.right
    const itemsOf = (part: Part): Stream.Stream<{ readonly toJSON: () => object }, RoomSessions.ListError> =>
      part === "members" ? service.members(id, { page_size: 1000 }) : service.recordings(id, { page_size: 1000 })
    const fetched = yield* Effect.forEach(parts, part =>
      Effect.map(
        Stream.runCollect(itemsOf(part)),
        (all): readonly [Part, ReadonlyArray<object>] => [part, Chunk.toReadonlyArray(all).map(one => one.toJSON())]
      )).pipe(Effect.either)
    if (Either.isRight(fetched)) {
      return Either.right<ExportedSession>({ id, session: session.toJSON(), parts: Object.fromEntries(fetched.right) })
    }
    const error = report.ofError(fetched.left, target)
    // only wrong credentials end an export, as with `getMany`: a firewall can send a 403 for one request
    return fetched.left._tag === "SignalWireUnauthorized" ? yield* error : Either.left({ id, error })
  })

const count = progress.sessions.amount

/** Whether each line is the error of an id, as an export writes it; the last line may be cut. */
const isOfErrors = (content: string): boolean =>
  content.split("\n").slice(0, -1).every(line => /^\{"id":".*,"tag":".*"advice":\[.*\]\}$/.test(line))

/** Fails where there is a file of errors that no export wrote, or one while the export is a new one. */
const checkFailedFile = (path: string, resume: boolean) =>
  Effect.gen(function*() {
    const content = yield* readText(path)
    if (content === undefined || (resume && isOfErrors(content))) return
    return yield* report.ofUsage(
      `there is a file ${path} already, for what fails.`,
      "Rename or remove it, or pass another file with --out."
    )
  })

const stdoutAdvice = "To write to standard output, use room-session list --json or --csv."

export const run = (options: Options) =>
  Effect.gen(function*() {
    const { asJson, connection, filter, format: name, parts, path, resume } = options
    const quiet = options.quiet || asJson
    yield* checkIsFile(path, stdoutAdvice)
    const ids = options.ids === undefined
      ? undefined
      : yield* Effect.onInterrupt(readIds(options.ids), () => interrupted.print([], options))
    const fields = Object.keys(
      (ids === undefined ? RoomSession.RoomSession : RoomSession.RoomSessionSummary).fields
    )
    const { origin } = yield* Target
    const open: Open = yield* openers[name]
    yield* lock(path)
    const failedPath = `${path}.failed.ndjson`
    yield* checkFailedFile(failedPath, resume)
    const sink = yield* open({
      path,
      resume,
      parts,
      fields,
      record: yield* record.make(origin, options.period, {
        format: name,
        with: parts.length === 0 ? undefined : parts.join(),
        // other ids may be added to a file
        ids: ids === undefined ? undefined : "FILE",
        status: filter.status,
        "room-id": filter.room_id,
        "room-name": filter.room_name,
        "room-name-matches": filter.room_name_matches
      })
    })

    const unique = ids === undefined ? undefined : [...new Map(ids.map(id => [id.toLowerCase(), id])).values()]
    const remaining = unique?.filter(id => !sink.ids.has(id.toLowerCase()))
    const state: progress.Progress = { done: 0, failed: 0, total: remaining?.length }
    const start = yield* Clock.currentTimeMillis
    const items = remaining === undefined ? yield* listItems(options, sink, state) : yield* fetchItems(remaining)

    let isStarted = sink.ids.size > 0
    let hasReplacedErrors = false
    const writeItems = (completed: ReadonlyArray<Either.Either<ExportedSession, FailedId>>) =>
      Effect.uninterruptible(Effect.gen(function*() {
        const sessions = completed.flatMap(item => Either.isRight(item) ? [item.right] : [])
        const failed = completed.flatMap(item => Either.isLeft(item) ? [item.left] : [])
        const lines = failed.map(({ error, id }) => `${json.encodeError(error, id)}\n`).join("")
        // what failed before is tried again
        if (!hasReplacedErrors) yield* io(failedPath, () => rm(failedPath, { force: true }))
        hasReplacedErrors = true
        yield* sink.write(sessions)
        isStarted = true
        if (lines !== "") yield* io(failedPath, () => appendFile(failedPath, lines))
        state.done += sessions.length
        state.failed += failed.length
      }))
    const write = (batch: Chunk.Chunk<Item>) =>
      Effect.flatMap(
        Effect.forEach(batch, withParts(parts), { concurrency: parts.length === 0 ? 1 : concurrency }),
        writeItems
      )

    /** How to continue; nothing where nothing was written. */
    const advice = () =>
      isStarted
        ? [
          `${path} has ${count(sink.ids.size + state.done)} whole sessions.`,
          "To continue, run the same command with --resume."
        ]
        : []
    yield* Effect.scoped(Effect.zipRight(
      progress.show(state, progress.sessions, quiet),
      // the end creates the file of an export without sessions
      Effect.zipRight(Stream.runForEachChunk(items, write), writeItems([]))
    )).pipe(
      RequestPolicy.with(policyOf(connection)),
      RequestPolicy.with(RequestPolicy.batch),
      Effect.catchTag("CommandError", error =>
        new CommandError({
          exitCode: error.exitCode,
          ...(error.details === undefined ? {} : { details: error.details }),
          lines: [...error.lines, ...(isStarted ? [advice().join(" ")] : [])]
        })),
      Effect.catchAll(error => error._tag === "CommandError" ? Effect.fail(error) : Effect.die(error)),
      Effect.onInterrupt(() => interrupted.print(advice(), options))
    )
    const elapsed = Duration.millis((yield* Clock.currentTimeMillis) - start)
    if (asJson && !options.quiet) {
      yield* Console.log(json.stringify({
        file: path,
        exported: state.done,
        before: sink.ids.size,
        failed: state.failed,
        failedFile: state.failed === 0 ? null : failedPath
      }))
    } else if (!quiet) {
      const before = sink.ids.size === 0 ? "" : `, which had ${count(sink.ids.size)}`
      yield* notice(
        `Exported ${count(state.done)} ${state.done === 1 ? "session" : "sessions"} to ${path}${before}, in ${
          format.took(elapsed)
        }.`
      )
    }
    if (state.failed === 0) return
    if (!asJson) {
      yield* notice(
        `${
          count(state.failed)
        } failed: ${failedPath} has their ids and errors. To try them again, run the same command with --resume.`
      )
    }
    return yield* new AlreadyPrinted({ exitCode: exitCodes.other })
  }).pipe(Effect.scoped)
