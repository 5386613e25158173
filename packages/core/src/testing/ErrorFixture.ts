/**
 * Every failure of a call as it looks after a typical course: retryable ones after three attempts, those with a response
 * with a request id. Each takes the fields that a test wants otherwise. Where only the tag matters, the class itself does
 * too: `new SignalWireError.NotFound()`.
 *
 * @since 1.0.0
 */
import * as Duration from "effect/Duration"
import * as ParseResult from "effect/ParseResult"
import * as SignalWireError from "../SignalWireError.ts"
import { reasonPhrases } from "../internal/reasonPhrases.ts"
import { classifyCause } from "../internal/response/transportErrors.ts"
import { explain } from "./internal/explain.ts"
import { Misuse } from "./internal/misuse.ts"

const requestId = "8c1f6f0e-52d4-4c3b-9a57-3e2f1d0c9b8a"
const once = { attempts: 1, elapsed: Duration.millis(84) }
const thrice = { attempts: 3, elapsed: Duration.millis(1130) }

interface Course {
  readonly attempts?: number
  readonly requestsSent?: number
  readonly elapsed?: Duration.Duration
}

/** The message is derived from the others. */
type Fields<F extends abstract new(fields: never) => unknown> = Omit<
  Exclude<ConstructorParameters<F>[0], void>,
  "message"
>

/** Nothing is sent for an id that is no UUID, and anything else is known only once something was sent. */
const problemOf = ({ attempts, elapsed }: Course, wasSent: boolean): string | undefined => {
  const isPossible = attempts === undefined ||
    (wasSent ? Number.isSafeInteger(attempts) && attempts >= 1 : attempts === 0)
  if (!isPossible) {
    return `attempts is ${attempts}, expected ${wasSent ? "a whole number of at least 1" : "0, since nothing was sent"}`
  }
  return elapsed !== undefined && !Duration.isFinite(elapsed) ? "elapsed is not finite" : undefined
}

const make = <F extends Course, A>(name: string, Failure: new(fields: F) => A, fields: F, wasSent = true): A => {
  const problem = problemOf(fields, wasSent)
  if (problem !== undefined) throw new Misuse(`ErrorFixture.${name}: ${problem}`)
  try {
    return new Failure({ requestsSent: wasSent ? fields.attempts ?? 1 : 0, ...fields })
  } catch (error) {
    throw ParseResult.isParseError(error) ? new Misuse(`ErrorFixture.${name}: ${explain(error)}`) : error
  }
}

const said = (message: string) => [new SignalWireError.ErrorDetail({ message })]

/**
 * 400, with the complaint of the service.
 *
 * @since 1.0.0
 * @category constructors
 */
export const badRequest = (
  fields: Partial<Fields<typeof SignalWireError.BadRequest>> = {}
): SignalWireError.BadRequest =>
  make("badRequest", SignalWireError.BadRequest, {
    ...once,
    requestId,
    details: [new SignalWireError.ErrorDetail({ type: "validation_error", code: "invalid", attribute: "id" })],
    ...fields
  })

/**
 * 401.
 *
 * @since 1.0.0
 * @category constructors
 */
export const unauthorized = (
  fields: Partial<Fields<typeof SignalWireError.Unauthorized>> = {}
): SignalWireError.Unauthorized =>
  make("unauthorized", SignalWireError.Unauthorized, {
    ...once,
    requestId,
    details: said(reasonPhrases[401]),
    ...fields
  })

/**
 * 404.
 *
 * @since 1.0.0
 * @category constructors
 */
export const notFound = (fields: Partial<Fields<typeof SignalWireError.NotFound>> = {}): SignalWireError.NotFound =>
  make("notFound", SignalWireError.NotFound, {
    ...once,
    requestId,
    details: said(reasonPhrases[404]),
    ...fields
  })

/**
 * 500, three times.
 *
 * @since 1.0.0
 * @category constructors
 */
export const internalServerError = (
  fields: Partial<Fields<typeof SignalWireError.InternalServerError>> = {}
): SignalWireError.InternalServerError =>
  make("internalServerError", SignalWireError.InternalServerError, {
    ...thrice,
    requestId,
    details: said(reasonPhrases[500]),
    ...fields
  })

/**
 * 429, with a wait of a minute, which is beyond the deadline: so it came at once.
 *
 * @since 1.0.0
 * @category constructors
 */
export const rateLimited = (
  fields: Partial<Fields<typeof SignalWireError.RateLimited>> = {}
): SignalWireError.RateLimited =>
  make("rateLimited", SignalWireError.RateLimited, { ...once, requestId, retryAfter: Duration.minutes(1), ...fields })

/**
 * 503, or the status that is given, three times.
 *
 * @since 1.0.0
 * @category constructors
 */
export const serverUnavailable = (
  fields: Partial<Fields<typeof SignalWireError.ServerUnavailable>> = {}
): SignalWireError.ServerUnavailable =>
  make("serverUnavailable", SignalWireError.ServerUnavailable, { ...thrice, requestId, ...fields })

const ownStatuses = [200, 400, 401, 404, 408, 429, 500, 502, 503, 504]

/**
 * 403, or the status that is given; one that has a failure of its own is refused.
 *
 * @since 1.0.0
 * @category constructors
 */
export const unexpectedStatus = (
  fields: Partial<Fields<typeof SignalWireError.UnexpectedStatus>> = {}
): SignalWireError.UnexpectedStatus => {
  const status = fields.status ?? 403
  if (ownStatuses.includes(status)) {
    throw new Misuse(`ErrorFixture.unexpectedStatus: status ${status} is not unexpected, it has a result of its own`)
  }
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new Misuse(`ErrorFixture.unexpectedStatus: there is no status ${status}`)
  }
  return make("unexpectedStatus", SignalWireError.UnexpectedStatus, { ...once, requestId, ...fields, status })
}

/**
 * A 200 of which the body does not fit, at `created_at`. Another reason has no path.
 *
 * @since 1.0.0
 * @category constructors
 */
export const invalidResponse = (
  fields: Partial<Fields<typeof SignalWireError.InvalidResponse>> = {}
): SignalWireError.InvalidResponse => {
  const reason = fields.reason ?? "SchemaMismatch"
  if (reason !== "SchemaMismatch" && (fields.path !== undefined || fields.expected !== undefined)) {
    throw new Misuse(`ErrorFixture.invalidResponse: path and expected belong to SchemaMismatch, not to ${reason}`)
  }
  const where = reason === "SchemaMismatch" ? { path: "created_at", expected: "an RFC 3339 date-time" } : {}
  return make("invalidResponse", SignalWireError.InvalidResponse, { ...once, requestId, ...where, ...fields, reason })
}

/** Nothing can have been sent. */
const hasNoConnection: ReadonlySet<string> = new Set(["Refused", "Dns", "Tls", "Proxy"])

const codes = {
  Refused: "ECONNREFUSED",
  Reset: "ECONNRESET",
  Dns: "ENOTFOUND",
  Tls: "CERT_HAS_EXPIRED",
  Truncated: "ERR_STREAM_PREMATURE_CLOSE",
  Malformed: "HPE_INVALID_CONSTANT",
  Proxy: "UND_ERR_PRX_TLS",
  Closed: "UND_ERR_DESTROYED",
  Other: undefined
} as const

/**
 * A refused connection, or the reason that is given, with a code that fits.
 *
 * @since 1.0.0
 * @category constructors
 */
export const transportError = (
  fields: Partial<Fields<typeof SignalWireError.TransportError>> = {}
): SignalWireError.TransportError => {
  const reason = fields.reason ?? "Refused"
  const code = codes[reason]
  const failure = { ...(code === undefined ? {} : { code }), ...fields, reason }
  const meant = classifyCause({ code: failure.code }, reason === "Truncated")
  if (failure.code !== undefined && meant.reason !== reason) {
    throw new Misuse(
      `ErrorFixture.transportError: the code ${failure.code} stands for ${
        meant.reason === "TimedOut" ? "a timeout" : meant.reason
      }, not for ${reason}`
    )
  }
  const course = new SignalWireError.TransportError(failure).isRetryable ? thrice : once
  return make("transportError", SignalWireError.TransportError, {
    ...course,
    ...(hasNoConnection.has(reason) ? { requestsSent: 0 } : {}),
    ...failure
  })
}

/**
 * The deadline of 30 s, which came in the third attempt.
 *
 * @since 1.0.0
 * @category constructors
 */
export const requestTimeout = (
  fields: Partial<Fields<typeof SignalWireError.RequestTimeout>> = {}
): SignalWireError.RequestTimeout =>
  make("requestTimeout", SignalWireError.RequestTimeout, {
    attempts: 3,
    elapsed: Duration.seconds(30),
    phase: "deadline" as const,
    ...fields
  })

/**
 * The id was no UUID.
 *
 * @since 1.0.0
 * @category constructors
 */
export const invalidRequest = (
  fields: Partial<Fields<typeof SignalWireError.InvalidRequest>> = {}
): SignalWireError.InvalidRequest => make("invalidRequest", SignalWireError.InvalidRequest, fields, false)
