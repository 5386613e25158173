/** Dispatches requests by any `HttpClient`, an application's own with its middleware included. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Request, ResponseHandler, Service } from "../../Transport.ts"
import { causes, isBeforeSending } from "../response/transportErrors.ts"
import { fork } from "./timer.ts"

const isEmptyBody = (error: HttpClientError.HttpClientError): boolean =>
  error._tag === "ResponseError" && error.reason === "EmptyBody"

const encoder = new TextEncoder()

/**
 * Chunk by chunk, whatever `content-length` is: a transport that decompresses passes on the length of the compressed body. Where an
 * application's own client has read the body before, to log it for example, the stream fails with a `TypeError`, and the response
 * has the text.
 */
const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  handler: ResponseHandler
): Effect.Effect<void, HttpClientError.HttpClientError> => {
  let isEmpty = true
  const onChunk = (chunk: Uint8Array): boolean => {
    isEmpty = false
    return handler.onData(chunk)
  }
  return Stream.runForEachWhile(response.stream, chunk => Effect.sync(() => onChunk(chunk))).pipe(
    Effect.catchIf(isEmptyBody, () => Effect.void),
    Effect.catchAllCause(cause =>
      isEmpty && causes(Cause.squash(cause)).some(error => error instanceof TypeError)
        ? Effect.matchEffect(response.text, {
          onFailure: () => Effect.failCause(cause),
          onSuccess: text => Effect.sync(() => void onChunk(encoder.encode(text)))
        })
        : Effect.failCause(cause)
    )
  )
}

/**
 * The response inside of an error: an application's own client may fail for statuses (`HttpClient.filterStatusOk` and the
 * like), which are this library's to classify. An error about the body of a 200 stays one.
 */
const responseIn = (error: unknown): HttpClientResponse.HttpClientResponse | undefined => {
  for (const cause of causes(error)) {
    if (!HttpClientError.isHttpClientError(cause) || cause._tag !== "ResponseError") continue
    if (cause.reason === "StatusCode" || cause.response.status !== 200) return cause.response
  }
  return undefined
}

const toHttpClientRequest = ({ body, headers, method, origin, path }: Request): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(origin + path, { headers })
  return body === null ? request : HttpClientRequest.bodyText(request, body, "application/json")
}

/** The scope aborts what is in progress when the handler needs no more. Of all transports, only fetch follows redirects by itself. */
const execute = (
  client: HttpClient.HttpClient.With<HttpClientError.HttpClientError, Scope.Scope>,
  request: Request,
  handler: ResponseHandler
): Effect.Effect<void> =>
  client.execute(toHttpClientRequest(request)).pipe(
    Effect.catchAllCause(cause => {
      const response = responseIn(Cause.squash(cause))
      return response === undefined ? Effect.failCause(cause) : Effect.succeed(response)
    }),
    Effect.flatMap(response =>
      handler.onHeaders(response.status, response.headers)
        ? Effect.zipRight(readBody(response, handler), Effect.sync(() => handler.onEnd()))
        : Effect.void
    ),
    Effect.scoped,
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.catchAllCause(cause =>
      Effect.sync(() => {
        const error = Cause.squash(cause)
        handler.onError(error, !isBeforeSending(error))
      })
    )
  )

/** In a fiber with all that the caller's has, so that middleware sees the caller's context, FiberRefs and logger. */
export const dispatchOver = (client: HttpClient.HttpClient): Service["dispatch"] => {
  const scoped = client.pipe(
    HttpClient.withScope,
    HttpClient.withTracerPropagation(false),
    HttpClient.withTracerDisabledWhen(() => true)
  )
  return (request, handler) => {
    handler.onConnection()
    handler.onRequestSent()
    const effect = execute(scoped, request, handler)
    return fork(effect, Option.getOrThrow(Fiber.getCurrentFiber()))
  }
}
