/** Transports that play written responses: the client behind them is the real one, and time is the test's. */
import { Exchange, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { Cause, Clock, Effect, Fiber, Layer, Redacted, Runtime } from "effect"
import { body, sessionId } from "./sessions.ts"

/** One answer, or the lack of one. */
export interface Reply {
  /** Milliseconds until there is a connection; only an `Exchange` tells. */
  readonly queued?: number
  /** Whether a dead connection is replaced, which tells once more that there is one. */
  readonly replaced?: boolean
  /** Milliseconds until the head arrives; for ever, if that is what it is. */
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
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly atMillis: number
}

export interface Transport {
  readonly layer: Layer.Layer<HttpClient.HttpClient>
  readonly requests: ReadonlyArray<Sent>
  /** How many requests were given up by the client while they were under way. */
  readonly aborted: () => number
}

/** The last of the replies is given to all further requests. */
export type Make = (...replies: readonly [Reply, ...ReadonlyArray<Reply>]) => Transport

const bytes = (chunk: string | Uint8Array): Uint8Array =>
  typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk

const pause = (millis: number | undefined): Effect.Effect<void> =>
  millis === undefined ? Effect.void : millis === Infinity ? Effect.never : Effect.sleep(millis)

/** Plays the part of a reply that comes after its head. */
const playBody = (reply: Reply, receiver: Exchange.Receiver): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (const chunk of reply.chunks ?? []) {
      yield* pause(reply.between)
      if (!receiver.data(bytes(chunk))) return
    }
    if (reply.stalls === true) return yield* Effect.never
    if (reply.cause === undefined) receiver.end()
    else receiver.fail(reply.cause)
  })

const recorder = (replies: readonly [Reply, ...ReadonlyArray<Reply>]) => {
  const requests: Array<Sent> = []
  let aborted = 0
  return {
    requests,
    aborted: () => aborted,
    next: (url: string, headers: Readonly<Record<string, string>>) =>
      Effect.map(Clock.currentTimeMillis, atMillis => {
        requests.push({ url, headers: { ...headers }, atMillis })
        return replies[Math.min(requests.length, replies.length) - 1] ?? replies[0]
      }),
    abort: Effect.sync(() => {
      aborted++
    })
  }
}

/** Any `HttpClient`: its responses are `Response`s with a stream. */
export const overHttpClient: Make = (...replies) => {
  const record = recorder(replies)
  const client = HttpClient.make((request, url) =>
    Effect.gen(function*() {
      const reply = yield* record.next(url.href, request.headers)
      yield* pause(reply.after)
      if (reply.status === undefined) {
        return yield* new HttpClientError.RequestError({ request, reason: "Transport", cause: reply.cause })
      }
      const runtime = yield* Effect.runtime()
      const stream = new ReadableStream({
        start: controller => {
          Runtime.runFork(runtime)(playBody(reply, {
            begin: () => {},
            sent: () => {},
            head: () => true,
            data: chunk => {
              controller.enqueue(chunk)
              return true
            },
            end: () => controller.close(),
            fail: cause => controller.error(cause)
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

/** An `HttpClient` that carries an `Exchange` and cannot do anything else. */
export const overExchange: Make = (...replies) => {
  const record = recorder(replies)
  const exchange = (runtime: Runtime.Runtime<never>): Exchange.Exchange => (request, receiver) => {
    const fiber = Runtime.runFork(runtime)(
      Effect.gen(function*() {
        const reply = yield* record.next(request.origin + request.path, request.headers)
        yield* pause(reply.queued)
        receiver.begin()
        receiver.sent()
        yield* pause(reply.after)
        if (reply.replaced === true) {
          receiver.begin()
          receiver.sent()
          yield* pause(reply.after)
        }
        if (reply.status === undefined) return receiver.fail(reply.cause)
        return receiver.head(reply.status, reply.headers ?? {}) ? yield* playBody(reply, receiver) : undefined
      }).pipe(Effect.onInterrupt(() => record.abort))
    )
    return () => Effect.runFork(Fiber.interruptFork(fiber))
  }
  const client = HttpClient.make(() => Effect.die(new Cause.IllegalArgumentException("Not by this way")))
  const layer = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(Effect.runtime(), runtime => Exchange.attach(client, exchange(runtime)))
  )
  return { layer, requests: record.requests, aborted: record.aborted }
}

export const credentials = {
  space: "acme",
  projectId: "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a5b",
  apiToken: Redacted.make("PTtopsecret")
}

type Settings = Partial<SignalWireClient.Options>

/** The service over a transport, with settings that are right. */
export const sessions = (transport: Pick<Transport, "layer">, settings: Settings = {}) =>
  RoomSessions.layer.pipe(
    Layer.provideMerge(Layer.orDie(SignalWireClient.layer({ ...credentials, ...settings }))),
    Layer.provide(transport.layer)
  )

export const get = (id: string = sessionId) => Effect.flatMap(RoomSessions.RoomSessions, service => service.get(id))

/** One call of a client of its own. */
export const getOver = (transport: Pick<Transport, "layer">, settings: Settings = {}, id: string = sessionId) =>
  Effect.provide(get(id), sessions(transport, settings))
