/** Downloads the file of a recording. It is loaded by the command that needs it. */
import { RecordingDownload, RoomRecordings } from "@effect-signalwire/core"
import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { existsSync } from "node:fs"
import { open, rename, rm, stat } from "node:fs/promises"
import { CommandError } from "./CommandError.ts"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import { io } from "./export/appendFile.ts"
import * as progress from "./export/progress.ts"
import { fileError } from "./export/sink.ts"
import * as format from "./format.ts"
import * as report from "./report.ts"
import { withSignOfLife } from "./slow.ts"
import { Target } from "./target.ts"
import { notice } from "./terminal.ts"

/** `video/mp4` and `mp4` are files with the extension `mp4`. */
const extensionOf = (format: string | null): string => /([a-z0-9]+)$/i.exec(format ?? "")?.[1]?.toLowerCase() ?? "mp4"

const exitCodeOf = ({ reason, status = 0 }: RecordingDownload.DownloadError): ExitCode => {
  if (reason === "Incomplete") return exitCodes.network
  if (reason !== "Status") return reason === "NoFile" ? exitCodes.other : exitCodes.unusableResponse
  return status === 404 ? exitCodes.notFound : status >= 500 ? exitCodes.service : exitCodes.unusableResponse
}

const adviceOn = ({ reason }: RecordingDownload.DownloadError): string => {
  switch (reason) {
    case "NoFile":
      return "A recording has a file when its status is completed: see room-session recordings ID."
    case "Changed":
      return "Remove the file with the extension .part, and download it again."
    case "Incomplete":
      return "Run the same command again: it continues where it ended."
    default:
      return "Try again later."
  }
}

const ofDownloadError = (error: RecordingDownload.DownloadError): CommandError =>
  new CommandError({
    exitCode: exitCodeOf(error),
    details: { tag: error._tag, status: error.status, retryable: error.reason === "Incomplete" },
    lines: [`${error.message}.`, adviceOn(error)]
  })

/** How often a link that has expired is replaced by a new one. */
const maxLinks = 5

interface Options {
  readonly id: string
  readonly path: string | undefined
  readonly quiet: boolean
}

export const run = ({ id, path: given, quiet }: Options) =>
  Effect.gen(function*() {
    const { get } = yield* RoomRecordings.RoomRecordings
    const target = yield* Target
    const fetch = Effect.mapError(withSignOfLife(get(id)), error => report.ofError(error, target))
    const first = yield* fetch
    const path = given ?? `${first.id}.${extensionOf(first.format)}`
    const partPath = `${path}.part`
    if (existsSync(path)) {
      return yield* report.ofUsage(`there is a file ${path} already.`, "Pass another file with --out.")
    }
    // the bytes of an earlier download that was interrupted
    const received = existsSync(partPath) ? (yield* io(partPath, () => stat(partPath))).size : 0
    const file = yield* Effect.acquireRelease(
      io(partPath, () => open(partPath, "a")),
      file => Effect.promise(() => file.close())
    )
    const state: progress.Progress = { done: received, failed: 0, total: first.size_in_bytes ?? undefined }
    const start = yield* Clock.currentTimeMillis

    const download = (
      recording: typeof first,
      etag: string | undefined,
      links: number
    ): Effect.Effect<void, CommandError, Effect.Effect.Context<typeof fetch> | HttpClient.HttpClient> =>
      RecordingDownload.download(recording, {
        resumeFrom: state.done,
        etag,
        onProgress: ({ total }) =>
          Effect.sync(() => {
            state.total = total ?? state.total
          })
      }).pipe(
        Stream.runForEach(chunk =>
          Effect.map(
            Effect.uninterruptible(Effect.tryPromise({
              try: () => file.appendFile(chunk),
              catch: error => fileError(partPath, error)
            })),
            () => {
              state.done += chunk.byteLength
            }
          )
        ),
        Effect.catchTags({
          SignalWireDownloadError: error => Effect.fail(ofDownloadError(error)),
          SignalWireLinkExpired: (error): ReturnType<typeof download> =>
            links >= maxLinks
              ? Effect.fail(
                new CommandError({
                  exitCode: exitCodes.unauthorized,
                  details: { tag: error._tag, status: 403 },
                  lines: [`${error.message}.`, "Try again later."]
                })
              )
              : Effect.flatMap(fetch, next => download(next, error.etag, links + 1))
        })
      )

    yield* Effect.scoped(Effect.zipRight(progress.show(state, progress.bytes, quiet), download(first, undefined, 0)))
      .pipe(
        Effect.provide(UndiciHttpClient.layer(
          target._tag === "Space" && target.proxy !== undefined ? { proxy: "environment" } : {}
        )),
        Effect.mapError(error => error._tag === "CommandError" ? error : report.ofConfigError(error)),
        // an empty file continues nothing
        Effect.onError(() => state.done === 0 ? Effect.ignore(io(partPath, () => rm(partPath))) : Effect.void),
        Effect.onInterrupt(() =>
          quiet
            ? Effect.void
            : notice(
              state.done === 0
                ? "Interrupted: nothing was received."
                : `Interrupted: ${partPath} has ${format.size(state.done)}.\nTo continue, run the same command.`
            )
        )
      )
    yield* io(path, () => rename(partPath, path))
    if (quiet) return
    const elapsed = Duration.millis((yield* Clock.currentTimeMillis) - start)
    yield* notice(`Downloaded ${format.size(state.done)} to ${path}, in ${format.took(elapsed)}.`)
  }).pipe(Effect.scoped)
