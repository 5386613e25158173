/** Downloads the file of a recording. It is loaded by the command that needs it. */
import { RecordingDownload, RoomRecordings } from "@effect-signalwire/core"
import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { open, rename, rm } from "node:fs/promises"
import { CommandError } from "./CommandError.ts"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import { checkIsFile, checkIsNew, io } from "./files/files.ts"
import { lock } from "./files/lock.ts"
import * as format from "./format.ts"
import * as interrupted from "./interrupted.ts"
import * as json from "./json.ts"
import * as partFile from "./partFile.ts"
import * as progress from "./progress.ts"
import * as report from "./report.ts"
import { withSignOfLife } from "./slow.ts"
import { Target } from "./target.ts"
import { notice } from "./terminal.ts"

/** `video/mp4` and `mp4` are files with the extension `mp4`. */
const extensionOf = (format: string | null): string => /([a-z0-9]+)$/i.exec(format ?? "")?.[1]?.toLowerCase() ?? "mp4"

const exitCodeOf = ({ reason, status = 0 }: RecordingDownload.DownloadError): ExitCode => {
  if (reason === "Incomplete" || reason === "Transport") return exitCodes.network
  if (reason !== "Status") return reason === "NoFile" ? exitCodes.other : exitCodes.unusableResponse
  if (status === 404) return exitCodes.notFound
  if (status === 429) return exitCodes.rateLimited
  return status === 408 || status >= 500 ? exitCodes.service : exitCodes.unusableResponse
}

const adviceOn = ({ reason, received, status }: RecordingDownload.DownloadError, partPath: string): string => {
  const isOfOther = reason === "Changed" || reason === "Unidentified" || reason === "SizeMismatch" || status === 416
  if (received > 0 && isOfOther) {
    return `Remove ${partPath}, and download it again.`
  }
  switch (reason) {
    case "NoFile":
      return "The service has no address of its file, which a recording has once its status is completed: see room-session recordings ID."
    case "Incomplete":
      return "Run the same command again: it continues where it ended."
    case "Transport":
      return "Check the network, the proxy and the certificates."
    case "NotAFile":
      return "Check that no proxy responds in place of the host of the recording."
    default:
      return "Try again later."
  }
}

const ofDownloadError = (error: RecordingDownload.DownloadError, partPath: string): CommandError =>
  new CommandError({
    exitCode: exitCodeOf(error),
    details: { tag: error._tag, status: error.status, retryable: error.isRetryable },
    lines: [`${error.message}.`, adviceOn(error, partPath)]
  })

/** How often a link that has expired is replaced by a new one. */
const maxLinks = 5

interface Options {
  readonly id: string
  readonly path: string | undefined
  readonly quiet: boolean
  /** Whether the summary and the errors are JSON. */
  readonly asJson: boolean
}

const fileAdvice = "Pass another file with --out."

export const run = (options: Options) =>
  Effect.gen(function*() {
    const { asJson, id, path: given } = options
    const quiet = options.quiet || asJson
    if (given !== undefined) yield* checkIsFile(given, fileAdvice)
    const { get } = yield* RoomRecordings.RoomRecordings
    const target = yield* Target
    const fetch = Effect.mapError(withSignOfLife(get(id)), error => report.ofError(error, target))
    const first = yield* fetch
    const path = given ?? `${first.id}.${extensionOf(first.format)}`
    yield* checkIsNew(path, fileAdvice)
    yield* lock(path)
    const partPath = partFile.pathOf(path)
    const part = yield* partFile.read(path, first.id, first.size_in_bytes ?? undefined)
    const state = {
      done: part.received,
      failed: 0,
      total: first.size_in_bytes ?? undefined,
      etag: part.etag
    }
    const start = yield* Clock.currentTimeMillis
    const scope = yield* Effect.scope
    // the first bytes create the file, so that a download that fails at its start leaves nothing
    const openPart = yield* Effect.cached(Effect.suspend(() =>
      Effect.zipRight(
        partFile.writeSource(path, new partFile.Source({ recording: first.id, etag: state.etag, size: state.total })),
        Scope.extend(
          Effect.acquireRelease(
            io(partPath, () => open(partPath, part.exists ? "a" : "ax")),
            file => Effect.promise(() => file.close())
          ),
          scope
        )
      )
    ))

    const download = (
      recording: typeof first,
      links: number
    ): Effect.Effect<void, CommandError, Effect.Effect.Context<typeof fetch> | HttpClient.HttpClient> =>
      RecordingDownload.download(recording, {
        resumeFrom: state.done,
        etag: state.etag,
        onProgress: ({ etag, total }) =>
          Effect.sync(() => {
            state.total = total ?? state.total
            state.etag = etag
          })
      }).pipe(
        Stream.runForEach(chunk =>
          Effect.uninterruptible(Effect.flatMap(openPart, file =>
            Effect.map(io(partPath, () => file.appendFile(chunk)), () => {
              state.done += chunk.byteLength
            })))
        ),
        Effect.catchTags({
          SignalWireDownloadError: error =>
            Effect.fail(ofDownloadError(error, partPath)),
          SignalWireLinkExpired: (error): ReturnType<typeof download> => {
            state.etag = error.etag
            return links >= maxLinks
              ? Effect.fail(
                new CommandError({
                  exitCode: exitCodes.unauthorized,
                  details: { tag: error._tag, status: 403 },
                  lines: [`${error.message}.`, "Try again later."]
                })
              )
              : Effect.flatMap(fetch, next => download(next, links + 1))
          }
        })
      )

    yield* Effect.scoped(Effect.zipRight(progress.show(state, progress.bytes, quiet), download(first, 0)))
      .pipe(
        Effect.provide(UndiciHttpClient.layerConfig(
          target._tag === "Space" && target.proxy !== undefined ? { proxy: "environment" } : {}
        )),
        Effect.mapError(error => error._tag === "CommandError" ? error : report.ofConfigError(error)),
        Effect.onInterrupt(() =>
          interrupted.print(
            state.done === 0
              ? []
              : [`${partPath} has ${format.size(state.done)}.`, "To continue, run the same command."],
            options
          )
        )
      )
    yield* openPart
    yield* checkIsNew(path, fileAdvice)
    yield* io(path, async () => {
      await rename(partPath, path)
      await rm(partFile.sourcePathOf(path))
    })
    if (options.quiet) return
    if (asJson) return yield* Console.log(json.stringify({ file: path, size: state.done, before: part.received }))
    const elapsed = Duration.millis((yield* Clock.currentTimeMillis) - start)
    yield* notice(`Downloaded ${format.size(state.done)} to ${path}, in ${format.took(elapsed)}.`)
  }).pipe(Effect.scoped)
