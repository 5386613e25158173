/**
 * Everything that can go wrong, one tagged class each.
 *
 * A failure is plain data of this library: it holds no request, no response, no headers and no foreign error, and no text
 * of the server is part of its `message`. What a server said is found in `details` and `requestId` only, shortened,
 * cleaned of control characters and of everything that resembles the credentials.
 *
 * Each class is easily made in a test, since only what distinguishes it must be given: `new NotFound()`. Two failures
 * with the same fields are equal by `Equal.equals`.
 *
 * Encoded by its schema, as an `HttpApi` does that passes it on, and in `JSON.stringify`, a failure also has its `message`
 * and, where there was a response, its `status`. `message` always derives from the other fields: one that is given to a
 * constructor or decoded is not used.
 *
 * @since 1.0.0
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Equal from "effect/Equal"
import { identity } from "effect/Function"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { orNull, requestedId } from "./internal/response/expectations.ts"

const common = {
  /** The operation that failed, such as `RoomSessions.get`. */
  operation: Schema.optionalWith(Schema.String, { default: () => "RoomSessions.get" }),
  /** How many attempts were made, those that found no connection among them. */
  attempts: Schema.optionalWith(Schema.NonNegativeInt, { default: () => 1 }),
  /**
   * How many requests were sent: fewer than attempts where no connection could be made, more where a reused connection turned
   * out to be closed and the request was sent again on a new one. Over an `HttpClient` other than node-runtime's, which does
   * not tell, an attempt that may have sent its request counts as one.
   */
  requestsSent: Schema.optionalWith(Schema.NonNegativeInt, { default: () => 1 }),
  /** The time from the call to this failure, waits included. */
  elapsed: Schema.optionalWith(Schema.Duration, { default: () => Duration.zero }),
  /** What happened, for people. Each class derives it, so that it is encoded and not decoded. */
  message: Schema.optionalToOptional(Schema.String, Schema.String, { decode: () => Option.none(), encode: identity })
}

const withResponse = {
  ...common,
  /** The id under which the vendor's support finds the request, when one was sent; at most 128 characters. */
  requestId: Schema.optional(Schema.String)
}

/** How long the server asks to wait, when it said so. */
const retryAfter = Schema.optional(Schema.Duration)

/**
 * One complaint of the service about a request. The vendor writes these in several shapes; this is the one they are all
 * read into. Each text has at most 256 characters; what was not sent is undefined.
 *
 * @since 1.0.0
 * @category details
 */
export class ErrorDetail extends Schema.Class<ErrorDetail>("SignalWire/ErrorDetail")({
  /** The vendor's kind of error, such as `validation_error`. */
  type: Schema.optional(Schema.String),
  /** The vendor's code, such as `not_a_uuid`. */
  code: Schema.optional(Schema.String),
  /** What the service says, in its own words. */
  message: Schema.optional(Schema.String),
  /** The parameter it is about. */
  attribute: Schema.optional(Schema.String),
  /** Where the vendor documents it. */
  url: Schema.optional(Schema.String)
}) {}

/** What is known where the status tells of an error. */
const refused = {
  ...withResponse,
  /** What the service said about it; empty, and not encoded, when it said nothing that can be read. */
  details: Schema.optionalToRequired(Schema.Array(ErrorDetail), Schema.Array(Schema.typeSchema(ErrorDetail)), {
    decode: Option.getOrElse(() => []),
    encode: Option.liftPredicate(found => found.length > 0)
  }).pipe(Schema.withConstructorDefault(() => []))
}

/** The one status of a class, which need not be given. */
const fixedStatus = <const S extends number>(status: S) =>
  Schema.optionalWith(Schema.Literal(status), { default: () => status })

interface Fields {
  readonly details?: ReadonlyArray<ErrorDetail>
}

/** A field that is undefined is the same as none. */
const defined = (fields: object) =>
  Data.struct(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))

/** What a failure is made of, as a value that `Equal` compares by its contents; a plain array is none. */
const contents = (fields: Fields) =>
  defined({ ...fields, message: undefined, details: Data.array((fields.details ?? []).map(defined)) })

const isOfSameClass = <F extends object>(self: F, that: unknown): that is F =>
  typeof that === "object" && that !== null && Object.getPrototypeOf(that) === Object.getPrototypeOf(self)

const data = {
  [Equal.symbol](this: Fields, that: unknown): boolean {
    return isOfSameClass(this, that) && Equal.equals(contents(this), contents(that))
  },
  [Hash.symbol](this: Fields): number {
    return Hash.hash(contents(this))
  },
  toJSON(this: SignalWireError): unknown {
    return Schema.encodeSync(SignalWireError)(this)
  }
}

/** Adds what all classes have in common: structural equality, and their encoded form as JSON. */
const asData = <C extends { readonly prototype: object }>(Class: C): C => {
  Object.assign(Class.prototype, data)
  return Class
}

const counted = (attempts: number): string => (attempts === 1 ? "1 attempt" : `${attempts} attempts`)

const say = (
  failure: { readonly operation: string; readonly attempts: number; readonly elapsed: Duration.Duration },
  what: string
): string => {
  const millis = Math.round(Duration.toMillis(failure.elapsed))
  return `${failure.operation}: ${what} (${counted(failure.attempts)}, ${millis} ms)`
}

const asked = (wait: Duration.Duration | undefined): string =>
  wait === undefined ? "" : `; it asks to wait ${Math.ceil(Duration.toSeconds(wait))} s`

/**
 * 400: the service could not use the request. Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class BadRequest extends asData(
  Schema.TaggedError<BadRequest>("SignalWire/BadRequest")("SignalWireBadRequest", {
    ...refused,
    status: fixedStatus(400)
  })
) {
  override readonly message: string = say(this, "the service calls the request invalid (status 400)")
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

/** The service does not tell them apart. */
const causesOfRefusal =
  "wrong or missing credentials, the address of another space, a token without the Video scope, or an account that is not verified"

/**
 * 401: the credentials are missing or wrong, the address is that of another space, the API token lacks the Video scope, or
 * the account is not verified; at most `details` says which. Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class Unauthorized extends asData(
  Schema.TaggedError<Unauthorized>("SignalWire/Unauthorized")("SignalWireUnauthorized", {
    ...refused,
    status: fixedStatus(401)
  })
) {
  override readonly message: string = say(this, `not authorized (status 401): ${causesOfRefusal}`)
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

/**
 * 404: no session has this id, or it belongs to another project. Not retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class NotFound extends asData(
  Schema.TaggedError<NotFound>("SignalWire/NotFound")("SignalWireNotFound", {
    ...refused,
    status: fixedStatus(404)
  })
) {
  override readonly message: string = say(this, "nothing in this project has this id (status 404)")
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

/**
 * 500: the service failed. Retried.
 *
 * @since 1.0.0
 * @category errors
 */
export class InternalServerError extends asData(
  Schema.TaggedError<InternalServerError>("SignalWire/InternalServerError")("SignalWireInternalServerError", {
    ...refused,
    status: fixedStatus(500),
    retryAfter
  })
) {
  override readonly message: string = say(this, `the service failed (status 500)${asked(this.retryAfter)}`)
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return true
  }
}

/**
 * 429: too many requests. Retried, and not before `retryAfter`.
 *
 * @since 1.0.0
 * @category errors
 */
export class RateLimited extends asData(
  Schema.TaggedError<RateLimited>("SignalWire/RateLimited")("SignalWireRateLimited", {
    ...refused,
    status: fixedStatus(429),
    retryAfter
  })
) {
  override readonly message: string = say(this, `too many requests (status 429)${asked(this.retryAfter)}`)
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return true
  }
}

/**
 * 408, 502, 503 or 504: a gateway gave up, or the service is overloaded. Retried, and not before `retryAfter`.
 *
 * @since 1.0.0
 * @category errors
 */
export class ServerUnavailable extends asData(
  Schema.TaggedError<ServerUnavailable>("SignalWire/ServerUnavailable")("SignalWireServerUnavailable", {
    ...refused,
    /** The status that arrived. */
    status: Schema.optionalWith(Schema.Literal(408, 502, 503, 504), { default: () => 503 as const }),
    retryAfter
  })
) {
  override readonly message: string = say(
    this,
    `the service is not available (status ${this.status})${asked(this.retryAfter)}`
  )
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return true
  }
}

/**
 * Any other status: redirects, which are never followed, and successes other than 200 among them. Not retried. A 403 has the
 * causes of `Unauthorized`.
 *
 * @since 1.0.0
 * @category errors
 */
export class UnexpectedStatus extends asData(
  Schema.TaggedError<UnexpectedStatus>("SignalWire/UnexpectedStatus")("SignalWireUnexpectedStatus", {
    ...refused,
    /** The status that arrived. */
    status: Schema.Int
  })
) {
  override readonly message: string = say(
    this,
    this.status === 403
      ? `forbidden (status 403): ${causesOfRefusal}`
      : `the service responded with a status that this operation does not have (status ${this.status})`
  )
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

const invalidResponseReasons = {
  InvalidJson: "its body is not JSON",
  InvalidUtf8: "its body is not UTF-8",
  UnexpectedContentType: "its content type is not JSON in UTF-8",
  UnsupportedEncoding: "its body is compressed, though an uncompressed one was asked for",
  TooLarge: "its body is larger than the policy allows",
  SchemaMismatch: "its body is not what the contract says"
} as const

const hint = (expected: string | undefined): string => {
  if (expected === requestedId) {
    return ", and another one came; does a mock respond to every id with the same body? `echo: \"ignore\"` accepts that"
  }
  return expected?.endsWith(orNull) === true
    ? "; `decoding: \"lenient\"` (SIGNALWIRE_DECODING) reads anything else as null"
    : ""
}

/**
 * A 200 of which the body cannot be used. Not retried.
 *
 * `path` leads to the first value that differs when the reason is `SchemaMismatch`, such as `created_at`; `expected` says
 * what should have been there. Values that arrived are never part of a failure.
 *
 * @since 1.0.0
 * @category errors
 */
export class InvalidResponse extends asData(
  Schema.TaggedError<InvalidResponse>("SignalWire/InvalidResponse")("SignalWireInvalidResponse", {
    ...withResponse,
    status: fixedStatus(200),
    reason: Schema.Literal(
      "InvalidJson",
      "InvalidUtf8",
      "UnexpectedContentType",
      "UnsupportedEncoding",
      "TooLarge",
      "SchemaMismatch"
    ),
    path: Schema.optional(Schema.String),
    expected: Schema.optional(Schema.String)
  })
) {
  override readonly message: string = say(
    this,
    `the response cannot be used: ${invalidResponseReasons[this.reason]}${
      this.path === undefined ? "" : `, at ${this.path === "" ? "its root" : this.path}`
    }${this.expected === undefined ? "" : `: expected ${this.expected}`}${hint(this.expected)}`
  )
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

const transportReasons = {
  Refused: "no connection could be made",
  Reset: "the connection was closed before a response came",
  Dns: "the host name could not be resolved",
  Tls: "the secure connection could not be made",
  Truncated: "the connection was closed in the middle of the response",
  Malformed: "the response is not HTTP",
  Proxy: "the proxy did not let the request through",
  Closed: "the layer of the client was closed",
  Other: "no response"
} as const

/**
 * There was no whole response. Retried when the reason is `Refused`, `Reset` or `Truncated`, when the name server asked to
 * try again (`Dns`, `code` is `EAI_AGAIN`), and when the transport does not tell what happened (`Other`, `code` is
 * `ERR_NETWORK`), as browsers never do. `Closed` is no fault of the network: the layer was closed during the call, as at a
 * shutdown.
 *
 * @since 1.0.0
 * @category errors
 */
export class TransportError extends asData(
  Schema.TaggedError<TransportError>("SignalWire/TransportError")("SignalWireTransportError", {
    ...common,
    reason: Schema.Literal("Refused", "Reset", "Dns", "Tls", "Truncated", "Malformed", "Proxy", "Closed", "Other"),
    /** The transport's own code, such as `ECONNREFUSED`; `ERR_NETWORK` for an error of fetch that nothing is known of. */
    code: Schema.optional(Schema.String)
  })
) {
  override readonly message: string = say(
    this,
    `${transportReasons[this.reason]}${this.code === undefined ? "" : ` (${this.code})`}`
  )
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.reason === "Refused" || this.reason === "Reset" || this.reason === "Truncated" ||
      (this.reason === "Dns" && this.code === "EAI_AGAIN") || (this.reason === "Other" && this.code === "ERR_NETWORK")
  }
}

const timeouts = {
  attempt: "the time for one attempt",
  deadline: "the deadline of the call"
} as const

/**
 * Time was up: for one attempt (`attempt`), which is retried, or for the whole call (`deadline`), which is not. A call that
 * waited for a connection until its deadline has sent no request.
 *
 * @since 1.0.0
 * @category errors
 */
export class RequestTimeout extends asData(
  Schema.TaggedError<RequestTimeout>("SignalWire/RequestTimeout")("SignalWireRequestTimeout", {
    ...common,
    phase: Schema.optionalWith(Schema.Literal("attempt", "deadline"), { default: () => "attempt" as const })
  })
) {
  override readonly message: string = say(
    this,
    this.requestsSent === 0
      ? `no connection within ${timeouts[this.phase]}: nothing was sent`
      : `no whole response within ${timeouts[this.phase]}`
  )
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.phase === "attempt"
  }
}

/**
 * A parameter is not what the endpoint declares: nothing was sent. The value is not repeated here.
 *
 * @since 1.0.0
 * @category errors
 */
export class InvalidRequest extends asData(
  Schema.TaggedError<InvalidRequest>("SignalWire/InvalidRequest")("SignalWireInvalidRequest", {
    ...common,
    attempts: Schema.optionalWith(Schema.NonNegativeInt, { default: () => 0 }),
    requestsSent: Schema.optionalWith(Schema.NonNegativeInt, { default: () => 0 }),
    /** The name of the parameter. */
    parameter: Schema.optionalWith(Schema.String, { default: () => "id" }),
    /** What is accepted. */
    expected: Schema.optionalWith(Schema.String, { default: () => "a UUID" })
  })
) {
  override readonly message: string =
    `${this.operation}: ${this.parameter} is not valid: expected ${this.expected}; nothing was sent`
  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return false
  }
}

/**
 * What an error of a status is made with.
 *
 * @since 1.0.0
 * @category models
 */
export interface ErrorContext {
  readonly operation: string
  readonly attempts: number
  readonly requestsSent: number
  readonly elapsed: Duration.Duration
  readonly requestId?: string
  readonly details: ReadonlyArray<ErrorDetail>
  readonly retryAfter?: Duration.Duration
}

/**
 * The errors that every operation has beside those that its endpoint declares.
 *
 * @since 1.0.0
 * @category unions
 */
export type CommonError =
  | RateLimited
  | ServerUnavailable
  | UnexpectedStatus
  | InvalidResponse
  | TransportError
  | RequestTimeout

/**
 * Every error of this library.
 *
 * @since 1.0.0
 * @category unions
 */
export type SignalWireError =
  | BadRequest
  | Unauthorized
  | NotFound
  | InternalServerError
  | CommonError
  | InvalidRequest

/**
 * The schema of `SignalWireError`, to send failures over a wire of your own or to store them.
 *
 * @since 1.0.0
 * @category unions
 */
export const SignalWireError = Schema.Union(
  BadRequest,
  Unauthorized,
  NotFound,
  InternalServerError,
  RateLimited,
  ServerUnavailable,
  UnexpectedStatus,
  InvalidResponse,
  TransportError,
  RequestTimeout,
  InvalidRequest
)
