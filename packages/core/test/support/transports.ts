/** Transports that play written responses: the client behind them is the real one, and time is the test's. */
import { RoomSessions, SignalWireClient, Transport } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { Clock, Effect, Fiber, Layer, Redacted, Runtime } from "effect"
import { body, sessionId } from "./sessions.ts"

/** One response, or the lack of one. */
export interface Reply {
  /** Milliseconds until there is a connection; only a `Transport` of its own tells. */
  readonly queued?: number
  /** Whether a dead connection is replaced, which tells once more that there is one. */
  readonly replaced?: boolean
  /** Milliseconds until the head arrives; for ever when infinite. */
  readonly after?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly chunks?: ReadonlyArray<string | Uint8Array>
  /** Milliseconds between the pieces of the body. */
  readonly between?: number
  /** What breaks the connection instead of the body's end, or of the head when there is no status. */
  readonly cause?: unknown
  /** The body begins and does not end. */
  readonly stalls?: boolean
}

export const json = (
  status: number,
  value: string = body(),
  headers: Readonly<Record<string, string>> = {}
): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  chunks: value === "" ? [] : [value]
})

export const ok = json(200)
export const broken = json(500, "{\"error\":\"Internal Server Error\"}")
export const silence: Reply = { after: Infinity }
export const failing = (code: string): Reply => ({ cause: Object.assign(new Error("the transport says"), { code }) })

/** What was sent, and when. */
export interface Sent {
  readonly method: string
  readonly url: string
  /** JSON; undefined where there was none. */
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly atMillis: number
}

interface OverHttpClient {
  readonly layer: Layer.Layer<HttpClient.HttpClient>
}

interface OverTransport {
  readonly transport: Layer.Layer<Transport.Transport>
}

/** What a client is built on. */
export type Base = OverHttpClient | OverTransport

export interface Requests {
  readonly requests: ReadonlyArray<Sent>
  /** How many requests the client aborted. */
  readonly aborted: () => number
}

/** The last of the replies is given to all further requests. */
export type Make<B extends Base = Base> = (...replies: readonly [Reply, ...ReadonlyArray<Reply>]) => Requests & B

const bytes = (chunk: string | Uint8Array): Uint8Array =>
  typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk

const pause = (millis: number | undefined): Effect.Effect<void> =>
  millis === undefined ? Effect.void : millis === Infinity ? Effect.never : Effect.sleep(millis)

/** Plays the body of a reply. */
const playBody = (reply: Reply, handler: Transport.ResponseHandler): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (const chunk of reply.chunks ?? []) {
      yield* pause(reply.between)
      if (!handler.onData(bytes(chunk))) return
    }
    if (reply.stalls === true) return yield* Effect.never
    if (reply.cause === undefined) handler.onEnd()
    else handler.onError(reply.cause)
  })

const recorder = (replies: readonly [Reply, ...ReadonlyArray<Reply>]) => {
  const requests: Array<Sent> = []
  let aborted = 0
  return {
    requests,
    aborted: () => aborted,
    next: (sent: Omit<Sent, "atMillis">) =>
      Effect.map(Clock.currentTimeMillis, atMillis => {
        requests.push({ ...sent, headers: { ...sent.headers }, atMillis })
        return replies[Math.min(requests.length, replies.length) - 1] ?? replies[0]
      }),
    abort: Effect.sync(() => {
      aborted++
    })
  }
}

/** Any `HttpClient`: its responses are `Response`s with a stream. */
export const overHttpClient: Make<OverHttpClient> = (...replies) => {
  const record = recorder(replies)
  const client = HttpClient.make((request, url) =>
    Effect.gen(function*() {
      const { body, headers, method } = request
      const text = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : undefined
      const reply = yield* record.next({ method, url: url.href, headers, body: text })
      yield* pause(reply.after)
      if (reply.status === undefined) {
        return yield* new HttpClientError.RequestError({ request, reason: "Transport", cause: reply.cause })
      }
      const runtime = yield* Effect.runtime()
      const stream = new ReadableStream({
        start: controller => {
          Runtime.runFork(runtime)(playBody(reply, {
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
      const hasBody = ![204, 205, 304].includes(reply.status)
      return HttpClientResponse.fromWeb(
        request,
        new Response(hasBody ? stream : null, { status: reply.status, headers: reply.headers ?? {} })
      )
    }).pipe(Effect.onInterrupt(() => record.abort))
  )
  return { layer: Layer.succeed(HttpClient.HttpClient, client), requests: record.requests, aborted: record.aborted }
}

/** A `Transport` of its own. */
export const overTransport: Make<OverTransport> = (...replies) => {
  const record = recorder(replies)
  const dispatch = (runtime: Runtime.Runtime<never>): Transport.Service["dispatch"] => (request, handler) => {
    const fiber = Runtime.runFork(runtime)(
      Effect.gen(function*() {
        const { body, headers, method, origin, path } = request
        const reply = yield* record.next({ method, url: origin + path, headers, body: body ?? undefined })
        yield* pause(reply.queued)
        handler.onConnection()
        handler.onRequestSent()
        yield* pause(reply.after)
        if (reply.replaced === true) {
          handler.onConnection()
          handler.onRequestSent()
          yield* pause(reply.after)
        }
        if (reply.status === undefined) return handler.onError(reply.cause)
        return handler.onHeaders(reply.status, reply.headers ?? {}) ? yield* playBody(reply, handler) : undefined
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

export const credentials = {
  space: "acme",
  projectId: "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b",
  apiToken: Redacted.make("PTtopsecret")
}

type Settings = Partial<SignalWireClient.Options>

const clientOver = (base: Base, options: SignalWireClient.Options) =>
  "transport" in base
    ? Layer.provide(SignalWireClient.layerTransport(options), base.transport)
    : Layer.provide(SignalWireClient.layer(options), base.layer)

/** The service over a transport, with valid options. */
export const sessions = (base: Base, settings: Settings = {}) =>
  Layer.provideMerge(RoomSessions.layer, Layer.orDie(clientOver(base, { ...credentials, ...settings })))

export const get = (id: string = sessionId) => Effect.flatMap(RoomSessions.RoomSessions, service => service.get(id))

/** One call of a client of its own. */
export const getOver = (transport: Base, settings: Settings = {}, id: string = sessionId) =>
  Effect.provide(get(id), sessions(transport, settings))
