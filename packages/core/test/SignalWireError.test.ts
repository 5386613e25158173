import { SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Data, Duration, Effect, Either, Equal, Exit, Hash, Schema } from "effect"
import { inspect } from "node:util"

const {
  BadRequest,
  ErrorDetail,
  InternalServerError,
  InvalidResponse,
  InvalidRequest,
  NotFound,
  RateLimited,
  RequestTimeout,
  ServerUnavailable,
  TransportError,
  Unauthorized,
  UnexpectedStatus,
  UnprocessableContent
} = SignalWireError

type AnyError = SignalWireError.SignalWireError

/** Each class, made with only the fields that it requires, its status, and whether it is retryable. */
const minimal: ReadonlyArray<
  readonly [tag: AnyError["_tag"], make: () => AnyError, status: number | undefined, isRetryable: boolean]
> = [
  ["SignalWireBadRequest", () => new BadRequest(), 400, false],
  ["SignalWireUnauthorized", () => new Unauthorized(), 401, false],
  ["SignalWireNotFound", () => new NotFound(), 404, false],
  ["SignalWireUnprocessableContent", () => new UnprocessableContent(), 422, false],
  ["SignalWireInternalServerError", () => new InternalServerError(), 500, true],
  ["SignalWireRateLimited", () => new RateLimited(), 429, true],
  ["SignalWireServerUnavailable", () => new ServerUnavailable(), 503, true],
  ["SignalWireServerUnavailable", () => new ServerUnavailable({ status: 408 }), 408, true],
  ["SignalWireUnexpectedStatus", () => new UnexpectedStatus({ status: 418 }), 418, false],
  ["SignalWireInvalidResponse", () => new InvalidResponse({ reason: "InvalidJson" }), 200, false],
  ["SignalWireRequestTimeout", () => new RequestTimeout(), undefined, true],
  ["SignalWireRequestTimeout", () => new RequestTimeout({ phase: "deadline" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Refused" }), undefined, true],
  ["SignalWireTransportError", () => new TransportError({ reason: "Reset" }), undefined, true],
  ["SignalWireTransportError", () => new TransportError({ reason: "Truncated" }), undefined, true],
  ["SignalWireTransportError", () => new TransportError({ reason: "Dns" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Dns", code: "ENOTFOUND" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Dns", code: "EAI_AGAIN" }), undefined, true],
  ["SignalWireTransportError", () => new TransportError({ reason: "Tls" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Malformed" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Proxy" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Other" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Other", code: "EACCES" }), undefined, false],
  ["SignalWireTransportError", () => new TransportError({ reason: "Other", code: "ERR_NETWORK" }), undefined, true],
  ["SignalWireInvalidRequest", () => new InvalidRequest(), undefined, false]
]

interface ErrorFields {
  readonly requestId?: string
  readonly details?: ReadonlyArray<SignalWireError.ErrorDetail>
}

type WithDetails = Extract<SignalWireError.SignalWireError, { readonly details: unknown }>

/** Each class that has details. */
const withDetails: ReadonlyArray<
  readonly [name: string, make: (fields: ErrorFields) => WithDetails]
> = [
  ["BadRequest", fields => new BadRequest(fields)],
  ["Unauthorized", fields => new Unauthorized(fields)],
  ["NotFound", fields => new NotFound(fields)],
  ["UnprocessableContent", fields => new UnprocessableContent(fields)],
  ["InternalServerError", fields => new InternalServerError(fields)],
  ["RateLimited", fields => new RateLimited(fields)],
  ["ServerUnavailable", fields => new ServerUnavailable({ ...fields, status: 502 })],
  ["UnexpectedStatus", fields => new UnexpectedStatus({ ...fields, status: 422 })]
]

const statusOf = (error: AnyError): number | undefined => ("status" in error ? error.status : undefined)

describe("errors", () => {
  it.each(minimal)("%s, made by %s, has defaults for all other fields", (tag, make, status, isRetryable) => {
    const error = make()
    assert.strictEqual(error._tag, tag)
    assert.instanceOf(error, Error)
    assert.strictEqual(error.operation, "RoomSessions.get")
    assert.strictEqual(error.attempts, tag === "SignalWireInvalidRequest" ? 0 : 1)
    assert.isTrue(Equal.equals(error.elapsed, Duration.zero))
    assert.strictEqual(statusOf(error), status)
    assert.strictEqual(error.isRetryable, isRetryable)
  })

  it.each(minimal)("%s, made by %s, equals another with the same fields", (_, make) => {
    assert.isTrue(Equal.equals(make(), make()))
    assert.strictEqual(Hash.hash(make()), Hash.hash(make()))
  })

  it("a field that is undefined equals one that is missing", () => {
    const detail = (fields: object) => new NotFound({ details: [new ErrorDetail(fields)] })
    assert.isTrue(Equal.equals(new NotFound(), Object.assign(new NotFound(), { requestId: undefined })))
    assert.isTrue(Equal.equals(detail({ code: "a" }), detail({ code: "a", type: undefined })))
    assert.strictEqual(Hash.hash(detail({ code: "a" })), Hash.hash(detail({ code: "a", type: undefined })))
  })

  it("errors of different classes or with different fields are not equal", () => {
    const errors = minimal.map(([, make]) => make())
    errors.forEach((left, index) =>
      errors.forEach((right, other) => assert.strictEqual(Equal.equals(left, right), index === other))
    )
    assert.isFalse(Equal.equals(new NotFound(), new NotFound({ attempts: 2 })))
    assert.isFalse(Equal.equals(new NotFound(), new NotFound({ requestId: "r" })))
    assert.isFalse(Equal.equals(new RateLimited(), new RateLimited({ retryAfter: Duration.seconds(1) })))
  })

  it.each(withDetails)("details of %s count for equality by their contents", (_, make) => {
    const detail = (code: string) => new ErrorDetail({ code, message: "must be a UUID" })
    const from = (...codes: ReadonlyArray<string>) => make({ details: codes.map(detail) })
    assert.isTrue(Equal.equals(from("a", "b"), from("a", "b")))
    assert.strictEqual(Hash.hash(from("a", "b")), Hash.hash(from("a", "b")))
    assert.deepStrictEqual(from("a", "b"), from("a", "b"))
    assert.isFalse(Equal.equals(from("a", "b"), from("b", "a")))
    assert.isFalse(Equal.equals(from("a"), from("a", "b")))
    assert.isFalse(Equal.equals(from("a"), make({})))
    assert.isFalse(Equal.equals(make({ requestId: "r" }), make({})))
    assert.deepStrictEqual(make({}).details, [])
  })

  it("a value with the same fields that is not an error is not equal", () => {
    const error = new NotFound()
    assert.isFalse(Equal.equals(error, Data.struct(Object.fromEntries(Object.entries(error)))))
    assert.isFalse(Equal.equals(error, null))
  })
})

describe("messages of errors", () => {
  it.each(minimal)("the message of %s, made by %s, says what happened", (tag, make, status) => {
    const { message } = make()
    assert.match(message, /^RoomSessions\.get: [a-z].{20,}/)
    assert.isBelow(message.length, 200)
    assert.notInclude(message, "undefined")
    if (tag !== "SignalWireInvalidRequest") assert.include(message, "(1 attempt, 0 ms)")
    if (status !== undefined && status !== 200) assert.include(message, `status ${status}`)
  })

  it("the message has the attempts and the elapsed time", () => {
    assert.strictEqual(
      new InternalServerError({ attempts: 3, elapsed: Duration.millis(1234), operation: "RoomSessions.get" }).message,
      "RoomSessions.get: the service failed (status 500) (3 attempts, 1234 ms)"
    )
  })

  it.each([
    ["401", new Unauthorized()],
    ["403", new UnexpectedStatus({ status: 403 })]
  ])("the message of a %s names its four causes", (_, error) => {
    for (const cause of ["credentials", "address of another space", "Video scope", "account that is not verified"]) {
      assert.include(error.message, cause)
    }
  })

  it("the message has the delay that the server asks for", () => {
    for (const make of [InternalServerError, RateLimited, ServerUnavailable]) {
      assert.include(new make({ retryAfter: Duration.seconds(90) }).message, "it asks for a delay of 90 s")
    }
  })

  it("the message has the path of the value that differs from the contract", () => {
    const at = (path: string) => new InvalidResponse({ reason: "SchemaMismatch", path, expected: "boolean" }).message
    assert.include(at("locked"), "at locked")
    assert.include(at(""), "at its root")
  })

  it("the message never contains a text of the server", () => {
    const text = "the text of the server"
    const errors = withDetails.map(([, make]) =>
      make({ requestId: text, details: [new ErrorDetail({ message: text, code: text })] })
    )
    for (const error of errors) assert.notInclude(error.message, text)
  })
})

describe("the schema of all errors", () => {
  const codec = Schema.parseJson(SignalWireError.SignalWireError)

  it.each(minimal)("%s, made by %s, is equal after JSON and back", (_, make) => {
    const error = make()
    const back = Schema.decodeSync(codec)(Schema.encodeSync(codec)(error))
    assert.isTrue(Equal.equals(back, error))
    assert.strictEqual(back.message, error.message)
    assert.strictEqual(back.isRetryable, error.isRetryable)
  })

  it.prop("an encoded error decodes to an equal one", [SignalWireError.SignalWireError], ([error]) => {
    const encode = Schema.encodeSync(SignalWireError.SignalWireError)
    const decode = Schema.decodeSync(SignalWireError.SignalWireError)
    assert.isTrue(Equal.equals(decode(encode(error)), error))
  }, { fastCheck: { numRuns: 500 } })

  it.each(minimal)("%s, made by %s, is encoded with its message and its status", (tag, make, status) => {
    const error = make()
    const encoded = Schema.encodeSync(SignalWireError.SignalWireError)(error)
    assert.strictEqual(encoded._tag, tag)
    assert.strictEqual(encoded.message, error.message)
    assert.strictEqual("status" in encoded ? encoded.status : undefined, status)
    assert.notProperty(encoded, "details")
  })

  it("the schema of one class encodes as the schema of all errors", () => {
    const error = new NotFound({ requestId: "r-1", details: [new ErrorDetail({ message: "No such session" })] })
    const encoded = Schema.encodeSync(NotFound)(error)
    assert.deepStrictEqual(encoded, {
      _tag: "SignalWireNotFound",
      operation: "RoomSessions.get",
      attempts: 1,
      requestsSent: 1,
      elapsed: { _tag: "Millis", millis: 0 },
      message: "RoomSessions.get: not found in this project (status 404) (1 attempt, 0 ms)",
      requestId: "r-1",
      details: [{ message: "No such session" }],
      status: 404
    })
    assert.isTrue(Equal.equals(Schema.decodeSync(NotFound)(encoded), error))
  })

  it("the message derives from the other fields, and one that is encoded or given is ignored", () => {
    const { message } = new NotFound()
    const decode = Schema.decodeSync(NotFound)
    assert.strictEqual(decode({ _tag: "SignalWireNotFound", message: "a foreign one" }).message, message)
    assert.strictEqual(decode({ _tag: "SignalWireNotFound" }).message, message)
    assert.strictEqual(new NotFound({ message: "a foreign one" }).message, message)
    assert.isTrue(Equal.equals(new NotFound({ message: "a foreign one" }), new NotFound()))
  })

  it("a decoded error has the same keys as any other, however many were decoded before", () => {
    const decode = Schema.decodeSync(NotFound)
    for (let count = 0; count < 1000; count++) {
      const error = decode({ _tag: "SignalWireNotFound", message: "a foreign one" })
      assert.deepStrictEqual(Object.keys(error), Object.keys(new NotFound()))
    }
  })

  it("the schema of a class rejects the status of another class", () => {
    assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(NotFound)({ _tag: "SignalWireNotFound", status: 500 })))
  })

  it("the schema of all errors rejects an unknown tag, and a status that a class does not have", () => {
    const decode = Schema.decodeUnknownEither(SignalWireError.SignalWireError)
    assert.isTrue(Either.isLeft(decode({ _tag: "Teapot" })))
    assert.isTrue(Either.isLeft(decode({ _tag: "SignalWireServerUnavailable", status: 500 })))
  })
})

describe("outputs of errors", () => {
  it.each(minimal)("the output of %s, made by %s, has its tag and nothing of another library", (tag, make) => {
    const error = make()
    assert.include(JSON.stringify(error), `"${tag}"`)
    assert.deepStrictEqual(
      JSON.parse(JSON.stringify(error)),
      JSON.parse(JSON.stringify(Schema.encodeSync(SignalWireError.SignalWireError)(error)))
    )
    assert.deepStrictEqual(Object.keys(error), Object.keys(make()))
    assert.include(inspect(error), error.message)
    assert.isUndefined(error.cause)
    for (const key of Object.keys(error)) assert.notMatch(key, /request$|response|headers|cause/)
  })

  it.effect("an application can catch an error by its tag", () =>
    Effect.gen(function*() {
      const call: Effect.Effect<string, AnyError> = Effect.fail(new NotFound({ requestId: "r-1" }))
      const found = yield* Effect.catchTag(call, "SignalWireNotFound", error => Effect.succeed(error.requestId))
      assert.strictEqual(found, "r-1")
      assert.deepStrictEqual(yield* Effect.exit(call), Exit.fail(new NotFound({ requestId: "r-1" })))
    }))
})
