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
  UnexpectedStatus
} = SignalWireError

type Failure = SignalWireError.SignalWireError

/** Each class with only what distinguishes it, its status, and whether the same request may succeed later. */
const minimal: ReadonlyArray<
  readonly [tag: Failure["_tag"], make: () => Failure, status: number | undefined, isRetryable: boolean]
> = [
  ["SignalWireBadRequest", () => new BadRequest(), 400, false],
  ["SignalWireUnauthorized", () => new Unauthorized(), 401, false],
  ["SignalWireNotFound", () => new NotFound(), 404, false],
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

/** Each class with a status of an error. */
const withDetails: ReadonlyArray<
  readonly [name: string, make: (fields: ErrorFields) => WithDetails]
> = [
  ["BadRequest", fields => new BadRequest(fields)],
  ["Unauthorized", fields => new Unauthorized(fields)],
  ["NotFound", fields => new NotFound(fields)],
  ["InternalServerError", fields => new InternalServerError(fields)],
  ["RateLimited", fields => new RateLimited(fields)],
  ["ServerUnavailable", fields => new ServerUnavailable({ ...fields, status: 502 })],
  ["UnexpectedStatus", fields => new UnexpectedStatus({ ...fields, status: 422 })]
]

const statusOf = (failure: Failure): number | undefined => ("status" in failure ? failure.status : undefined)

describe("each failure", () => {
  it.each(minimal)("%s is made with only what distinguishes it: %s", (tag, make, status, isRetryable) => {
    const failure = make()
    assert.strictEqual(failure._tag, tag)
    assert.instanceOf(failure, Error)
    assert.strictEqual(failure.operation, "RoomSessions.get")
    assert.strictEqual(failure.attempts, tag === "SignalWireInvalidRequest" ? 0 : 1)
    assert.isTrue(Equal.equals(failure.elapsed, Duration.zero))
    assert.strictEqual(statusOf(failure), status)
    assert.strictEqual(failure.isRetryable, isRetryable)
  })

  it.each(minimal)("%s equals another with the same fields: %s", (_, make) => {
    assert.isTrue(Equal.equals(make(), make()))
    assert.strictEqual(Hash.hash(make()), Hash.hash(make()))
  })

  it("a field that is undefined is the same as none", () => {
    const detail = (fields: object) => new NotFound({ details: [new ErrorDetail(fields)] })
    assert.isTrue(Equal.equals(new NotFound(), Object.assign(new NotFound(), { requestId: undefined })))
    assert.isTrue(Equal.equals(detail({ code: "a" }), detail({ code: "a", type: undefined })))
    assert.strictEqual(Hash.hash(detail({ code: "a" })), Hash.hash(detail({ code: "a", type: undefined })))
  })

  it("no two of different kinds or fields are equal", () => {
    const failures = minimal.map(([, make]) => make())
    failures.forEach((left, index) =>
      failures.forEach((right, other) => assert.strictEqual(Equal.equals(left, right), index === other))
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

  it("what has the same fields and is no failure is not equal", () => {
    const failure = new NotFound()
    assert.isFalse(Equal.equals(failure, Data.struct(Object.fromEntries(Object.entries(failure)))))
    assert.isFalse(Equal.equals(failure, null))
  })
})

describe("message", () => {
  it.each(minimal)("%s says in plain words what happened: %s", (tag, make, status) => {
    const { message } = make()
    assert.match(message, /^RoomSessions\.get: [a-z].{20,}/)
    assert.isBelow(message.length, 200)
    assert.notInclude(message, "undefined")
    if (tag !== "SignalWireInvalidRequest") assert.include(message, "(1 attempt, 0 ms)")
    if (status !== undefined && status !== 200) assert.include(message, `status ${status}`)
  })

  it("tells attempts and time", () => {
    assert.strictEqual(
      new InternalServerError({ attempts: 3, elapsed: Duration.millis(1234), operation: "RoomSessions.get" }).message,
      "RoomSessions.get: the service failed (status 500) (3 attempts, 1234 ms)"
    )
  })

  it.each([
    ["401", new Unauthorized()],
    ["403", new UnexpectedStatus({ status: 403 })]
  ])("that of a %s names the four causes", (_, failure) => {
    for (const cause of ["credentials", "address of another space", "Video scope", "account that is not verified"]) {
      assert.include(failure.message, cause)
    }
  })

  it("tells how long the server asks to wait", () => {
    for (const make of [InternalServerError, RateLimited, ServerUnavailable]) {
      assert.include(new make({ retryAfter: Duration.seconds(90) }).message, "it asks to wait 90 s")
    }
  })

  it("tells where a response differs from the contract", () => {
    const at = (path: string) => new InvalidResponse({ reason: "SchemaMismatch", path, expected: "boolean" }).message
    assert.include(at("locked"), "at locked")
    assert.include(at(""), "at its root")
  })

  it("never repeats what the server said", () => {
    const said = "the server's own words"
    const failures = withDetails.map(([, make]) =>
      make({ requestId: said, details: [new ErrorDetail({ message: said, code: said })] })
    )
    for (const failure of failures) assert.notInclude(failure.message, said)
  })
})

describe("the schema of all failures", () => {
  const codec = Schema.parseJson(SignalWireError.SignalWireError)

  it.each(minimal)("%s survives JSON: %s", (_, make) => {
    const failure = make()
    const back = Schema.decodeSync(codec)(Schema.encodeSync(codec)(failure))
    assert.isTrue(Equal.equals(back, failure))
    assert.strictEqual(back.message, failure.message)
    assert.strictEqual(back.isRetryable, failure.isRetryable)
  })

  it.prop("decoding what was encoded gives the same failure", [SignalWireError.SignalWireError], ([failure]) => {
    const encode = Schema.encodeSync(SignalWireError.SignalWireError)
    const decode = Schema.decodeSync(SignalWireError.SignalWireError)
    assert.isTrue(Equal.equals(decode(encode(failure)), failure))
  }, { fastCheck: { numRuns: 500 } })

  it.each(minimal)("%s is encoded with its message and its status: %s", (tag, make, status) => {
    const failure = make()
    const encoded = Schema.encodeSync(SignalWireError.SignalWireError)(failure)
    assert.strictEqual(encoded._tag, tag)
    assert.strictEqual(encoded.message, failure.message)
    assert.strictEqual("status" in encoded ? encoded.status : undefined, status)
    assert.notProperty(encoded, "details")
  })

  it("a class alone encodes the same", () => {
    const failure = new NotFound({ requestId: "r-1", details: [new ErrorDetail({ message: "No such session" })] })
    const encoded = Schema.encodeSync(NotFound)(failure)
    assert.deepStrictEqual(encoded, {
      _tag: "SignalWireNotFound",
      operation: "RoomSessions.get",
      attempts: 1,
      requestsSent: 1,
      elapsed: { _tag: "Millis", millis: 0 },
      message: "RoomSessions.get: nothing in this project has this id (status 404) (1 attempt, 0 ms)",
      requestId: "r-1",
      details: [{ message: "No such session" }],
      status: 404
    })
    assert.isTrue(Equal.equals(Schema.decodeSync(NotFound)(encoded), failure))
  })

  it("the message of a failure is its own, whatever was encoded or given", () => {
    const { message } = new NotFound()
    const decode = Schema.decodeSync(NotFound)
    assert.strictEqual(decode({ _tag: "SignalWireNotFound", message: "a foreign one" }).message, message)
    assert.strictEqual(decode({ _tag: "SignalWireNotFound" }).message, message)
    assert.strictEqual(new NotFound({ message: "a foreign one" }).message, message)
    assert.isTrue(Equal.equals(new NotFound({ message: "a foreign one" }), new NotFound()))
  })

  it("a decoded failure has the same keys as any other, however many were decoded before", () => {
    const decode = Schema.decodeSync(NotFound)
    for (let count = 0; count < 1000; count++) {
      const failure = decode({ _tag: "SignalWireNotFound", message: "a foreign one" })
      assert.deepStrictEqual(Object.keys(failure), Object.keys(new NotFound()))
    }
  })

  it("refuses a status of another class", () => {
    assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(NotFound)({ _tag: "SignalWireNotFound", status: 500 })))
  })

  it("refuses a tag it does not know", () => {
    const decode = Schema.decodeUnknownEither(SignalWireError.SignalWireError)
    assert.isTrue(Either.isLeft(decode({ _tag: "Teapot" })))
    assert.isTrue(Either.isLeft(decode({ _tag: "SignalWireServerUnavailable", status: 500 })))
  })
})

describe("how failures are shown", () => {
  it.each(minimal)("%s shows its tag and nothing foreign: %s", (tag, make) => {
    const failure = make()
    assert.include(JSON.stringify(failure), `"${tag}"`)
    assert.deepStrictEqual(
      JSON.parse(JSON.stringify(failure)),
      JSON.parse(JSON.stringify(Schema.encodeSync(SignalWireError.SignalWireError)(failure)))
    )
    assert.deepStrictEqual(Object.keys(failure), Object.keys(make()))
    assert.include(inspect(failure), failure.message)
    assert.isUndefined(failure.cause)
    for (const key of Object.keys(failure)) assert.notMatch(key, /request$|response|headers|cause/)
  })

  it.effect("an application may catch them by tag", () =>
    Effect.gen(function*() {
      const call: Effect.Effect<string, Failure> = Effect.fail(new NotFound({ requestId: "r-1" }))
      const found = yield* Effect.catchTag(call, "SignalWireNotFound", failure => Effect.succeed(failure.requestId))
      assert.strictEqual(found, "r-1")
      assert.deepStrictEqual(yield* Effect.exit(call), Exit.fail(new NotFound({ requestId: "r-1" })))
    }))
})
