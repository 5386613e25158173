/**
 * The errors of a call with realistic fields: a retryable error has three attempts, and an error with a status has a request
 * id. Each function takes the fields in which a test differs.
 *
 * Where only the tag matters, the class itself is shorter: `new SignalWireError.NotFound()`.
 *
 * Contradictory fields end the test with a defect.
 *
 * @since 1.0.0
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as SignalWireError from "../SignalWireError.ts"
import { reasonPhrases } from "../internal/reasonPhrases.ts"
import { classifyCause } from "../internal/response/transportErrors.ts"
import { invalidPageToken } from "./internal/invalidPageToken.ts"
import { TestSetupError } from "./internal/testSetupError.ts"

const requestId = "8c1f6f0e-52d4-4c3b-9a57-3e2f1d0c9b8a"
const oneAttempt = { attempts: 1, elapsed: Duration.millis(84) }
const threeAttempts = { attempts: 3, elapsed: Duration.millis(1130) }

interface Durations {
  readonly elapsed?: Duration.DurationInput
  readonly retryAfter?: Duration.DurationInput | undefined
}

/** The fields of an error without its message, which derives from them. Durations can be texts such as `"5 seconds"`. */
type Fields<
  F extends abstract new(fields: never) => unknown,
  Given = Omit<Exclude<ConstructorParameters<F>[0], void>, "message">
> = { readonly [Name in keyof Given]?: Name extends keyof Durations ? Durations[Name] : Given[Name] }

const decodeDuration = (field: keyof Durations, value: Duration.DurationInput): Duration.Duration =>
  Option.getOrThrowWith(
    Duration.decodeUnknown(value),
    () => new TestSetupError(`ErrorFixture: ${field} is no duration such as "5 seconds"`)
  )

/** A given `undefined` stays: an error without `retryAfter` is one. */
const decodeDurations = <F extends Durations>({ elapsed, ...fields }: F) => ({
  ...fields,
  ...(elapsed === undefined ? {} : { elapsed: decodeDuration("elapsed", elapsed) }),
  ...("retryAfter" in fields
    ? { retryAfter: fields.retryAfter === undefined ? undefined : decodeDuration("retryAfter", fields.retryAfter) }
    : {})
})

interface Attempts {
  readonly attempts?: number
  readonly requestsSent?: number
  readonly elapsed?: Duration.Duration
}

const make = <F extends Attempts, A>(name: string, Class: new(fields: F) => A, fields: F): A => {
  const { attempts, elapsed } = fields
  if (attempts !== undefined && !(Number.isSafeInteger(attempts) && attempts >= 1)) {
    throw new TestSetupError(`ErrorFixture.${name}: attempts is ${attempts}, expected a whole number of at least 1`)
  }
  if (elapsed !== undefined && !Duration.isFinite(elapsed)) {
    throw new TestSetupError(`ErrorFixture.${name}: elapsed is not finite`)
  }
  return new Class({ requestsSent: attempts ?? 1, ...fields })
}

const messageOf = (status: keyof typeof reasonPhrases) => [
  new SignalWireError.ErrorDetail({ message: reasonPhrases[status] })
]

/**
 * Status 400, with a validation error of the parameter `id`.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.badRequest({ requestId: "r-1" })
 */
export const badRequest = (
  fields: Fields<typeof SignalWireError.BadRequest> = {}
): SignalWireError.BadRequest =>
  make("badRequest", SignalWireError.BadRequest, {
    ...oneAttempt,
    requestId,
    details: [new SignalWireError.ErrorDetail({ type: "validation_error", code: "invalid", attribute: "id" })],
    ...decodeDurations(fields)
  })

/**
 * Status 401.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.unauthorized()
 */
export const unauthorized = (
  fields: Fields<typeof SignalWireError.Unauthorized> = {}
): SignalWireError.Unauthorized =>
  make("unauthorized", SignalWireError.Unauthorized, {
    ...oneAttempt,
    requestId,
    details: messageOf(401),
    ...decodeDurations(fields)
  })

/**
 * Status 404.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.notFound()
 */
export const notFound = (fields: Fields<typeof SignalWireError.NotFound> = {}): SignalWireError.NotFound =>
  make("notFound", SignalWireError.NotFound, {
    ...oneAttempt,
    requestId,
    details: messageOf(404),
    ...decodeDurations(fields)
  })

/**
 * Status 422, with a validation error of the parameter `page_token`.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.unprocessableContent({ operation: "RoomSessions.list" })
 */
export const unprocessableContent = (
  fields: Fields<typeof SignalWireError.UnprocessableContent> = {}
): SignalWireError.UnprocessableContent =>
  make("unprocessableContent", SignalWireError.UnprocessableContent, {
    ...oneAttempt,
    requestId,
    // `get` does not have this error
    operation: "RoomSessions.list",
    details: [invalidPageToken],
    ...decodeDurations(fields)
  })

/**
 * Status 500, after three attempts.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.internalServerError({ attempts: 1 })
 */
export const internalServerError = (
  fields: Fields<typeof SignalWireError.InternalServerError> = {}
): SignalWireError.InternalServerError =>
  make("internalServerError", SignalWireError.InternalServerError, {
    ...threeAttempts,
    requestId,
    details: messageOf(500),
    ...decodeDurations(fields)
  })

/**
 * Status 429 with a `retryAfter` of one minute. That is more than the deadline, so there is one attempt.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.rateLimited({ retryAfter: "5 seconds" })
 */
export const rateLimited = (
  fields: Fields<typeof SignalWireError.RateLimited> = {}
): SignalWireError.RateLimited =>
  make("rateLimited", SignalWireError.RateLimited, {
    ...oneAttempt,
    requestId,
    retryAfter: Duration.minutes(1),
    ...decodeDurations(fields)
  })

/**
 * Status 503 by default, after three attempts.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.serverUnavailable({ status: 504 })
 */
export const serverUnavailable = (
  fields: Fields<typeof SignalWireError.ServerUnavailable> = {}
): SignalWireError.ServerUnavailable =>
  make("serverUnavailable", SignalWireError.ServerUnavailable, {
    ...threeAttempts,
    requestId,
    ...decodeDurations(fields)
  })

/** The statuses with an error class of their own, and that of a success. */
const otherStatuses = [200, 400, 401, 404, 408, 429, 500, 502, 503, 504]

/**
 * Status 403 by default. A status with an error class of its own ends the test with a defect, and so does a status outside of
 * 100 to 999.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.unexpectedStatus({ status: 302 })
 */
export const unexpectedStatus = (
  fields: Fields<typeof SignalWireError.UnexpectedStatus> = {}
): SignalWireError.UnexpectedStatus => {
  const status = fields.status ?? 403
  if (otherStatuses.includes(status)) {
    throw new TestSetupError(`ErrorFixture.unexpectedStatus: status ${status} is not unexpected`)
  }
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new TestSetupError(`ErrorFixture.unexpectedStatus: ${status} is not a status`)
  }
  return make("unexpectedStatus", SignalWireError.UnexpectedStatus, {
    ...oneAttempt,
    requestId,
    ...decodeDurations(fields),
    status
  })
}

/**
 * A 200 whose body does not match the schema at `created_at`. An error with another `reason` has no `path` and no `expected`: a
 * given one ends the test with a defect.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.invalidResponse({ reason: "TooLarge" })
 */
export const invalidResponse = (
  fields: Fields<typeof SignalWireError.InvalidResponse> = {}
): SignalWireError.InvalidResponse => {
  const reason = fields.reason ?? "SchemaMismatch"
  if (reason !== "SchemaMismatch" && (fields.path !== undefined || fields.expected !== undefined)) {
    throw new TestSetupError(
      `ErrorFixture.invalidResponse: path and expected belong to SchemaMismatch, not to ${reason}`
    )
  }
  const mismatch = reason === "SchemaMismatch" ? { path: "created_at", expected: "an RFC 3339 date-time" } : {}
  return make("invalidResponse", SignalWireError.InvalidResponse, {
    ...oneAttempt,
    requestId,
    ...mismatch,
    ...decodeDurations(fields),
    reason
  })
}

/** The reasons that exclude a sent request. */
const sentNothing: ReadonlySet<string> = new Set(["Refused", "Dns", "Tls", "Proxy"])

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
 * A refused connection by default. Another `reason` has a `code` of that reason, and three attempts if it is retryable. A `code`
 * of a different reason ends the test with a defect.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.transportError({ reason: "Reset" })
 */
export const transportError = (
  fields: Fields<typeof SignalWireError.TransportError> = {}
): SignalWireError.TransportError => {
  const reason = fields.reason ?? "Refused"
  const code = codes[reason]
  const given = { ...(code === undefined ? {} : { code }), ...decodeDurations(fields), reason }
  const classified = classifyCause({ code: given.code }, reason === "Truncated")
  if (given.code !== undefined && classified.reason !== reason) {
    throw new TestSetupError(
      `ErrorFixture.transportError: ${given.code} is a code of ${
        classified.reason === "TimedOut" ? "a timeout" : classified.reason
      }, not of ${reason}`
    )
  }
  const attempts = new SignalWireError.TransportError(given).isRetryable ? threeAttempts : oneAttempt
  return make("transportError", SignalWireError.TransportError, {
    ...attempts,
    ...(sentNothing.has(reason) ? { requestsSent: 0 } : {}),
    ...given
  })
}

/**
 * The deadline of 30 seconds, reached in the third attempt.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.requestTimeout({ phase: "attempt" })
 */
export const requestTimeout = (
  fields: Fields<typeof SignalWireError.RequestTimeout> = {}
): SignalWireError.RequestTimeout =>
  make("requestTimeout", SignalWireError.RequestTimeout, {
    attempts: 3,
    elapsed: Duration.seconds(30),
    phase: "deadline" as const,
    ...decodeDurations(fields)
  })

/**
 * An id that is not a UUID. Nothing was sent, so it has no attempts.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { ErrorFixture } from "@effect-signalwire/core/testing"
 *
 * const error = ErrorFixture.invalidRequest({ parameter: "page_size", expected: "a positive integer" })
 */
export const invalidRequest = (
  fields: Omit<Fields<typeof SignalWireError.InvalidRequest>, "attempts" | "requestsSent" | "elapsed"> = {}
): SignalWireError.InvalidRequest => new SignalWireError.InvalidRequest(fields)
