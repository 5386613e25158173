/** Reads the body of a response of an `HttpClient`, also where middleware has read it before, for example to log it. */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ResponseHandler } from "../../Transport.ts"
import { causes, property } from "../response/transportErrors.ts"

type Read = Effect.Effect<void, HttpClientError.HttpClientError>

type OnChunk = (chunk: Uint8Array) => boolean

export const isEmptyBody = (error: HttpClientError.HttpClientError): boolean =>
  error._tag === "ResponseError" && error.reason === "EmptyBody"

const encoder = new TextEncoder()

// the types of responses show neither what they read from nor what they hold; each is undefined for a response of another kind

/** `HttpClient.make` returns a response around that of the client. */
const innermost = (response: HttpClientResponse.HttpClientResponse): unknown =>
  property(response, "original") ?? response

/** Whether `text` or `json` was used, so that the response holds the text. */
const holdsText = (inner: unknown): boolean =>
  (property(inner, "textBody") ?? property(inner, "textEffect")) !== undefined

/** The web `Response`, or the stream of Node or undici, that a response reads from. */
const sourceOf = (inner: unknown): unknown => {
  const source = property(inner, "source")
  const body = property(source, "body")
  return property(body, "readableDidRead") === undefined ? source : body
}

/** A stream from which data was read, or a web `Response` whose body was. */
const wasRead = (source: unknown): boolean =>
  (property(source, "readableDidRead") ?? property(source, "bodyUsed")) === true

const bodyAlreadyUsed = Object.assign(
  new Error(
    "Middleware of the HttpClient has read the body in another way than `text` or `json`: read it in `transformClient`"
  ),
  { code: "ERR_BODY_ALREADY_USED" }
)

const alreadyUsedBy = (response: HttpClientResponse.HttpClientResponse): Read =>
  new HttpClientError.ResponseError({
    request: response.request,
    response,
    reason: "Decode",
    cause: bodyAlreadyUsed
  })

const readText = (response: HttpClientResponse.HttpClientResponse, onChunk: OnChunk): Read =>
  Effect.map(response.text, text => void onChunk(encoder.encode(text)))

/**
 * Reads the body in chunks and ignores `content-length`: a transport that decompresses passes on the length of the compressed
 * body.
 */
export const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  handler: Pick<ResponseHandler, "onData">
): Read => {
  const inner = innermost(response)
  if (holdsText(inner)) return readText(response, chunk => handler.onData(chunk))
  const source = sourceOf(inner)
  // another read of such a stream waits without end, or throws
  if (wasRead(source)) return alreadyUsedBy(response)
  if (property(source, "readableEnded") === true) return Effect.void
  let isEmpty = true
  const onChunk = (chunk: Uint8Array): boolean => {
    isEmpty = false
    return handler.onData(chunk)
  }
  return Stream.runForEachWhile(response.stream, chunk => Effect.sync(() => onChunk(chunk))).pipe(
    Effect.catchIf(isEmptyBody, () => Effect.void),
    Effect.catchAllCause(cause =>
      // the stream of a web `Response` of another kind, whose body was read
      isEmpty && causes(Cause.squash(cause)).some(error => property(error, "name") === "TypeError")
        ? Effect.catchAll(readText(response, onChunk), () => Effect.failCause(cause))
        : Effect.failCause(cause)
    )
  )
}
