/**
 * Transforms of the client's `HttpClient`, over any transport. The transformed client's innermost `HttpClient` dispatches on the
 * transport of the client, so that its pool, limits and reports of connections and requests stay in effect. The credentials
 * are added there, below every transform.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberRef from "effect/FiberRef"
import * as RequestPolicy from "../../RequestPolicy.ts"
import type { AbortReason, Headers, Request, ResponseHandler, Service as Transport } from "../../Transport.ts"
import { inThisContext } from "../inThisContext.ts"
import { type Collector, errorBodyMillis } from "../response/collector.ts"
import { causes, classifyCause } from "../response/transportErrors.ts"
import { type Abort, abortQuietly } from "./abort.ts"
import type { Call } from "./call.ts"
import type { Client } from "./client.ts"
import { closedError, execute, isolate, type ScopedHttpClient, toHttpClientRequest } from "./httpClientTransport.ts"
import { currentCell, currentTransform, type Transform } from "./overrides.ts"
import { cancelTimer, type Fiber, fork, startTimer, type Timer } from "./timer.ts"
import { contextOf } from "./tracing.ts"
import { TransportResponse } from "./transportResponse.ts"

/** The error of the transport that a transform was given. */
interface TransportFailure {
  /** The error of the `HttpClient`. */
  readonly error: HttpClientError.HttpClientError
  readonly cause: unknown
  readonly wasSent: boolean
  /** The status and the headers of a response whose body failed. */
  readonly response: { readonly status: number; readonly headers: Headers } | undefined
}

/** The `HttpClient` of a client. */
export interface Http {
  /** With the transform of `transformClient`. */
  readonly client: HttpClient.HttpClient
  readonly isolated: ScopedHttpClient
  /** Whether the client was made with `transformClient`. */
  readonly isTransformed: boolean
}

/** An error of a transform, and none of a transport that it uses, says so by its code. */
const transformError = (error: unknown, hadHeaders: boolean): unknown => {
  const { code, reason } = classifyCause(error, hadHeaders)
  return reason === "Other" && code === undefined
    ? Object.assign(new Error("A transform of the HttpClient failed", { cause: error }), {
      code: "ERR_TRANSFORM_FAILED"
    })
    : error
}

/** Code without types can give anything as a transform. */
const apply = (transform: Transform, client: HttpClient.HttpClient): ScopedHttpClient => {
  try {
    return isolate(transform(client))
  } catch (error) {
    throw transformError(error, false)
  }
}

/** The requests that a transform sends for one attempt. */
class Attempt {
  readonly call: Call
  readonly request: Request
  readonly collector: Collector
  /** The attempt whose transform makes this call. */
  readonly outer: Attempt | undefined
  readonly inProgress = new Set<InnerRequest>()
  requests = 0
  isSettled = false
  failure: TransportFailure | undefined

  constructor(call: Call, request: Request, collector: Collector, outer: Attempt | undefined) {
    this.call = call
    this.request = request
    this.collector = collector
    this.outer = outer
  }

  /** Whether it is an attempt of a client, or of a call in the transform of one. */
  isWithin(client: Client): boolean {
    return this.call.compiled.client === client || this.outer?.isWithin(client) === true
  }

  settle(reason: AbortReason): void {
    this.isSettled = true
    for (const request of this.inProgress) request.abort(reason)
  }

  /** The error of an attempt that failed with the error of the transport is the same as without a transform. */
  fail(error: unknown, hadHeaders: boolean): void {
    const { collector, failure } = this
    if (failure !== undefined && causes(error).includes(failure.error)) {
      const { response } = failure
      const isKnown = hadHeaders && failure.cause !== tooLarge
      if (isKnown || response === undefined || collector.onHeaders(response.status, response.headers)) {
        collector.onError(failure.cause, failure.wasSent)
      }
      return
    }
    collector.onError(transformError(error, hadHeaders))
  }
}

/** Stands for an attempt in a FiberRef. It does not have the attempt: a transform can read FiberRefs, and the attempt has the credentials. */
interface AttemptKey {
  readonly description: "attempt"
}

/** Not a global value, which any code can read. */
const attempts = new WeakMap<AttemptKey, Attempt>()

const currentAttempt: FiberRef.FiberRef<AttemptKey | undefined> = FiberRef.unsafeMake<AttemptKey | undefined>(undefined)

/** Undefined where a transform has lost the fiber of its call, for example in a promise. */
const attemptOf = (fiber: Fiber): Attempt | undefined => {
  const key = fiber.getFiberRef(currentAttempt)
  return key === undefined ? undefined : attempts.get(key)
}

type Settle = (result: Either.Either<HttpClientResponse.HttpClientResponse, HttpClientError.RequestError>) => void

const tooLarge = new Error("The body is larger than the policy allows")
const noHeadersBeforeEnd = new Error("The transport ended a response without headers")

/** Over an `HttpClient`, an error contains the request with the credentials, which a transform must not see. */
const withoutRequest = (cause: unknown): unknown => {
  const chain = causes(cause)
  return chain[chain.findLastIndex(HttpClientError.isHttpClientError) + 1]
}

/** One request of the innermost `HttpClient`. */
class InnerRequest implements ResponseHandler {
  readonly #request: HttpClientRequest.HttpClientRequest
  readonly #attempt: Attempt | undefined
  readonly #settle: Settle
  #response: TransportResponse | undefined
  #headers: Headers = {}
  #bytes = 0
  #maxBytes = 0
  #isOpen = true
  #abort: Abort = () => {}
  #timer: Timer | undefined

  constructor(request: HttpClientRequest.HttpClientRequest, attempt: Attempt | undefined, settle: Settle) {
    this.#request = request
    this.#attempt = attempt
    this.#settle = settle
  }

  dispatch(transport: Transport, request: Request): void {
    const { requests = 0 } = this.#attempt ?? {}
    if (this.#attempt !== undefined) {
      // the time in the queue of the transport counts against the deadline only
      if (requests === 0) this.#attempt.collector.onQueued()
      this.#attempt.requests++
      this.#attempt.inProgress.add(this)
    }
    try {
      this.#abort = transport.dispatch(request, this)
    } catch (cause) {
      this.onError(cause)
    }
  }

  abort(reason: AbortReason): void {
    if (!this.#close()) return
    // a body that is not read to its end must not look complete
    this.#response?.fail(new Error("The request was aborted"))
    abortQuietly(this.#abort, reason)
  }

  onConnection(): void {
    this.#attempt?.collector.onConnection()
  }

  onRequestSent(): void {
    this.#attempt?.collector.onRequestSent()
  }

  onHeaders(status: number, headers: Headers): boolean {
    if (!this.#isOpen) return false
    const { call, collector } = this.#attempt ?? {}
    const response = new TransportResponse(this.#request, status, headers)
    this.#response = response
    this.#headers = headers
    this.#maxBytes = collector?.limitOf(status) ?? RequestPolicy.defaults.maxBodyBytes
    if (collector?.isSuccess(status) === true) collector.onInnerSuccess(status, headers)
    else if (call !== undefined) {
      this.#timer = startTimer(call.clock, call.fiber, errorBodyMillis, () => {
        if (!this.#close()) return
        response.end()
        abortQuietly(this.#abort, "timeout")
      })
    }
    this.#settle(Either.right(response))
    return true
  }

  onData(chunk: Uint8Array): boolean {
    if (!this.#isOpen || this.#response === undefined) return false
    // the chunk that exceeds the limit is passed on, so that the client sees that the body is too large
    this.#response.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes <= this.#maxBytes) return true
    if (this.#attempt?.collector.isSuccess(this.#response.status) === false) this.onEnd()
    else this.#fail(tooLarge, true, { ...this.#headers, "content-length": String(this.#bytes) })
    return false
  }

  onEnd(): void {
    if (this.#response === undefined) this.onError(noHeadersBeforeEnd)
    else if (this.#close()) this.#response.end()
  }

  onError(cause: unknown, wasSent = true): void {
    this.#fail(cause, wasSent, this.#headers)
  }

  #fail(cause: unknown, wasSent: boolean, headers: Headers): void {
    if (!this.#close()) return
    const response = this.#response
    const error = response === undefined
      ? new HttpClientError.RequestError({ request: this.#request, reason: "Transport", cause: withoutRequest(cause) })
      : response.fail(withoutRequest(cause))
    if (this.#attempt !== undefined) {
      this.#attempt.failure = {
        error,
        cause,
        // it resets the requests of the attempt
        wasSent: wasSent || this.#attempt.requests > 1,
        response: response === undefined ? undefined : { status: response.status, headers }
      }
    }
    if (error._tag === "RequestError") this.#settle(Either.left(error))
  }

  /** Whether the request was open. */
  #close(): boolean {
    const wasOpen = this.#isOpen
    this.#isOpen = false
    cancelTimer(this.#timer)
    this.#attempt?.inProgress.delete(this)
    return wasOpen
  }
}

const fatalDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The request body as text; an error for a body that no `Transport` can send. */
const bodyOf = (request: HttpClientRequest.HttpClientRequest): string | null => {
  const { body } = request
  if (body._tag === "Empty") return null
  if (body._tag === "Uint8Array") return fatalDecoder.decode(body.body)
  if (body._tag === "Raw" && typeof body.body === "string") return body.body
  throw new TypeError("The body of a request is a text in UTF-8")
}

const methodOf = ({ method }: HttpClientRequest.HttpClientRequest): Request["method"] => {
  if (method === "GET" || method === "POST") return method
  throw new TypeError("The method of a request is GET or POST")
}

/** Where the requests of a client go. */
export interface Target {
  readonly transport: Transport
  readonly origin: string
  readonly authorization: string
}

const toTransportRequest = (
  request: HttpClientRequest.HttpClientRequest,
  url: URL,
  { authorization, origin }: Target,
  freshConnection: boolean
): Either.Either<Request, HttpClientError.RequestError> =>
  Either.try({
    try: () => {
      // the transport computes the length
      const { "content-length": _, ...headers } = request.headers
      return {
        method: methodOf(request),
        origin: url.origin,
        path: url.pathname + url.search,
        // no other origin may see the credentials
        headers: url.origin === origin ? { authorization, ...headers } : headers,
        body: bodyOf(request),
        freshConnection
      }
    },
    catch: cause => new HttpClientError.RequestError({ request, reason: "Encode", cause })
  })

const invalid = Either.left(
  ConfigError.InvalidData(
    ["transformClient"],
    "Expected a function that returns an HttpClient for an HttpClient, and does not throw"
  )
)

/**
 * Applies `transformClient`, and returns the function that makes the `HttpClient` of a client. The target is given later, so that an
 * invalid transform is reported together with invalid credentials.
 */
export const prepare = (
  transformClient: Transform | undefined
): Either.Either<(target: Target) => Http, ConfigError.ConfigError> => {
  let target: Target | undefined
  const client = HttpClient.make((request, url, signal, fiber) => {
    const attempt = attemptOf(fiber)
    // not the context of the transform, which could contain a `Fetch` of its own that would see the credentials
    const context = attempt === undefined ? Context.empty() : contextOf(attempt.call.fiber, attempt.request)
    if (attempt?.isSettled === true) return Effect.interrupt
    if (target === undefined) {
      return new HttpClientError.RequestError({
        request,
        reason: "Transport",
        description: "the client is not made yet"
      })
    }
    const { transport } = target
    return Effect.flatMap(
      toTransportRequest(request, url, target, attempt?.request.freshConnection ?? false),
      transportRequest =>
        Effect.mapInputContext(
          Effect.async<HttpClientResponse.HttpClientResponse, HttpClientError.RequestError>(resume => {
            let result: Parameters<Settle>[0] | undefined
            const settle = inThisContext(() => {
              if (result !== undefined) resume(result)
            })
            const inner = new InnerRequest(request, attempt, found => {
              result = found
              settle()
            })
            const abort = () => inner.abort("interruption")
            signal.addEventListener("abort", abort)
            inner.dispatch(transport, transportRequest)
            return Effect.sync(abort)
          }),
          () => context
        )
    )
  })
  const isTransformed = transformClient !== undefined
  // JavaScript without types can pass any value, and a transform can return any
  const transformed = isTransformed ? Either.try(() => transformClient(client)) : Either.right(client)
  if (Either.isLeft(transformed) || !(HttpClient.TypeId in Object(transformed.right))) return invalid
  const http = { client: transformed.right, isolated: isolate(transformed.right), isTransformed }
  return Either.right(given => {
    target = given
    return http
  })
}

/** Dispatches the request of an attempt, through the transforms if there are any. */
export const dispatch = (call: Call, request: Request, collector: Collector): Abort => {
  const { http, lifecycle, transport } = call.compiled.client
  const transform = call.fiber.getFiberRef(currentTransform)
  if (transform === undefined && !http.isTransformed) return transport.dispatch(request, collector)
  // calls of a transform itself are not transformed, or it could call itself without end
  const outer = attemptOf(call.fiber)
  if (outer?.isWithin(call.compiled.client) === true) return transport.dispatch(request, collector)
  // a transform may send it by other means, and only a GET may be sent twice
  if (request.method !== "GET") collector.assumeSent()
  const client = transform === undefined ? http.isolated : apply(transform, http.client)
  const { authorization: _, ...headers } = request.headers
  const attempt = new Attempt(call, request, collector, outer)
  const key: AttemptKey = { description: "attempt" }
  attempts.set(key, attempt)
  let hadHeaders = false
  const handler = {
    onHeaders: (status: number, responseHeaders: Headers) => {
      hadHeaders = true
      return collector.onHeaders(status, responseHeaders)
    },
    onData: (chunk: Uint8Array) => collector.onData(chunk),
    onEnd: () => collector.onEnd()
  }
  const effect = execute(
    client,
    toHttpClientRequest({ ...request, headers }),
    handler,
    error => attempt.fail(error, hadHeaders)
  ).pipe(
    Effect.ensuring(Effect.sync(() => attempt.settle("interruption"))),
    Effect.locally(currentAttempt, key),
    Effect.locally(currentTransform, undefined),
    Effect.locally(currentCell, undefined)
  )
  // the time of the transform counts, except while its first request waits for a connection
  collector.onConnection()
  // the transport ends its own requests, but not a transform that does something else
  const closed = Effect.zipRight(
    Effect.raceFirst(lifecycle.closed, transport.closed),
    Effect.sync(() => collector.onError(closedError))
  )
  const interrupt = fork(Effect.raceFirst(effect, closed), call.fiber, contextOf(call.fiber, request))
  return reason => {
    attempt.settle(reason)
    interrupt()
  }
}

/** Applies a transform around those of the outer effects and of the client. */
export const withTransform =
  (transform: Transform) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.locallyWith(
      effect,
      currentTransform,
      outer => outer === undefined ? transform : client => transform(outer(client))
    )
