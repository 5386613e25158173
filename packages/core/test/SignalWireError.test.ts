import { SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Either, Equal, Exit, Hash, Schema } from "effect"
import { inspect } from "node:util"

const {
  BadRequest,
  ErrorDetail,
  InternalServerError,
  InvalidResponse,
  InvalidRoomSessionId,
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
  ["SignalWireInvalidRoomSessionId", () => new InvalidRoomSessionId(), undefined, false]
]

const statusOf = (failure: Failure): number | undefined => ("status" in failure ? failure.status : undefined)

describe("each failure", () => {
  it.each(minimal)("%s is made with only what distinguishes it: %s", (tag, make, status, isRetryable) => {
    const failure = make()
    assert.strictEqual(failure._tag, tag)
    assert.instanceOf(failure, Error)
    assert.strictEqual(failure.operation, "RoomSessions.get")
    assert.strictEqual(failure.attempts, tag === "SignalWireInvalidRoomSessionId" ? 0 : 1)
    assert.isTrue(Equal.equals(failure.elapsed, Duration.zero))
    assert.strictEqual(statusOf(failure), status)
    assert.strictEqual(failure.isRetryable, isRetryable)
  })

  it.each(minimal)("%s equals another with the same fields: %s", (_, make) => {
    assert.isTrue(Equal.equals(make(), make()))
    assert.strictEqual(Hash.hash(make()), Hash.hash(make()))
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

  it("details count for equality by their contents", () => {
    const detail = (code: string) => new ErrorDetail({ code, message: "must be a UUID" })
    for (
      const make of [
        (codes: ReadonlyArray<string>) => new BadRequest({ details: codes.map(detail) }),
        (codes: ReadonlyArray<string>) => new UnexpectedStatus({ status: 422, details: codes.map(detail) })
      ]
    ) {
      assert.isTrue(Equal.equals(make(["a", "b"]), make(["a", "b"])))
      assert.strictEqual(Hash.hash(make(["a", "b"])), Hash.hash(make(["a", "b"])))
      assert.isFalse(Equal.equals(make(["a", "b"]), make(["b", "a"])))
      assert.isFalse(Equal.equals(make(["a"]), make(["a", "b"])))
    }
    assert.isFalse(Equal.equals(new BadRequest({ requestId: "r" }), new BadRequest()))
    assert.isFalse(Equal.equals(new UnexpectedStatus({ status: 409 }), new UnexpectedStatus({ status: 410 })))
  })
})

describe("message", () => {
  it.each(minimal)("%s says in plain words what happened: %s", (tag, make, status) => {
    const { message } = make()
    assert.match(message, /^RoomSessions\.get: [a-z].{20,}/)
    assert.isBelow(message.length, 200)
    assert.notInclude(message, "undefined")
    if (tag !== "SignalWireInvalidRoomSessionId") assert.include(message, "(1 attempt, 0 ms)")
    if (status !== undefined && status !== 200) assert.include(message, `status ${status}`)
  })

  it("tells attempts and time", () => {
    assert.strictEqual(
      new InternalServerError({ attempts: 3, elapsed: Duration.millis(1234), operation: "RoomSessions.get" }).message,
      "RoomSessions.get: the service failed (status 500) (3 attempts, 1234 ms)"
    )
  })

  it("Unauthorized names both causes", () => {
    assert.include(
      new Unauthorized().message,
      "the project id or the API token is wrong, or the token lacks the Video scope"
    )
  })

  it("tells how long the server asks to wait", () => {
    for (const make of [InternalServerError, RateLimited, ServerUnavailable]) {
      assert.include(new make({ retryAfter: Duration.seconds(90) }).message, "it asks to wait 90 s")
    }
  })

  it("tells where an answer differs from the contract", () => {
    const at = (path: string) => new InvalidResponse({ reason: "SchemaMismatch", path, expected: "boolean" }).message
    assert.include(at("locked"), "at locked")
    assert.include(at(""), "at its root")
  })

  it("never repeats what the server said", () => {
    const said = "the server's own words"
    const failures = [
      new BadRequest({ requestId: said, details: [new ErrorDetail({ message: said, code: said })] }),
      new UnexpectedStatus({ status: 422, requestId: said, details: [new ErrorDetail({ message: said })] }),
      new NotFound({ requestId: said })
    ]
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
