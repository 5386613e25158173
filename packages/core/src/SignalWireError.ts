/**
 * The errors of the calls of this library, each a tagged class. Those of a download are in `RecordingDownload`.
 *
 * An error is plain data: it has no request, no response, no headers and no error of another library. Its `message` has no
 * text of the server. Only `details` and `requestId` have such texts, shortened and sanitized: without control characters,
 * and with `<redacted>` for a text that contains the credentials.
 *
 * In a test, only the distinguishing fields are required: `new NotFound()`. `Equal.equals` compares errors by class and
 * fields.
 *
 * An encoded error, by its schema or by `JSON.stringify`, has its `message` and, where there was a response, its `status`.
 * `message` derives from the other fields: a `message` that is passed to a constructor or decoded is ignored.
 *
 * @since 1.0.0
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Equal from "effect/Equal"
import { identity } from "effect/Function"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isRetryable } from "./internal/request/retryable.ts"
import { orNull, requestedId } from "./internal/response/expectations.ts"

const optionalText = Schema.optional(Schema.String)

const withDefault = <S extends Schema.Schema.AnyNoContext>(schema: S, value: Schema.Schema.Type<S>) =>
  Schema.optionalWith(schema, { default: () => value })

const common = {
  /** The operation, such as `RoomSessions.get`. */
  operation: withDefault(Schema.String, "RoomSessions.get"),
  /** The number of attempts, including those without a connection. */
  attempts: withDefault(Schema.NonNegativeInt, 1),
  /**
   * The number of sent requests: fewer than attempts where no connection could be made, more where a reused connection was
   * closed and the request was sent again on a new one. An `HttpClient` does not report it: over one, an attempt that may
   * have sent its request counts as one request.
   */
  requestsSent: withDefault(Schema.NonNegativeInt, 1),
  /** The time from the call to the error, delays included. */
  elapsed: withDefault(Schema.Duration, Duration.zero),
  /** The description of the error for people. Each class derives it, so it is encoded and not decoded. */
  message: Schema.optionalToOptional(Schema.String, Schema.String, { decode: () => Option.none(), encode: identity })
}

const withResponse = {
  ...common,
  /** The id that identifies the request to the vendor's support, at most 128 characters; undefined where none was sent. */
  requestId: optionalText
}

const withRetryAfter = {
  /** The delay that the server asks for; undefined where it asks for none. */
  retryAfter: Schema.optional(Schema.Duration)
}

/**
 * One error detail of the service. The vendor sends several forms, and all are decoded to this one. Each text has at most
 * 256 characters; a field that was not sent is undefined.
 *
 * @since 1.0.0
 * @category details
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 *
 * const texts = (error: SignalWireError.BadRequest): ReadonlyArray<string> =>
 *   error.details.map(({ attribute, code, message }) => message ?? code ?? `${attribute} is invalid`)
 */
export class ErrorDetail extends Schema.Class<ErrorDetail>("SignalWireErrorDetail")({
  /** The vendor's kind of error, such as `validation_error`. */
  type: optionalText,
  /** The vendor's code, such as `not_a_uuid`. */
  code: optionalText,
  /** The text of the service. */
  message: optionalText,
  /** The name of the invalid parameter. */
  attribute: optionalText,
  /** The URL of the vendor's documentation of the error. */
  url: optionalText
}) {}

const withDetails = {
  ...withResponse,
  /** The error details in the body, at most 16. An empty array, for a body without details, is not encoded. */
  details: Schema.optionalToRequired(Schema.Array(ErrorDetail), Schema.Array(Schema.typeSchema(ErrorDetail)), {
    decode: Option.getOrElse(() => []),
    encode: Option.liftPredicate(found => found.length > 0)
  }).pipe(Schema.withConstructorDefault(() => []))
}

/** The status of a class that has one status. */
const only = <const S extends number>(status: S) => withDefault(Schema.Literal(status), status)

const keysOf = <K extends string>(texts: Readonly<Record<K, string>>) =>
  // `Object.keys` has no type for the keys
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Schema.Literal(...Object.keys(texts) as [K, ...Array<K>])

interface Fields {
  readonly operation: string
  readonly attempts: number
  readonly elapsed: Duration.Duration
  readonly details?: ReadonlyArray<ErrorDetail>
}

const toMessage = ({ attempts, elapsed, operation }: Fields, text: string): string =>
  `${operation}: ${text}` +
  (attempts === 0
    ? ""
    : ` (${attempts} attempt${attempts === 1 ? "" : "s"}, ${Math.round(Duration.toMillis(elapsed))} ms)`)

/** An undefined field is equal to a missing one. */
const defined = (fields: object) =>
  Data.struct(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))

/** The fields of an error as a value that `Equal` compares by content. `Equal` compares plain arrays by reference. */
const contents = (fields: Fields) =>
  defined({ ...fields, message: undefined, details: Data.array((fields.details ?? []).map(defined)) })

/** The common part of all classes. */
interface Common {
  readonly message: string
  /**
   * Whether the same request may succeed later. It does not say that the first one had no effect: a `POST` that was sent may have created what
   * it should.
   */
  readonly isRetryable: boolean
}

// TypeScript requires `any[]` of the constructor of a mixin
// oxlint-disable-next-line typescript/no-explicit-any
type Constructor<A> = new(...args: Array<any>) => A

const isOfSameClass = <A extends object>(self: A, that: unknown): that is A =>
  typeof that === "object" && that !== null && Object.getPrototypeOf(that) === Object.getPrototypeOf(self)

/** Adds the common part of all classes: the message, structural equality and the encoded form as JSON. */
const define = <C extends Constructor<Fields & Cause.YieldableError>>(
  Class: C,
  describe: (error: InstanceType<C>) => string
): C & Constructor<Common> =>
  class extends Class {
    // a mixin has no type for the class that extends it
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    override readonly message: string = toMessage(this, describe(this as InstanceType<C>))
    get isRetryable(): boolean {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return isRetryable(this as unknown as SignalWireError)
    }
    [Equal.symbol](that: unknown): boolean {
      return isOfSameClass(this, that) && Equal.equals(contents(this), contents(that))
    }
    [Hash.symbol](): number {
      return Hash.hash(contents(this))
    }
    override toJSON(): unknown {
      return Schema.encodeUnknownSync(SignalWireError)(this)
    }
  }

const pause = ({ retryAfter }: { readonly retryAfter?: Duration.Duration | undefined }): string =>
  retryAfter === undefined ? "" : `; the client sends none for ${Math.ceil(Duration.toSeconds(retryAfter))} s`

const requestedDelay = ({ retryAfter }: { readonly retryAfter?: Duration.Duration | undefined }): string =>
  retryAfter === undefined ? "" : `; it asks for a delay of ${Math.ceil(Duration.toSeconds(retryAfter))} s`

/**
 * 400: the request is invalid.
 *
 * Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class BadRequest extends define(
  Schema.TaggedError<BadRequest>()("SignalWireBadRequest", {
    ...withDetails,
    /** The status of the response. */
    status: only(400)
  }),
  () => "the service rejects the request as invalid (status 400)"
) {}

/** The service does not distinguish these causes. */
const unauthorizedCauses =
  "wrong or missing credentials, the address of another space, a token without the Video scope, or an account that is not verified"

/**
 * 401: the credentials are missing or wrong, the address is that of another space, the API token lacks the Video scope,
 * or the account is not verified.
 *
 * Only `details` can show which. Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class Unauthorized extends define(
  Schema.TaggedError<Unauthorized>()("SignalWireUnauthorized", {
    ...withDetails,
    /** The status of the response. */
    status: only(401)
  }),
  () => `not authorized (status 401): ${unauthorizedCauses}`
) {}

/**
 * 404: the project has no such resource.
 *
 * Another project may have it. Not retried.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const find = (id: string) =>
 *   Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
 *     Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
 *   )
 */
export class NotFound extends define(
  Schema.TaggedError<NotFound>()("SignalWireNotFound", {
    ...withDetails,
    /** The status of the response. */
    status: only(404)
  }),
  () => "not found in this project (status 404)"
) {}

/**
 * 422: the service rejects a parameter of the request.
 *
 * `details` tell which one. Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class UnprocessableContent extends define(
  Schema.TaggedError<UnprocessableContent>()("SignalWireUnprocessableContent", {
    ...withDetails,
    /** The status of the response. */
    status: only(422)
  }),
  () => "the service rejects a parameter of the request (status 422)"
) {}

/**
 * 500: the service failed.
 *
 * Retried, and not before `retryAfter`.
 *
 * @since 1.0.0
 * @category errors
 */
export class InternalServerError extends define(
  Schema.TaggedError<InternalServerError>()("SignalWireInternalServerError", {
    ...withDetails,
    /** The status of the response. */
    status: only(500),
    ...withRetryAfter
  }),
  error => `the service failed (status 500)${requestedDelay(error)}`
) {}

/**
 * 429: too many requests.
 *
 * Retried, and not before `retryAfter`.
 *
 * With `rateLimit` in its policy, a client sends nothing until the `retryAfter` of a 429 has passed, at most for a minute. A call that would
 * end before fails at once, with the rest of that time. Such a call has had no response: its `attempts` and `requestsSent` are 0.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import type { SignalWireError } from "@effect-signalwire/core"
 * import { Duration } from "effect"
 *
 * const retryAfterSeconds = ({ retryAfter }: SignalWireError.RateLimited): number | undefined =>
 *   retryAfter === undefined ? undefined : Duration.toSeconds(retryAfter)
 */
export class RateLimited extends define(
  Schema.TaggedError<RateLimited>()("SignalWireRateLimited", {
    ...withDetails,
    /** The status of the response, or of that to another call. */
    status: only(429),
    ...withRetryAfter
  }),
  error =>
    error.attempts === 0
      ? `the service has responded to another call that there are too many requests${pause(error)}: nothing was sent`
      : `too many requests (status 429)${requestedDelay(error)}`
) {}

/**
 * 408, 502, 503 or 504: a gateway timed out, or the service is overloaded. Retried, and not before `retryAfter`.
 *
 * @since 1.0.0
 * @category errors
 */
export class ServerUnavailable extends define(
  Schema.TaggedError<ServerUnavailable>()("SignalWireServerUnavailable", {
    ...withDetails,
    /** The status of the response. */
    status: withDefault(Schema.Literal(408, 502, 503, 504), 503),
    ...withRetryAfter
  }),
  error => `the service is not available (status ${error.status})${requestedDelay(error)}`
) {}

/**
 * Any other status, including redirects, which are not followed, and other successes. Not retried. A 403 has the causes of
 * `Unauthorized`.
 *
 * @since 1.0.0
 * @category errors
 */
export class UnexpectedStatus extends define(
  Schema.TaggedError<UnexpectedStatus>()("SignalWireUnexpectedStatus", {
    ...withDetails,
    /** The status of the response. */
    status: Schema.Int
  }),
  ({ status }) =>
    status === 403
      ? `forbidden (status 403): ${unauthorizedCauses}`
      : `the service responded with a status that this operation does not have (status ${status})`
) {}

const invalidResponses = {
  InvalidJson: "its body is not JSON",
  InvalidUtf8: "its body is not UTF-8",
  UnexpectedContentType: "its content type is not JSON in UTF-8",
  UnsupportedEncoding: "its body is compressed, though an uncompressed one was requested",
  TooLarge: "its body is larger than the policy allows",
  SchemaMismatch: "its body does not match the contract"
}

/** Names the option with which the client accepts the response. */
const suggestion = (expected: string | undefined): string => {
  if (expected === requestedId) {
    return ", but the body has another one; `echo: \"ignore\"` accepts a mock that sends one body for every id"
  }
  return expected?.endsWith(orNull) === true
    ? "; `decoding: \"lenient\"` (SIGNALWIRE_DECODING) decodes anything else as null"
    : ""
}

/**
 * A success whose body cannot be used. Not retried.
 *
 * Where the reason is `SchemaMismatch`, `path` is the path of the first value that differs, such as `created_at`, and
 * `expected` describes the accepted values. No error contains a value of the body.
 *
 * @since 1.0.0
 * @category errors
 */
export class InvalidResponse extends define(
  Schema.TaggedError<InvalidResponse>()("SignalWireInvalidResponse", {
    ...withResponse,
    /** The status of the response. */
    status: withDefault(Schema.Int, 200),
    /** Why the body cannot be used; `message` says it in words. */
    reason: keysOf(invalidResponses),
    /** The path of the first value that differs, such as `created_at`; only for `SchemaMismatch`. */
    path: optionalText,
    /** A description of the accepted values; only for `SchemaMismatch`. */
    expected: optionalText
  }),
  ({ expected, path, reason }) =>
    `the response cannot be used: ${invalidResponses[reason]}` +
    (path === undefined ? "" : `, at ${path === "" ? "its root" : path}`) +
    (expected === undefined ? "" : `: expected ${expected}${suggestion(expected)}`)
) {}

const transportErrors = {
  Refused: "no connection could be made",
  Reset: "the connection was closed before a response was received",
  Dns: "the host name could not be resolved",
  Tls: "the secure connection could not be made",
  Truncated: "the connection was closed in the middle of the response",
  Malformed: "the response is not HTTP",
  Proxy: "the proxy rejected the request",
  Closed: "the layer of the client was closed",
  Other: "no response"
}

/**
 * No whole response was received. Retried when the reason is `Refused`, `Reset` or `Truncated`, when the name server
 * reports a temporary error (`Dns` with the `code` `EAI_AGAIN`), when the proxy does (`Proxy` with the `code`
 * `ERR_PROXY_STATUS_503`, or another of 408, 429, 500, 502 and 504), and when the transport gives no reason (`Other` with the
 * `code` `ERR_NETWORK`), as in browsers. `Closed` is not an error of the network: the layer was closed during the call, for
 * example at a shutdown.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import type { SignalWireError } from "@effect-signalwire/core"
 *
 * const isOffline = (error: SignalWireError.SignalWireError): boolean =>
 *   error._tag === "SignalWireTransportError" && (error.reason === "Refused" || error.reason === "Dns")
 */
export class TransportError extends define(
  Schema.TaggedError<TransportError>()("SignalWireTransportError", {
    ...common,
    /** Why there is no response; `message` says it in words. */
    reason: keysOf(transportErrors),
    /**
     * The transport's own code, such as `ECONNREFUSED`; `ERR_NETWORK` for an error of fetch without further information.
     */
    code: optionalText
  }),
  ({ code, reason }) => transportErrors[reason] + (code === undefined ? "" : ` (${code})`)
) {}

const timeouts = {
  attempt: "the time for one attempt",
  deadline: "the deadline of the call"
}

const connectionTimes = {
  attempt: "connectTimeout or attemptTimeout of the policy",
  deadline: timeouts.deadline
}

/**
 * A time limit was reached: that of one attempt (phase `attempt`), which is retried, or that of the whole call (phase
 * `deadline`), which is not. A call that was queued for a connection until its deadline has sent no request. A call that waited
 * for the `rateLimit` of the policy until then has made no attempt either.
 *
 * @since 1.0.0
 * @category errors
 */
export class RequestTimeout extends define(
  Schema.TaggedError<RequestTimeout>()("SignalWireRequestTimeout", {
    ...common,
    /** Which limit: that of one attempt or that of the whole call. */
    phase: withDefault(keysOf(timeouts), "attempt")
  }),
  ({ attempts, phase, requestsSent }) => {
    if (attempts === 0) {
      return `the rate limit of the client allows no request within ${timeouts[phase]}: nothing was sent`
    }
    return requestsSent === 0
      ? `no connection within ${connectionTimes[phase]}: nothing was sent`
      : `no whole response within ${timeouts[phase]}`
  }
) {}

/**
 * A parameter does not match the endpoint's declaration, and nothing was sent. The error does not contain the value.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 *
 * new SignalWireError.InvalidRequest().message // RoomSessions.get: id is not valid: expected a UUID; nothing was sent
 */
export class InvalidRequest extends define(
  Schema.TaggedError<InvalidRequest>()("SignalWireInvalidRequest", {
    ...common,
    /** No attempt was made. */
    attempts: withDefault(Schema.NonNegativeInt, 0),
    /** No request was sent. */
    requestsSent: withDefault(Schema.NonNegativeInt, 0),
    /** The name of the parameter. */
    parameter: withDefault(Schema.String, "id"),
    /** A description of the accepted values. */
    expected: withDefault(Schema.String, "a UUID")
  }),
  ({ expected, parameter }) => `${parameter} is not valid: expected ${expected}; nothing was sent`
) {}

/**
 * The fields of an error that stands for a status.
 *
 * @since 1.0.0
 * @category models
 */
export interface ErrorContext {
  /** The name of the operation, such as `RoomSessions.get`. */
  readonly operation: string
  /** The number of attempts. */
  readonly attempts: number
  /** The number of sent requests, where the transport reports it. */
  readonly requestsSent: number
  /** The time from the start of the call, including delays. */
  readonly elapsed: Duration.Duration
  /** The request id of the response, where it has one. */
  readonly requestId?: string
  /** What the body of the response says about the error. */
  readonly details: ReadonlyArray<ErrorDetail>
  /** The delay that the server asks for. */
  readonly retryAfter?: Duration.Duration
}

/**
 * The errors that every operation has in addition to those that its endpoint declares.
 *
 * @since 1.0.0
 * @category unions
 */
export type CommonError =
  | InternalServerError
  | RateLimited
  | ServerUnavailable
  | UnexpectedStatus
  | InvalidResponse
  | TransportError
  | RequestTimeout

/**
 * Every error of a call of this library. A download has `LinkExpired` and `DownloadError` of `RecordingDownload`.
 *
 * @since 1.0.0
 * @category unions
 */
export type SignalWireError =
  | BadRequest
  | Unauthorized
  | NotFound
  | UnprocessableContent
  | CommonError
  | InvalidRequest

/**
 * The schema of `SignalWireError`, with which an application sends or stores errors.
 *
 * @since 1.0.0
 * @category unions
 * @example
 * import { SignalWireError } from "@effect-signalwire/core"
 * import { Schema } from "effect"
 *
 * const json = Schema.parseJson(SignalWireError.SignalWireError)
 *
 * const text = Schema.encodeSync(json)(new SignalWireError.NotFound())
 * const error = Schema.decodeSync(json)(text) // equal to new NotFound()
 */
export const SignalWireError = Schema.Union(
  BadRequest,
  Unauthorized,
  NotFound,
  UnprocessableContent,
  InternalServerError,
  RateLimited,
  ServerUnavailable,
  UnexpectedStatus,
  InvalidResponse,
  TransportError,
  RequestTimeout,
  InvalidRequest
)
