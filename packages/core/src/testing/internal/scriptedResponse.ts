/** The scripted result of one request: a response, complete or not, or a connection error. */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

interface Common {
  /** The delay before the response or the connection error. */
  readonly delay: Duration.Duration
  /** For messages. */
  readonly label: string
}

export interface HttpResponse extends Common {
  readonly _tag: "HttpResponse"
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** The part of the body that arrives. */
  readonly body: Uint8Array
  /** The end of the body. */
  readonly end:
    | { readonly _tag: "Complete" }
    | { readonly _tag: "Stalled" }
    | { readonly _tag: "ConnectionError"; readonly code: string }
}

export interface ConnectionError extends Common {
  readonly _tag: "ConnectionError"
  /** A code of Node's transports, such as `ECONNREFUSED`. */
  readonly code: string
}

export type Response = HttpResponse | ConnectionError

const errorOf = (code: string): Error => Object.assign(new Error(code), { code })

export const failWith = (
  request: HttpClientRequest.HttpClientRequest,
  code: string
): Effect.Effect<never, HttpClientError.RequestError> =>
  Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: errorOf(code) }))

/** `Response` does not accept a body with these statuses. */
const statusesWithoutBody = [204, 205, 304]

const toBody = (
  { body, end, status }: HttpResponse
): Effect.Effect<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null> => {
  if (statusesWithoutBody.includes(status)) return Effect.succeed(null)
  if (end._tag === "Complete") return Effect.succeed(new Uint8Array(body))
  const rest = end._tag === "Stalled" ? Stream.never : Stream.fail(errorOf(end.code))
  return Effect.map(
    Effect.runtime(),
    runtime => Stream.toReadableStreamRuntime(Stream.concat(Stream.make(body), rest), runtime)
  )
}

const toHttpClientResponse = (
  request: HttpClientRequest.HttpClientRequest,
  response: HttpResponse
): Effect.Effect<HttpClientResponse.HttpClientResponse> =>
  Effect.map(toBody(response), body => {
    const headers = new Headers()
    for (const [name, value] of Object.entries(response.headers)) {
      for (const line of typeof value === "string" ? [value] : value) headers.append(name, line)
    }
    return HttpClientResponse.fromWeb(request, new Response(body, { status: response.status, headers }))
  })

export const respond = (
  request: HttpClientRequest.HttpClientRequest,
  response: Response
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.RequestError> => {
  if (!Duration.isFinite(response.delay)) return Effect.never
  const result = response._tag === "ConnectionError"
    ? failWith(request, response.code)
    : toHttpClientResponse(request, response)
  return Duration.equals(response.delay, Duration.zero) ? result : Effect.delay(result, response.delay)
}
