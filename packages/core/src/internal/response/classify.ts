/** The one place that decides which error a response, or the lack of one, is. */
import * as Duration from "effect/Duration"
import type { Spec } from "../../Endpoint.ts"
import {
  type CommonError,
  type ErrorContext,
  InvalidResponse,
  RateLimited,
  RequestTimeout,
  ServerUnavailable,
  type SignalWireError,
  TransportError,
  UnexpectedStatus
} from "../../SignalWireError.ts"
import type { Progress } from "../request/call.ts"
import { header, type Received, type Response } from "./collector.ts"
import type { Mismatch } from "./decode.ts"
import * as errorDetails from "./errorDetails.ts"
import { parseRetryAfter } from "./retryAfter.ts"
import { type ContainsSecret, sanitize } from "./serverText.ts"
import { interpret, is407 } from "./transportErrors.ts"

const requestIdHeaders = ["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"]
const maxRequestId = 128

export const requestId = (response: Response, containsSecret: ContainsSecret): { readonly requestId?: string } => {
  const found = requestIdHeaders
    .map(name => sanitize(header(response.headers, name), maxRequestId, containsSecret))
    .find(text => text !== undefined)
  return found === undefined ? {} : { requestId: found }
}

const retryAfter = (response: Response, wallClockMillis: number): { readonly retryAfter?: Duration.Duration } => {
  const millis = parseRetryAfter(response.headers, wallClockMillis)
  return millis === undefined ? {} : { retryAfter: Duration.millis(millis) }
}

/** Of a status that the endpoint does not declare. */
const ofOtherStatus = (status: number, context: ErrorContext): CommonError => {
  switch (status) {
    case 429:
      return new RateLimited(context)
    case 408:
    case 502:
    case 503:
    case 504:
      return new ServerUnavailable({ ...context, status })
    default: {
      const { retryAfter: _, ...rest } = context
      return new UnexpectedStatus({ ...rest, status })
    }
  }
}

const ofTimeout = (phase: RequestTimeout["phase"], progress: Progress): RequestTimeout =>
  new RequestTimeout({ ...progress, phase })

/** A transport's own time for connecting is part of an attempt: only the client's timer knows of the deadline. */
const ofConnectionError = (cause: unknown, hadHead: boolean, progress: Progress): CommonError => {
  if (is407(cause)) return new UnexpectedStatus({ ...progress, status: 407 })
  const interpreted = interpret(cause, hadHead)
  return interpreted._tag === "TimedOut"
    ? ofTimeout("attempt", progress)
    : new TransportError({
      ...progress,
      reason: interpreted.reason,
      ...(interpreted.code === undefined ? {} : { code: interpreted.code })
    })
}

export const ofMismatch = (
  mismatch: Mismatch,
  response: Response,
  progress: Progress,
  containsSecret: ContainsSecret
): InvalidResponse => new InvalidResponse({ ...progress, ...requestId(response, containsSecret), ...mismatch })

/** By the errors that an endpoint declares. The status alone decides; headers and body only add to it. */
export const make = (errors: Spec["errors"], containsSecret: ContainsSecret) => {
  const ofStatus = (response: Response, progress: Progress, wallClockMillis: number): SignalWireError => {
    const context: ErrorContext = {
      ...progress,
      ...requestId(response, containsSecret),
      ...retryAfter(response, wallClockMillis),
      details: errorDetails.read(response, containsSecret)
    }
    const Declared = errors[response.status]
    return Declared === undefined ? ofOtherStatus(response.status, context) : new Declared(context)
  }

  return (received: Received, progress: Progress, wallClockMillis: number): SignalWireError => {
    switch (received._tag) {
      case "TimedOut":
        return ofTimeout(received.phase, progress)
      case "ConnectionError":
        return ofConnectionError(received.cause, received.status !== 0, progress)
      case "Response":
        return ofStatus(received.response, progress, wallClockMillis)
    }
  }
}
