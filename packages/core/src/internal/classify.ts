/** The one place that decides which failure an answer, or the lack of one, is. */
import * as Duration from "effect/Duration"
import {
  InvalidResponse,
  RateLimited,
  type RequestError,
  RequestTimeout,
  ServerUnavailable,
  type StatusError,
  TransportError,
  UnexpectedStatus
} from "../SignalWireError.ts"
import type { Mismatch } from "./decode.ts"
import * as errorDetails from "./errorDetails.ts"
import { contractFailures } from "./operations.ts"
import { type Answer, header } from "./reception.ts"
import { parseRetryAfter } from "./retry.ts"
import { clean, type Taint } from "./serverText.ts"
import { interpret, is407 } from "./transportFailure.ts"

/** What every failure tells of its call. */
export interface Circumstances {
  readonly operation: string
  readonly attempts: number
  readonly requestsSent: number
  readonly elapsed: Duration.Duration
}

const requestIdHeaders = ["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"]
const maxRequestId = 128

export const requestId = (answer: Answer, taint: Taint): { readonly requestId?: string } => {
  const found = requestIdHeaders
    .map(name => clean(header(answer.headers, name), maxRequestId, taint))
    .find(text => text !== undefined)
  return found === undefined ? {} : { requestId: found }
}

const retryAfter = (answer: Answer, wallClock: number): { readonly retryAfter?: Duration.Duration } => {
  const millis = parseRetryAfter(answer.headers, wallClock)
  return millis === undefined ? {} : { retryAfter: Duration.millis(millis) }
}

/** The status alone decides; headers and body only add to it. */
export const ofStatus = (
  answer: Answer,
  circumstances: Circumstances,
  taint: Taint,
  wallClock: number
): StatusError => {
  const { status } = answer
  const refused = { ...circumstances, ...requestId(answer, taint), details: errorDetails.read(answer, taint) }
  switch (status) {
    case 400:
    case 401:
    case 404:
      return new contractFailures[status](refused)
    case 500:
      return new contractFailures[500]({ ...refused, ...retryAfter(answer, wallClock) })
    case 429:
      return new RateLimited({ ...refused, ...retryAfter(answer, wallClock) })
    case 408:
    case 502:
    case 503:
    case 504:
      return new ServerUnavailable({ ...refused, ...retryAfter(answer, wallClock), status })
    default:
      return new UnexpectedStatus({ ...refused, status })
  }
}

export const ofMismatch = (
  mismatch: Mismatch,
  answer: Answer,
  circumstances: Circumstances,
  taint: Taint
): InvalidResponse => new InvalidResponse({ ...circumstances, ...requestId(answer, taint), ...mismatch })

export const ofTimeout = (phase: RequestTimeout["phase"], circumstances: Circumstances): RequestTimeout =>
  new RequestTimeout({ ...circumstances, phase })

/** A transport's own time for connecting is part of an attempt: only the client's timer knows of the deadline. */
export const ofBreak = (cause: unknown, hadHead: boolean, circumstances: Circumstances): RequestError => {
  if (is407(cause)) return new UnexpectedStatus({ ...circumstances, status: 407 })
  const failure = interpret(cause, hadHead)
  return failure._tag === "TimedOut"
    ? ofTimeout("attempt", circumstances)
    : new TransportError({
      ...circumstances,
      reason: failure.reason,
      ...(failure.code === undefined ? {} : { code: failure.code })
    })
}
