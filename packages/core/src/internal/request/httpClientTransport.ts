/** A transport over any `HttpClient`, including an application's own with middleware. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Headers, Request, ResponseHandler, Service } from "../../Transport.ts"
import { causes, isBeforeSending } from "../response/transportErrors.ts"
import { readBody } from "./readBody.ts"
import { fork } from "./timer.ts"
import { contextOf } from "./tracing.ts"

export type ScopedHttpClient = HttpClient.HttpClient.With<HttpClientError.HttpClientError, Scope.Scope>

type BodyHandler = Pick<ResponseHandler, "onHeaders" | "onData" | "onEnd">

/**
 * The response that an error contains. Middleware such as `HttpClient.filterStatusOk` fails for statuses that this library
 * classifies itself. An error about the body of a 200 remains an error.
 */
export const responseIn = (error: unknown): HttpClientResponse.HttpClientResponse | undefined => {
  for (const cause of causes(error)) {
    if (!HttpClientError.isHttpClientError(cause) || cause._tag !== "ResponseError") continue
    if (cause.reason === "StatusCode" || cause.response.status !== 200) return cause.response
  }
  return undefined
}

/**
 * Whether the request may have been sent. Middleware can fail after the request, for example when a log server is not reachable.
 * A GET may be sent twice, so the error decides; any other request counts as sent.
 */
const mayHaveSent = ({ method }: Request, error: unknown): boolean => method !== "GET" || !isBeforeSending(error)

export const toHttpClientRequest = (
  { body, headers, method, origin, path }: Request
): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(origin + path, { headers })
  return body === null ? request : HttpClientRequest.bodyText(request, body, "application/json")
}

/** The scope aborts the request when the handler needs no more. Only fetch follows redirects by default. */
export const execute = (
  client: ScopedHttpClient,
  request: HttpClientRequest.HttpClientRequest,
  handler: BodyHandler,
  onError: (error: unknown) => void
): Effect.Effect<void> =>
  client.execute(request).pipe(
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
    Effect.catchAllCause(cause => Effect.sync(() => onError(Cause.squash(cause))))
  )

/** Without spans and trace headers of the `HttpClient`: the client has its own. */
export const isolate = (client: HttpClient.HttpClient): ScopedHttpClient =>
  client.pipe(
    HttpClient.withScope,
    HttpClient.withTracerPropagation(false),
    HttpClient.withTracerDisabledWhen(() => true)
  )

/** Runs each request in a fiber with the context, FiberRefs and logger of the caller, for middleware that uses them. */
const dispatchOver = (client: HttpClient.HttpClient) => {
  const isolated = isolate(client)
  return (request: Request, handler: ResponseHandler, onSettled: Effect.Effect<void>): () => void => {
    handler.onConnection()
    handler.onRequestSent()
    const executed = execute(
      isolated,
      toHttpClientRequest(request),
      handler,
      error => handler.onError(error, mayHaveSent(request, error))
    )
    const effect = Effect.ensuring(executed, onSettled)
    return Option.match(Fiber.getCurrentFiber(), {
      // an application's own transport, which wraps this one, can call it from a timer
      onNone: () => {
        const forked = Effect.runFork(effect)
        return () => forked.unsafeInterruptAsFork(FiberId.none)
      },
      onSome: fiber => fork(effect, fiber, contextOf(fiber, request))
    })
  }
}

const noop = () => {}

/** An error whose code is that of undici for a closed pool. */
export const closedError = Object.assign(new Error("The layer of this client was closed"), {
  code: "UND_ERR_DESTROYED"
})

/** The handler of a request that is settled or aborted. */
const ignoring: ResponseHandler = {
  onConnection: noop,
  onRequestSent: noop,
  onHeaders: () => false,
  onData: () => false,
  onEnd: noop,
  onError: noop
}

/** A request in progress. It makes no call after it is settled or aborted, whatever its fiber does until it is interrupted. */
class InProgress implements ResponseHandler {
  #handler: ResponseHandler
  interrupt: () => void = noop

  constructor(handler: ResponseHandler) {
    this.#handler = handler
  }

  abort(): void {
    this.#settle()
    this.interrupt()
  }

  close(): void {
    this.onError(closedError)
    this.interrupt()
  }

  onConnection(): void {
    this.#handler.onConnection()
  }

  onRequestSent(): void {
    this.#handler.onRequestSent()
  }

  onHeaders(status: number, headers: Headers): boolean {
    return this.#settleUnless(this.#handler.onHeaders(status, headers))
  }

  onData(chunk: Uint8Array): boolean {
    return this.#settleUnless(this.#handler.onData(chunk))
  }

  onEnd(): void {
    this.#settle().onEnd()
  }

  onError(cause: unknown, wasSent?: boolean): void {
    this.#settle().onError(cause, wasSent)
  }

  #settleUnless(needsMore: boolean): boolean {
    if (!needsMore) this.#settle()
    return needsMore
  }

  #settle(): ResponseHandler {
    const handler = this.#handler
    this.#handler = ignoring
    return handler
  }
}

/** Makes a transport that has the lifetime of the scope. */
export const make = (client: HttpClient.HttpClient): Effect.Effect<Service, never, Scope.Scope> =>
  Effect.gen(function*() {
    const dispatch = dispatchOver(client)
    const closed = yield* Deferred.make<void>()
    const requests = new Set<InProgress>()
    let isClosed = false
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isClosed = true
        for (const request of requests) request.close()
        return Deferred.succeed(closed, undefined)
      })
    )
    return {
      dispatch: (request, handler) => {
        if (isClosed) {
          handler.onError(closedError)
          return noop
        }
        const inProgress = new InProgress(handler)
        requests.add(inProgress)
        inProgress.interrupt = dispatch(request, inProgress, Effect.sync(() => requests.delete(inProgress)))
        return () => {
          // its fiber may end later than the transport
          requests.delete(inProgress)
          inProgress.abort()
        }
      },
      closed: Deferred.await(closed),
      mayDecompress: true
    }
  })
