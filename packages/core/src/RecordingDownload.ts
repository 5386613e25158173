/**
 * The file of a recording. It is on another host than the service, behind a link that opens it without credentials and expires.
 *
 * @since 1.0.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { RoomRecording } from "./RoomRecording.ts"
import { findInvalid, namesOf } from "./internal/options.ts"
import { responseIn } from "./internal/request/httpClientTransport.ts"

/**
 * The link has expired, or was never valid. `RoomRecordings.get` gives the recording with a new link, and `resumeFrom` continues the
 * download.
 *
 * @since 1.0.0
 * @category errors
 */
export class LinkExpired extends Data.TaggedError("SignalWireLinkExpired")<{
  /** How many bytes of the file were received, those before `resumeFrom` included. */
  readonly received: number
  /** Identifies the file, where its host does, for the `etag` of the download that continues. */
  readonly etag: string | undefined
}> {
  override readonly message =
    "the link of the recording has expired (status 403): get the recording again for a new one"
}

const reasons = {
  NoFile: "the recording has no file yet",
  InvalidOptions:
    "its options are not an object with resumeFrom, etag, maxBytes, idleTimeout, maxRetries and onProgress alone",
  InvalidResumeFrom: "resumeFrom is not a whole number of at least 0",
  InvalidLink: "its link is not an http or https URL",
  Status: "its host responded with another status",
  Changed: "its host sent another part of the file than the rest, or another file",
  Compressed: "its host compressed it, though it was asked not to",
  NotAFile: "its host sent a page or a document of JSON in place of the file",
  SizeMismatch: "the file does not have the size of the recording",
  TooLarge: "the file is larger than maxBytes",
  Incomplete: "no connection, a closed connection, or nothing arrived for too long"
} as const

/**
 * The file could not be downloaded. The error has no link: whoever has a link can download the file.
 *
 * @since 1.0.0
 * @category errors
 */
export class DownloadError extends Data.TaggedError("SignalWireDownloadError")<{
  /** Why; `message` says it in words. */
  readonly reason: keyof typeof reasons
  /** How many bytes of the file were received, those before `resumeFrom` included. */
  readonly received: number
  /** Identifies the file, where its host does, for the `etag` of the download that continues. */
  readonly etag?: string | undefined
  /** The status of the response, where there was one and it is the reason. */
  readonly status?: number
}> {
  override readonly message = `the recording cannot be downloaded: ${reasons[this.reason]}${
    this.status === undefined ? "" : ` (status ${this.status})`
  }`
}

/**
 * How far a download is, in bytes.
 *
 * @since 1.0.0
 * @category models
 */
export interface Progress {
  /** Those before `resumeFrom` included. */
  readonly received: number
  /** The size of the file; undefined where its host does not tell. */
  readonly total: number | undefined
  /** Identifies the file, where its host does, for the `etag` of a download that continues. */
  readonly etag: string | undefined
}

/**
 * Where a download starts, and its limits.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /** How many bytes of the file there are already; default 0. */
  readonly resumeFrom?: number | undefined
  /** The `etag` of the error that ended the download before: another file is `Changed` then, and not appended. */
  readonly etag?: string | undefined
  /** The largest file, in bytes; default 64 GiB. */
  readonly maxBytes?: number | undefined
  /** The longest time in which nothing arrives; default 30 s. */
  readonly idleTimeout?: Duration.DurationInput | undefined
  /** How often the download is continued after an error, counted anew whenever bytes arrive; default 5. */
  readonly maxRetries?: number | undefined
  /** Runs after each part of the file. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

const optionNames = namesOf<Options>({
  resumeFrom: true,
  etag: true,
  maxBytes: true,
  idleTimeout: true,
  maxRetries: true,
  onProgress: true
})

interface State {
  received: number
  total: number | undefined
  /** Identify the file, so that a download is continued with the same one. */
  etag: string | undefined
  lastModified: string | undefined
}

const toRequest = (link: URL, { etag, lastModified, received }: State): HttpClientRequest.HttpClientRequest => {
  const validator = etag ?? lastModified
  return HttpClientRequest.get(link, {
    headers: {
      "accept-encoding": "identity",
      ...(received === 0 ? {} : { range: `bytes=${received}-` }),
      ...(received === 0 || validator === undefined ? {} : { "if-range": validator })
    }
  })
}

/** `bytes 100-199/200`: where a part begins, and how large the whole is. A 416 has a star in place of the part. */
const parseRange = (header = "") => {
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(header) ?? []
  return { start: Number(start), total: total === undefined || total === "*" ? undefined : Number(total) }
}

const differ = (known: string | number | undefined, found: string | number | undefined): boolean =>
  known !== undefined && found !== undefined && known !== found

/** Whether the response is about the file that the download began with, as far as both tell. */
const isSameFile = (
  state: State,
  etag: string | undefined,
  lastModified: string | undefined,
  total: number | undefined
) => !differ(state.etag, etag) && !differ(state.lastModified, lastModified) && !differ(state.total, total)

/** What a login page, or an error with the status 200, has. */
const isNotAFile = (contentType = ""): boolean =>
  /^\s*(?:text\/html|application\/(?:xhtml\+xml|json|[^;]+\+json))\s*(?:;|$)/i.test(contentType)

/** Fails unless the response is the rest of the file. Succeeds with whether there is anything more of it. */
const check = (
  { headers, status }: HttpClientResponse.HttpClientResponse,
  state: State,
  expected: number | undefined,
  maxBytes: number
): Effect.Effect<boolean, LinkExpired | DownloadError> => {
  const { received } = state
  const known = { received, etag: state.etag }
  const range = parseRange(headers["content-range"])
  if (status === 403) return new LinkExpired(known)
  if (status === 416 && range.total === received && !differ(state.total, received)) return Effect.succeed(false)
  if (status !== 200 && status !== 206) return new DownloadError({ ...known, reason: "Status", status })
  if (!["", "identity"].includes(headers["content-encoding"] ?? "")) {
    return new DownloadError({ ...known, reason: "Compressed" })
  }
  if (isNotAFile(headers["content-type"])) return new DownloadError({ ...known, reason: "NotAFile" })
  // a weak one does not tell that the bytes are the same (RFC 9110, 13.1.5)
  const etag = headers["etag"]?.startsWith("W/") === true ? undefined : headers["etag"]
  const lastModified = headers["last-modified"]
  const length = headers["content-length"]
  const total = received === 0 ? (length === undefined ? undefined : Number(length)) : range.total
  const isRest = received === 0 ? status === 200 : status === 206 && range.start === received
  if (!isRest || (received > 0 && !isSameFile(state, etag, lastModified, total))) {
    return new DownloadError({ ...known, reason: "Changed", status })
  }
  if (differ(expected, total)) return new DownloadError({ ...known, reason: "SizeMismatch" })
  state.total = total ?? state.total
  state.etag ??= etag
  state.lastModified ??= lastModified
  return (state.total ?? 0) > maxBytes
    ? new DownloadError({ ...known, reason: "TooLarge" })
    : Effect.succeed(true)
}

type Client = HttpClient.HttpClient.With<unknown, Scope.Scope>

const incomplete = ({ etag, received }: State) => new DownloadError({ reason: "Incomplete", received, etag })

/** From where the download is to its end. Of all transports, only fetch follows redirects by itself. */
const rest = (
  client: Client,
  link: URL,
  state: State,
  /** The size that the recording has. */
  expected: number | undefined,
  { idleTimeout = "30 seconds", maxBytes = 64 * 2 ** 30, onProgress }: Options
): Stream.Stream<Uint8Array, LinkExpired | DownloadError> =>
  Stream.unwrapScoped(
    client.execute(toRequest(link, state)).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      Effect.timeoutFail({ duration: idleTimeout, onTimeout: () => incomplete(state) }),
      // an application's own client may fail for statuses
      Effect.catchAll(error => {
        const response = responseIn(error)
        return response === undefined ? Effect.fail(incomplete(state)) : Effect.succeed(response)
      }),
      Effect.bindTo("response"),
      Effect.bind("isMore", ({ response }) => check(response, state, expected, maxBytes)),
      Effect.map(({ isMore, response }) =>
        !isMore ? Stream.empty : response.stream.pipe(
          Stream.timeoutFail(() => incomplete(state), idleTimeout),
          Stream.catchAll(() => Stream.fail(incomplete(state))),
          Stream.tap(chunk => {
            if (state.received + chunk.byteLength > maxBytes) {
              return new DownloadError({ reason: "TooLarge", received: state.received, etag: state.etag })
            }
            state.received += chunk.byteLength
            return onProgress?.({ received: state.received, total: state.total, etag: state.etag }) ?? Effect.void
          })
        )
      )
    )
  ).pipe(
    // a host that closes the connection early is no error for every transport
    Stream.concat(
      Stream.suspend(() => {
        const size = state.total ?? expected ?? 0
        if (state.received < size) return Stream.fail(incomplete(state))
        return differ(expected, state.received)
          ? Stream.fail(new DownloadError({ reason: "SizeMismatch", received: state.received, etag: state.etag }))
          : Stream.empty
      })
    )
  )

/**
 * Downloads the file of a recording with the `HttpClient` of the context, without any credentials and without spans, which would show
 * the link. A download that ends early is continued with a `Range` request, if the file is still the same.
 *
 * @see https://signalwire.com/docs/apis/rest/video/room-recordings/get-room-recording
 * @since 1.0.0
 * @category streams
 * @example
 * import { RecordingDownload, type RoomRecording } from "@effect-signalwire/core"
 * import { FileSystem } from "@effect/platform"
 * import { Effect, Stream } from "effect"
 *
 * const save = (recording: RoomRecording.RoomRecording, path: string) =>
 *   Effect.flatMap(FileSystem.FileSystem, files => Stream.run(RecordingDownload.download(recording), files.sink(path)))
 */
export const download = (
  recording: Pick<RoomRecording, "uri"> & Partial<Pick<RoomRecording, "size_in_bytes">>,
  options: Options = {}
): Stream.Stream<Uint8Array, LinkExpired | DownloadError, HttpClient.HttpClient> =>
  Stream.unwrap(Effect.map(HttpClient.HttpClient, httpClient => {
    if (findInvalid(options, optionNames).length > 0) {
      return Stream.fail(new DownloadError({ reason: "InvalidOptions", received: 0 }))
    }
    const state: State = {
      received: options.resumeFrom ?? 0,
      total: undefined,
      etag: options.etag,
      lastModified: undefined
    }
    if (!Number.isSafeInteger(state.received) || state.received < 0) {
      return Stream.fail(new DownloadError({ reason: "InvalidResumeFrom", received: 0 }))
    }
    if (recording.uri === null) return Stream.fail(new DownloadError({ reason: "NoFile", received: state.received }))
    const link = URL.canParse(recording.uri) ? new URL(recording.uri) : undefined
    if (link === undefined || !/^https?:$/.test(link.protocol)) {
      return Stream.fail(new DownloadError({ reason: "InvalidLink", received: state.received }))
    }
    const client = httpClient.pipe(
      HttpClient.withScope,
      HttpClient.withTracerPropagation(false),
      HttpClient.withTracerDisabledWhen(() => true)
    )
    const isRetried = (error: LinkExpired | DownloadError): boolean =>
      error._tag === "SignalWireDownloadError" &&
      (error.reason === "Incomplete" || (error.reason === "Status" && (error.status ?? 0) >= 500))
    return Stream.suspend(() => rest(client, link, state, recording.size_in_bytes ?? undefined, options)).pipe(
      Stream.retry(
        Schedule.exponential("300 millis").pipe(
          Schedule.intersect(Schedule.recurs(options.maxRetries ?? 5)),
          Schedule.whileInput(isRetried)
        )
      )
    )
  }))
