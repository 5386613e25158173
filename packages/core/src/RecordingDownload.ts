/**
 * The file of a recording. It is on another host than the service, behind a link that opens it without credentials and expires.
 *
 * @since 1.0.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { RoomRecording } from "./RoomRecording.ts"
import { type Limits, readOptions, readRecording } from "./internal/download/options.ts"
import { check, isComplete, type State, toRequest } from "./internal/download/range.ts"
import { isolate, responseIn, type ScopedHttpClient } from "./internal/request/httpClientTransport.ts"
import { isEmptyBody } from "./internal/request/readBody.ts"
import { backoffMillis, delayMillis, retryAfterMillis } from "./internal/request/retry.ts"
import { isTemporary } from "./internal/request/retryable.ts"
import { within } from "./internal/request/timer.ts"
import { classifyCause, is407 } from "./internal/response/transportErrors.ts"

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
  /** The strong entity tag of the file, where its host sends one, for the `etag` of the download that continues. */
  readonly etag: string | undefined
}> {
  override readonly message =
    "the link of the recording has expired (status 403): get the recording again for a new one"

  /** Always false: the same link never works again. */
  get isRetryable(): boolean {
    return false
  }
}

const reasons = {
  NoFile: "the recording has no file yet",
  InvalidRecording: "the recording is not valid",
  InvalidOptions: "an option is not valid",
  InvalidLink: "its link is not an http or https URL, or has a user or a password",
  Status: "its host responded with another status",
  Changed: "its host sent another part of the file than the rest, or another file",
  Compressed: "its host compressed it, though it was asked not to",
  NotAFile: "its host sent a page or a document of JSON in place of the file",
  SizeMismatch: "the file does not have the size of the recording",
  TooLarge: "the file is larger than maxBytes",
  Unidentified: "no etag, date or size tells whether the rest is of the same file",
  Incomplete: "no connection, a closed connection, or nothing arrived for too long",
  Transport: "no connection to its host, or no valid response, which a retry would not change"
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
  /** The strong entity tag of the file, where its host sends one, for the `etag` of the download that continues. */
  readonly etag?: string | undefined
  /** The status of the response, where there was one and it is the reason. */
  readonly status?: number | undefined
  /**
   * The code of the transport, such as `ECONNREFUSED`, where the reason is `Incomplete` or `Transport` and it has one; `ERR_NETWORK` for
   * an error of fetch without further information.
   */
  readonly code?: string | undefined
  /** The delay that the host asks for, where the reason is a status and it asks for one. */
  readonly retryAfter?: Duration.Duration | undefined
  /** The name of the invalid option, where the reason is `InvalidOptions` or `InvalidRecording`. */
  readonly parameter?: string | undefined
  /** A description of the values that `parameter` accepts. */
  readonly expected?: string | undefined
}> {
  override readonly message = `the recording cannot be downloaded: ${
    this.parameter === undefined
      ? reasons[this.reason]
      : `${this.parameter} is not valid: expected ${this.expected ?? "another value"}`
  }${this.status === undefined ? "" : ` (status ${this.status})`}${this.code === undefined ? "" : ` (${this.code})`}`

  /**
   * Whether the download, continued after the bytes in `received`, may succeed later. Errors of connections are retried as those of calls
   * are: `TransportError` of `SignalWireError`.
   */
  get isRetryable(): boolean {
    const { reason, status = 0 } = this
    return reason === "Incomplete" || (reason === "Status" && (status >= 500 || status === 408 || status === 429))
  }
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
  /** The strong entity tag of the file, where its host sends one, for the `etag` of a download that continues. */
  readonly etag: string | undefined
}

/**
 * Where a download starts, and its limits. One that is not valid is `DownloadError`, with its name in `parameter`, and nothing is sent.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options {
  /**
   * How many bytes of the file there are already; default 0. The rest is `Unidentified` unless the response has the `etag`, or the
   * `size_in_bytes` of the recording is known.
   */
  readonly resumeFrom?: number | undefined
  /** The `etag` of the error that ended the download before: another file is `Changed` then, and not appended. */
  readonly etag?: string | undefined
  /** The largest file, in bytes, from 1; default 64 GiB. */
  readonly maxBytes?: number | undefined
  /** The longest time in which nothing arrives, above zero and below 2^31 ms; default 30 s. */
  readonly idleTimeout?: Duration.DurationInput | undefined
  /**
   * How often in a row the download is continued without a further byte; default 5. The count starts anew whenever bytes arrive, so that,
   * unlike `maxRetries` of `RequestPolicy`, it does not limit the attempts of a download.
   *
   * The delay before a retry is from half to all of 300 ms, doubled with each retry in a row up to 30 s. A longer `Retry-After` is
   * honored, plus up to a tenth. One of more than 5 minutes ends the download, with `retryAfter` in the error.
   */
  readonly maxRetries?: number | undefined
  /** Runs after each part of the file. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** The requested file. */
interface File {
  readonly link: URL
  /** The size that the recording has. */
  readonly size: number | undefined
}

/** Classified and retried as one of a call. The link may be in the error, so that only its code is kept. */
const ofConnectionError = ({ etag, received }: State, error: unknown, hadHeaders: boolean): DownloadError => {
  if (is407(error)) return new DownloadError({ reason: "Status", status: 407, received, etag })
  const { code, reason } = classifyCause(error, hadHeaders)
  const mayBeRetried = reason === "TimedOut" || isTemporary({ code, reason })
  return new DownloadError({ reason: mayBeRetried ? "Incomplete" : "Transport", received, etag, code })
}

const incomplete = ({ etag, received }: State) => new DownloadError({ reason: "Incomplete", received, etag })

/** Succeeds with whether the response has anything more of the file. */
const checkResponse = (
  response: HttpClientResponse.HttpClientResponse,
  state: State,
  { size }: File,
  maxBytes: number
): Effect.Effect<boolean, LinkExpired | DownloadError> => {
  const { etag, received } = state
  return Effect.flatMap(
    Clock.currentTimeMillis,
    now =>
      Either.mapLeft(check(response, state, size, maxBytes, now), rejection =>
        rejection === "LinkExpired"
          ? new LinkExpired({ received, etag })
          : new DownloadError({ ...rejection, received, etag }))
  )
}

/** Fails where a number of bytes of the file is too large. */
const checkSize = (
  { etag, received, total = Infinity }: State,
  bytes: number,
  { size = Infinity }: File,
  maxBytes: number
): Effect.Effect<void, DownloadError> => {
  if (bytes > size) return new DownloadError({ reason: "SizeMismatch", received, etag })
  if (bytes > total) return new DownloadError({ reason: "Changed", received, etag })
  return bytes > maxBytes ? new DownloadError({ reason: "TooLarge", received, etag }) : Effect.void
}

/** A scope of which nothing waits for the end, since no time limits how long a client takes to release a response. */
const detachedScope = Effect.acquireRelease(
  Scope.make(),
  (scope, exit) => Effect.forkDaemon(Scope.close(scope, exit))
)

/** Fails where an effect takes longer than a time, even if the caller is uninterruptible. */
const limited = <A, E>(effect: Effect.Effect<A, E>, millis: number, onTimeout: () => E): Effect.Effect<A, E> =>
  Effect.withFiberRuntime(fiber =>
    Effect.clockWith(clock => within(effect, millis, () => Effect.fail(onTimeout()), { clock, fiber }))
  )

/** The bytes of a response: none where it has no body, which is an error of the `HttpClient`. */
const bodyOf = ({ stream }: HttpClientResponse.HttpClientResponse) =>
  Stream.catchSome(stream, error => isEmptyBody(error) ? Option.some(Stream.empty) : Option.none())

/** Of all transports, only fetch follows redirects by itself. */
const withoutRedirects = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    Effect.serviceOption(FetchHttpClient.RequestInit),
    init =>
      Effect.provideService(effect, FetchHttpClient.RequestInit, {
        ...Option.getOrUndefined(init),
        redirect: "manual"
      })
  )

/** From where the download is to its end. */
const rest = (
  client: ScopedHttpClient,
  file: File,
  state: State,
  { idleMillis, maxBytes, onProgress }: Limits
): Stream.Stream<Uint8Array, LinkExpired | DownloadError> =>
  Stream.unwrapScoped(Effect.gen(function*() {
    if (isComplete(state, file.size)) return Stream.empty
    yield* checkSize(state, state.received, file, maxBytes)
    const scope = yield* detachedScope
    const response = yield* client.execute(toRequest(file.link, state)).pipe(
      withoutRedirects,
      Scope.extend(scope),
      // an application's own client may fail for statuses
      Effect.catchAllCause(cause => {
        const error = Cause.squash(cause)
        const response = responseIn(error)
        return response === undefined ? ofConnectionError(state, error, false) : Effect.succeed(response)
      }),
      effect => limited(effect, idleMillis, () => incomplete(state))
    )
    if (!(yield* checkResponse(response, state, file, maxBytes))) return Stream.empty
    // a connection may break, or stall, after the last byte
    const unlessComplete = (error: DownloadError) => isComplete(state, file.size) ? Option.none() : Option.some(error)
    const pull = Effect.catchAllCause(yield* Scope.extend(Stream.toPull(bodyOf(response)), scope), cause => {
      const error = Cause.squash(cause)
      const atEnd = Option.isOption(error) ? error : Option.some(error)
      return Effect.fail(Option.flatMap(atEnd, found => unlessComplete(ofConnectionError(state, found, true))))
    })
    const limitedPull = limited(pull, idleMillis, () => unlessComplete(incomplete(state)))
    return Stream.fromPull(Effect.succeed(limitedPull)).pipe(
      Stream.tap(chunk => {
        const received = state.received + chunk.byteLength
        return Effect.flatMap(checkSize(state, received, file, maxBytes), () => {
          state.received = received
          return onProgress?.({ received, total: state.total, etag: state.etag }) ?? Effect.void
        })
      })
    )
  })).pipe(
    // a host that closes the connection early is no error for every transport
    Stream.concat(
      Stream.suspend(() =>
        state.received < (state.total ?? file.size ?? 0) ? Stream.fail(incomplete(state)) : Stream.empty
      )
    )
  )

const backoff = { baseDelay: Duration.millis(300), maxDelay: Duration.seconds(30) }

const maxRetryAfterMillis = 5 * 60_000

/** Its state starts anew whenever bytes arrive. */
const retries = (maxRetries: number) =>
  Schedule.intersect(Schedule.identity<LinkExpired | DownloadError>(), Schedule.recurs(maxRetries)).pipe(
    Schedule.whileInput((error: LinkExpired | DownloadError) =>
      error.isRetryable && (retryAfterMillis(error) ?? 0) <= maxRetryAfterMillis
    ),
    Schedule.addDelayEffect(([error, retry]) =>
      Effect.map(
        Effect.all([Random.next, Random.next]),
        ([spread, jitter]) => delayMillis(backoffMillis(backoff, retry + 1, spread), retryAfterMillis(error), jitter)
      )
    )
  )

/**
 * Downloads the file of a recording with the `HttpClient` of the context, without any credentials and without spans, which would show
 * the link. Redirects are not followed; the rest of a `FetchHttpClient.RequestInit` of the context is used. One that was provided to the
 * layer of the `HttpClient` is not: a function of `FetchHttpClient.Fetch` can have its options.
 *
 * A download that ends early is continued with a `Range` request that has the etag of the file as `If-Range`, or its date where it has no
 * strong etag. The rest is of the same file where its etag, date and size, as far as both responses tell them, are equal; another one is
 * `Changed`. An etag identifies the rest only where its response has it too. Where nothing of these is known, the download is not
 * continued, and is `Unidentified`.
 *
 * A part of the file that exceeds the size of the recording is `SizeMismatch`, and one that exceeds the size that the host tells is
 * `Changed`; it is not emitted. A download with all bytes of that size is complete without a further request, even if the connection
 * breaks after them. So is one whose `resumeFrom` is the size of the recording: it sends nothing.
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
  Stream.unwrap(Effect.gen(function*() {
    const client = isolate(yield* HttpClient.HttpClient)
    const { maxRetries, ...limits } = yield* Either.mapLeft(
      readOptions(options),
      invalid => new DownloadError({ ...invalid, reason: "InvalidOptions", received: 0 })
    )
    const received = limits.resumeFrom
    const { size, uri } = yield* Either.mapLeft(
      readRecording(recording),
      invalid => new DownloadError({ ...invalid, reason: "InvalidRecording", received })
    )
    if (uri === null) return yield* new DownloadError({ reason: "NoFile", received })
    const link = URL.canParse(uri) ? new URL(uri) : undefined
    if (link === undefined || !/^https?:$/.test(link.protocol) || link.username + link.password !== "") {
      return yield* new DownloadError({ reason: "InvalidLink", received })
    }
    const state: State = { received, total: undefined, etag: limits.etag, lastModified: undefined }
    return Stream.suspend(() => rest(client, { link, size }, state, limits)).pipe(Stream.retry(retries(maxRetries)))
  }))
