/** Maps every response that is not a success, every connection error and every timeout to one error of the library. */
import * as Duration from "effect/Duration"
import type { ErrorClass, Spec } from "../../Endpoint.ts"
import {
  type ErrorContext,
  InternalServerError,
  InvalidResponse,
  RateLimited,
  RequestTimeout,
  ServerUnavailable,
  type SignalWireError,
  TransportError,
  UnexpectedStatus
} from "../../SignalWireError.ts"
import type { Progress } from "../request/progress.ts"
import type { ContainsSecret } from "../secrets.ts"
import { header, type Received, type Response } from "./collector.ts"
import type { DecodeError } from "./decode.ts"
import * as errorDetails from "./errorDetails.ts"
import { parseRetryAfter } from "./retryAfter.ts"
import { sanitize } from "./serverText.ts"
import { classifyCause, is407 } from "./transportErrors.ts"

export const requestIdHeaders = ["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"]
const maxRequestId = 128

export const requestId = (
  response: Pick<Response, "headers">,
  containsSecret: ContainsSecret
): { readonly requestId?: string } => {
  const found = requestIdHeaders
    .map(name => sanitize(header(response.headers, name), maxRequestId, containsSecret))
    .find(text => text !== undefined)
  return found === undefined ? {} : { requestId: found }
}

const retryAfter = (response: Response, wallClockMillis: number): { readonly retryAfter?: Duration.Duration } => {
  const millis = parseRetryAfter(response.headers, wallClockMillis)
  return millis === undefined ? {} : { retryAfter: Duration.millis(millis) }
}

/** The error of a status: the one that the endpoint declares, otherwise a common one. Headers and body only add fields. */
const ofStatus = (
  status: number,
  declared: ReadonlyMap<string, ErrorClass>,
  context: ErrorContext
): SignalWireError => {
  const Declared = declared.get(String(status))
  if (Declared !== undefined) return new Declared(context)
  switch (status) {
    case 500:
      return new InternalServerError(context)
    case 429:
      return new RateLimited(context)
    case 408:
    case 502:
    case 503:
    case 504:
      return new ServerUnavailable({ ...context, status })
    default:
      return new UnexpectedStatus({ ...context, status })
  }
}

/** A time limit of the transport, such as that of connecting, ends the attempt. Only the client's timer knows the deadline. */
const ofConnectionError = (cause: unknown, hadHeaders: boolean, progress: Progress): SignalWireError => {
  if (is407(cause)) return new UnexpectedStatus({ ...progress, status: 407 })
  const { code, reason } = classifyCause(cause, hadHeaders)
  return reason === "TimedOut"
    ? new RequestTimeout({ ...progress, phase: "attempt" })
    : new TransportError({ ...progress, reason, ...(code === undefined ? {} : { code }) })
}

export const ofDecodeError = (
  error: DecodeError,
  response: Response,
  progress: Progress,
  containsSecret: ContainsSecret
): InvalidResponse =>
  new InvalidResponse({
    ...progress,
    ...requestId(response, containsSecret),
    status: response.status,
    ...error
  })

/** Makes the classifier of an endpoint from the errors that it declares, by status. */
export const make = (errors: Spec["errors"], containsSecret: ContainsSecret) => {
  const declared = new Map<string, ErrorClass>(Object.entries(errors))
  return (received: Received, progress: Progress, wallClockMillis: number): SignalWireError => {
    switch (received._tag) {
      case "TimedOut":
        return new RequestTimeout({ ...progress, phase: received.phase })
      case "ConnectionError":
        return ofConnectionError(received.cause, received.status !== 0, progress)
      case "Response": {
        const { response } = received
        return ofStatus(response.status, declared, {
          ...progress,
          ...requestId(response, containsSecret),
          ...retryAfter(response, wallClockMillis),
          details: errorDetails.read(response, containsSecret)
        })
      }
    }
  }
}
