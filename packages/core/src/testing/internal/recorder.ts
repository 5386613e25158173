/** Looks on while an `HttpClient` works, and keeps what can be replayed and shown to anybody. */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { classifyCause } from "../../internal/response/transportErrors.ts"
import * as scrub from "./scrub.ts"
import { play, type Reply } from "./wireResponse.ts"

export const timeout = "TIMEOUT"

export interface Kept {
  readonly method: string
  readonly path: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly bodyBase64?: Uint8Array
  readonly failure?: string
}

/** What the client reads; a cookie or a trace of the vendor's is nobody's business. */
const keptHeaders = [
  "content-type",
  "content-encoding",
  "date",
  "retry-after",
  "x-request-id",
  "x-signalwire-request-id",
  "request-id",
  "x-amzn-requestid"
]

/** Above every limit that a policy is likely to have; the rest of a longer body is not taken. */
const maxBytes = 4 * 1_048_576

const codeOf = (error: unknown, hadHead: boolean): string => {
  const failure = classifyCause(error, hadHead)
  return failure.reason === "TimedOut" ? timeout : failure.code ?? "UNKNOWN"
}

/** All that arrives of a body, and why there was no more. */
const takeIn = (
  response: HttpClientResponse.HttpClientResponse,
  chunks: Array<Uint8Array>
): Effect.Effect<string | undefined> => {
  let bytes = 0
  return response.stream.pipe(
    Stream.runForEachWhile(chunk =>
      Effect.sync(() => {
        chunks.push(chunk)
        bytes += chunk.byteLength
        return bytes <= maxBytes
      })
    ),
    Effect.as(undefined),
    Effect.catchAll(error => Effect.succeed(error.reason === "EmptyBody" ? undefined : codeOf(error, true)))
  )
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder("utf-8", { ignoreBOM: true })

/** What is inside of a compressed body cannot be seen, and so not be cleaned. */
const keptBody = (
  bytes: Uint8Array,
  isCompressed: boolean,
  clean: (text: string) => string
): Pick<Kept, "body" | "bodyBase64"> => {
  const text = lenient.decode(bytes)
  const cleaned = clean(text)
  try {
    strict.decode(bytes)
    return { body: cleaned }
  } catch {
    return cleaned === text && !isCompressed ? { bodyBase64: bytes } : { body: scrub.redacted }
  }
}

const isCompressed = ({ headers }: HttpClientResponse.HttpClientResponse): boolean =>
  !["", "identity"].includes((headers["content-encoding"] ?? "").trim().toLowerCase())

const concat = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  chunks.reduce((offset, chunk) => {
    whole.set(chunk, offset)
    return offset + chunk.byteLength
  }, 0)
  return whole
}

const replyOf = (response: HttpClientResponse.HttpClientResponse, body: Uint8Array, failure?: string): Reply => ({
  _tag: "Reply",
  status: response.status,
  headers: response.headers,
  body,
  ending: failure === undefined ? { _tag: "Whole" } : { _tag: "Broken", code: failure },
  delay: Duration.zero,
  label: ""
})

/** The client sees what it would have seen, one whole body at a time. */
export const observe = (client: HttpClient.HttpClient, keep: (kept: Kept) => void): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const clean = scrub.make(request.headers["authorization"])
      const about = { method: request.method, path: clean(url.pathname + url.search) }
      const chunks: Array<Uint8Array> = []
      let head: HttpClientResponse.HttpClientResponse | undefined
      const keepAll = (failure: string | undefined) => {
        keep({
          ...about,
          ...(head === undefined ? {} : {
            status: head.status,
            headers: Object.fromEntries(
              keptHeaders.flatMap(name => head?.headers[name] === undefined ? [] : [[name, clean(head.headers[name])]])
            ),
            ...keptBody(concat(chunks), isCompressed(head), clean)
          }),
          ...(failure === undefined ? {} : { failure })
        })
      }
      return client.execute(request).pipe(
        Effect.tapError((error: HttpClientError.HttpClientError) => Effect.sync(() => keepAll(codeOf(error, false)))),
        Effect.flatMap(response => {
          // `Response` cannot say a status beyond these, so it can be neither kept nor replayed
          if (response.status < 200 || response.status > 599) return Effect.succeed(response)
          head = response
          return Effect.flatMap(takeIn(response, chunks), failure => {
            keepAll(failure)
            return play(request, replyOf(response, concat(chunks), failure))
          })
        }),
        Effect.onInterrupt(() => Effect.sync(() => keepAll(timeout)))
      )
    })
  )
