/** Transports that play responses: the client above them is the real one, and time is that of the test. */
import { Transport } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { Clock, Effect, Fiber, Layer, Runtime } from "effect"
import type { PlayedResponse, PlayedResponses } from "./responses.ts"

/** A request as it was sent. */
export interface Sent {
  readonly method: string
  readonly url: string
  /** JSON; undefined for none. */
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly atMillis: number
}

export interface Recorded {
  readonly requests: ReadonlyArray<Sent>
  /** How many requests the client aborted. */
  readonly aborted: () => number
}

/** The times between the requests, in milliseconds. */
export const gaps = ({ requests }: Recorded): ReadonlyArray<number> =>
  requests.slice(1).map(({ atMillis }, index) => atMillis - (requests[index]?.atMillis ?? 0))

interface OverHttpClient {
  readonly layer: Layer.Layer<HttpClient.HttpClient>
}

export interface OverTransport {
  readonly transport: Layer.Layer<Transport.Transport>
}

/** What a client is built on. */
export type Base = OverHttpClient | OverTransport

export type Make<B extends Base = Base> = (...responses: PlayedResponses) => Recorded & B

const toBytes = (chunk: string | Uint8Array): Uint8Array =>
  typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk

const sleep = (millis: number | undefined): Effect.Effect<void> =>
  millis === undefined ? Effect.void : millis === Infinity ? Effect.never : Effect.sleep(millis)

const playBody = (response: PlayedResponse, handler: Transport.ResponseHandler): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (const chunk of response.chunks ?? []) {
      yield* sleep(response.between)
      if (!handler.onData(toBytes(chunk))) return
    }
    if (response.stalls === true) return yield* Effect.never
    if (response.cause === undefined) handler.onEnd()
    else handler.onError(response.cause)
  })

const recorder = (responses: PlayedResponses) => {
  const requests: Array<Sent> = []
  let aborted = 0
  return {
    requests,
    aborted: () => aborted,
    next: (sent: Omit<Sent, "atMillis">) =>
      Effect.map(Clock.currentTimeMillis, atMillis => {
        requests.push({ ...sent, headers: { ...sent.headers }, atMillis })
        return responses[Math.min(requests.length, responses.length) - 1] ?? responses[0]
      }),
    abort: Effect.sync(() => {
      aborted++
    })
  }
}

/** An `HttpClient` whose responses are `Response`s with a stream. */
export const overHttpClient: Make<OverHttpClient> = (...responses) => {
  const record = recorder(responses)
  const client = HttpClient.make((request, url) =>
    Effect.gen(function*() {
      const { body, headers, method } = request
      const text = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : undefined
      const response = yield* record.next({ method, url: url.href, headers, body: text })
      yield* sleep(response.after)
      if (response.status === undefined) {
        return yield* new HttpClientError.RequestError({ request, reason: "Transport", cause: response.cause })
      }
      const runtime = yield* Effect.runtime()
      const stream = new ReadableStream({
        start: controller => {
          Runtime.runFork(runtime)(playBody(response, {
            onConnection: () => {},
            onRequestSent: () => {},
            onHeaders: () => true,
            onData: chunk => {
              controller.enqueue(chunk)
              return true
            },
            onEnd: () => controller.close(),
            onError: cause => controller.error(cause)
          }))
        }
      })
      const hasBody = ![204, 205, 304].includes(response.status)
      return HttpClientResponse.fromWeb(
        request,
        new Response(hasBody ? stream : null, { status: response.status, headers: response.headers ?? {} })
      )
    }).pipe(Effect.onInterrupt(() => record.abort))
  )
  return { layer: Layer.succeed(HttpClient.HttpClient, client), requests: record.requests, aborted: record.aborted }
}

/** A `Transport`, which reports its connections, unlike an `HttpClient`. */
export const overTransport: Make<OverTransport> = (...responses) => {
  const record = recorder(responses)
  const dispatch = (runtime: Runtime.Runtime<never>): Transport.Service["dispatch"] => (request, handler) => {
    const fiber = Runtime.runFork(runtime)(
      Effect.gen(function*() {
        const { body, headers, method, origin, path } = request
        const response = yield* record.next({ method, url: origin + path, headers, body: body ?? undefined })
        yield* sleep(response.queued)
        handler.onConnection()
        if (response.isSent !== false) handler.onRequestSent()
        yield* sleep(response.after)
        if (response.replaced === true) {
          handler.onConnection()
          handler.onRequestSent()
          yield* sleep(response.after)
        }
        if (response.status === undefined) return handler.onError(response.cause)
        return handler.onHeaders(response.status, response.headers ?? {})
          ? yield* playBody(response, handler)
          : undefined
      }).pipe(Effect.onInterrupt(() => record.abort))
    )
    return () => Effect.runFork(Fiber.interruptFork(fiber))
  }
  const transport = Layer.effect(
    Transport.Transport,
    Effect.map(Effect.runtime(), runtime => ({
      dispatch: dispatch(runtime),
      closed: Effect.never,
      mayDecompress: false
    }))
  )
  return { transport, requests: record.requests, aborted: record.aborted }
}

/** What a test of the client runs over. Tests run concurrently (`describe.concurrent.each`), each with its own clock and transport. */
export const transports: ReadonlyArray<readonly [name: string, make: Make]> = [
  ["an HttpClient", overHttpClient],
  ["a Transport", overTransport]
]
