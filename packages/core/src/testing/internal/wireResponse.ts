/** What a transport of this kit makes of a request: a response, whole or not, or a failure of the wire. */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

interface Timed {
  /** Before anything happens. */
  readonly delay: Duration.Duration
  /** For messages. */
  readonly label: string
}

export interface Reply extends Timed {
  readonly _tag: "Reply"
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** As much as arrives. */
  readonly body: Uint8Array
  readonly ending:
    | { readonly _tag: "Whole" }
    | { readonly _tag: "Stalled" }
    | { readonly _tag: "Broken"; readonly code: string }
}

export interface Break extends Timed {
  readonly _tag: "Break"
  /** As the transports of Node report it, such as `ECONNREFUSED`. */
  readonly code: string
}

const errorOf = (code: string): Error => Object.assign(new Error(code), { code })

export const breakOff = (
  request: HttpClientRequest.HttpClientRequest,
  code: string
): Effect.Effect<never, HttpClientError.RequestError> =>
  Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: errorOf(code) }))

/** The statuses that `Response` refuses to combine with a body. */
const bodiless = [204, 205, 304]

const bodyOf = (
  { body, ending, status }: Reply
): Effect.Effect<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null> => {
  if (bodiless.includes(status)) return Effect.succeed(null)
  if (ending._tag === "Whole") return Effect.succeed(new Uint8Array(body))
  const end = ending._tag === "Stalled" ? Stream.never : Stream.fail(errorOf(ending.code))
  return Effect.map(
    Effect.runtime(),
    runtime => Stream.toReadableStreamRuntime(Stream.concat(Stream.make(body), end), runtime)
  )
}

const respond = (
  request: HttpClientRequest.HttpClientRequest,
  reply: Reply
): Effect.Effect<HttpClientResponse.HttpClientResponse> =>
  Effect.map(bodyOf(reply), body => {
    const headers = new Headers()
    for (const [name, value] of Object.entries(reply.headers)) {
      for (const line of typeof value === "string" ? [value] : value) headers.append(name, line)
    }
    return HttpClientResponse.fromWeb(request, new Response(body, { status: reply.status, headers }))
  })

export const play = (
  request: HttpClientRequest.HttpClientRequest,
  response: Reply | Break
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.RequestError> => {
  if (!Duration.isFinite(response.delay)) return Effect.never
  const outcome = response._tag === "Break" ? breakOff(request, response.code) : respond(request, response)
  return Duration.equals(response.delay, Duration.zero) ? outcome : Effect.delay(outcome, response.delay)
}
