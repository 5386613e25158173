/** The information about the last response, for `SignalWireClient.withResponseInfo`. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import type { Endpoint } from "../../Endpoint.ts"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Headers } from "../../Transport.ts"
import { requestId, requestIdHeaders } from "../response/classify.ts"
import { header, type Received } from "../response/collector.ts"
import { sanitize } from "../response/serverText.ts"
import { type ContainsSecret, redacted } from "../secrets.ts"
import type { Call } from "./call.ts"
import { currentCell } from "./overrides.ts"
import { progress } from "./progress.ts"

export interface ResponseInfo {
  /** The operation, such as `RoomSessions.get`. */
  readonly operation: string
  /** The status of the response to the last attempt; missing where none arrived. */
  readonly status?: number
  /** The id that identifies the request to the vendor's support, at most 128 characters; missing where none was sent. */
  readonly requestId?: string
  /** The number of attempts, including those without a connection. */
  readonly attempts: number
  /** The number of sent requests. `SignalWireError` says when it differs from `attempts`. */
  readonly requestsSent: number
  /** The time from the call to its result, delays included. */
  readonly elapsed: Duration.Duration
  /**
   * Some headers of that response, with names in lower case: `content-type`, `date`, `retry-after`, those of request ids
   * (`x-request-id`, `x-signalwire-request-id`, `request-id`, `x-amzn-requestid`) and those of rate limits (`ratelimit`,
   * `ratelimit-*`, `x-ratelimit-*`, `x-rate-limit-*`). A value has at most 256 characters and no control characters; one that
   * contains the credentials is left out.
   */
  readonly headers: Readonly<Record<string, string>>
}

/** Holds the information about the call that settled last in a wrapped effect, and in those that it wraps. */
export class Cell {
  readonly #outer: Cell | undefined
  info: ResponseInfo | undefined

  constructor(outer: Cell | undefined) {
    this.#outer = outer
  }

  set(info: ResponseInfo | undefined): void {
    this.info = info
    this.#outer?.set(info)
  }
}

const maxHeader = 256
const names = new Set(["content-type", "date", "retry-after", ...requestIdHeaders])
const rateLimit = /^(?:x-)?rate-?limit(?:-|$)/

const allowedHeaders = (headers: Headers, containsSecret: ContainsSecret): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(headers).flatMap(name => {
      if (!names.has(name) && !rateLimit.test(name)) return []
      const value = sanitize(header(headers, name), maxHeader, containsSecret)
      return value === undefined || value === redacted || containsSecret(name) ? [] : [[name, value]]
    })
  )

const responseOf = (received: Received | undefined): { readonly status: number; readonly headers: Headers } =>
  received === undefined
    ? { status: 0, headers: {} }
    : received._tag === "Response"
    ? received.response
    : received

/** What a call with a cell records. */
export class Recorder {
  readonly #cell: Cell
  #attempts = 0
  #received: Received | undefined

  constructor(cell: Cell) {
    this.#cell = cell
  }

  onAttempt(attempts: number, received: Received): void {
    this.#attempts = attempts
    this.#received = received
  }

  onSettled(call: Call, error: SignalWireError | undefined): void {
    const { containsSecret } = call.compiled.client
    const { attempts, elapsed, operation, requestsSent } = error ?? progress(call, this.#attempts)
    const { headers, status } = responseOf(this.#received)
    this.#cell.set({
      operation,
      ...(status === 0 ? {} : { status }),
      ...requestId({ headers }, containsSecret),
      attempts,
      requestsSent,
      elapsed,
      headers: allowedHeaders(headers, containsSecret)
    })
  }
}

export const recorderOf = (fiber: RuntimeFiber<unknown, unknown>): Recorder | undefined => {
  const cell = fiber.getFiberRef(currentCell)
  return cell === undefined ? undefined : new Recorder(cell)
}

/** Gives a caller the information about the response that it shares with others. */
export const share = (fiber: RuntimeFiber<unknown, unknown>, info: ResponseInfo | undefined): void => {
  fiber.getFiberRef(currentCell)?.set(info)
}

/** A call without a response, such as one with invalid parameters, has no information, and that of an earlier call is not about it. */
export const clear = (fiber: RuntimeFiber<unknown, unknown>): void => share(fiber, undefined)

/** Records the result of a call. */
export const recorded = <A>(
  effect: Effect.Effect<A, SignalWireError>,
  call: Call,
  recorder: Recorder
): Effect.Effect<A, SignalWireError> =>
  Effect.tapBoth(effect, {
    onFailure: error => Effect.sync(() => recorder.onSettled(call, error)),
    onSuccess: () => Effect.sync(() => recorder.onSettled(call, undefined))
  })

const ofError = (operation: string, error: SignalWireError): ResponseInfo => {
  const { attempts, elapsed, requestsSent } = error
  const retryAfter = "retryAfter" in error ? error.retryAfter : undefined
  return {
    operation,
    ...("status" in error ? { status: error.status } : {}),
    ...("requestId" in error && error.requestId !== undefined ? { requestId: error.requestId } : {}),
    attempts,
    requestsSent,
    elapsed,
    headers: retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(Duration.toSeconds(retryAfter))) }
  }
}

/** Records the result of a call that has no response, such as that of a script: its error, or one request with the status of a success. */
export const recordedWithoutResponse = <A>(
  { name, spec: { successStatus = 200 } }: Endpoint,
  effect: Effect.Effect<A, SignalWireError>
): Effect.Effect<A, SignalWireError> =>
  Effect.flatMap(FiberRef.get(currentCell), cell =>
    cell === undefined ? effect : Effect.tapBoth(effect, {
      onFailure: error =>
        Effect.sync(() => cell.set(error._tag === "SignalWireInvalidRequest" ? undefined : ofError(name, error))),
      onSuccess: () =>
        Effect.sync(() =>
          cell.set({
            operation: name,
            status: successStatus,
            attempts: 1,
            requestsSent: 1,
            elapsed: Duration.zero,
            headers: {}
          })
        )
    }))

export interface WithInfo<A, E> {
  readonly result: Either.Either<A, E>
  readonly info: ResponseInfo | undefined
}

export const withResponseInfo = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<WithInfo<A, E>, never, R> =>
  Effect.flatMap(FiberRef.get(currentCell), outer => {
    const cell = new Cell(outer)
    return Effect.map(
      Effect.locally(Effect.either(effect), currentCell, cell),
      result => ({ result, info: cell.info })
    )
  })
