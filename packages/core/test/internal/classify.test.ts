import { assert, describe, it } from "@effect/vitest"
import { Duration, Equal } from "effect"
import * as SignalWireError from "../../src/SignalWireError.ts"
import { make, ofDecodeError, requestId } from "../../src/internal/response/classify.ts"

const progress = { operation: "RoomSessions.get", attempts: 2, requestsSent: 2, elapsed: Duration.millis(10) }

const now = Date.UTC(2026, 2, 1, 9)

const responseOf = (status: number, headers: Readonly<Record<string, string>> = {}, body = "") => ({
  status,
  headers,
  chunks: [new TextEncoder().encode(body)],
  rejected: undefined
})

const isSecret = (text: string) => text.includes("PTsecret")

const classify = make({ 404: SignalWireError.NotFound }, isSecret)

const ofResponse = (...args: Parameters<typeof responseOf>) =>
  classify({ _tag: "Response", requestsSent: 2, response: responseOf(...args) }, progress, now)

const ofCause = (cause: unknown, status: number) =>
  classify({ _tag: "ConnectionError", requestsSent: 2, cause, status, headers: {} }, progress, now)

const coded = (code: string) => Object.assign(new Error("message"), { code })

const details: ReadonlyArray<SignalWireError.ErrorDetail> = []

describe("the error of a response", () => {
  it.each<readonly [status: number, error: SignalWireError.SignalWireError]>([
    [404, new SignalWireError.NotFound({ ...progress, details })],
    [500, new SignalWireError.InternalServerError({ ...progress, details })],
    [429, new SignalWireError.RateLimited({ ...progress, details })],
    [408, new SignalWireError.ServerUnavailable({ ...progress, details, status: 408 })],
    [502, new SignalWireError.ServerUnavailable({ ...progress, details, status: 502 })],
    [503, new SignalWireError.ServerUnavailable({ ...progress, details, status: 503 })],
    [504, new SignalWireError.ServerUnavailable({ ...progress, details, status: 504 })],
    // not declared by this endpoint
    [400, new SignalWireError.UnexpectedStatus({ ...progress, details, status: 400 })],
    [501, new SignalWireError.UnexpectedStatus({ ...progress, details, status: 501 })],
    [302, new SignalWireError.UnexpectedStatus({ ...progress, details, status: 302 })],
    [0, new SignalWireError.UnexpectedStatus({ ...progress, details, status: 0 })]
  ])("the status %i has its error", (status, error) => assert.isTrue(Equal.equals(ofResponse(status), error)))

  it("an error has the delay, the request id and the details of its response", () => {
    const body = "{\"errors\":[{\"code\":\"too_many\"}]}"
    assert.isTrue(Equal.equals(
      ofResponse(429, { "retry-after": "2", "x-request-id": "abc", "content-type": "application/json" }, body),
      new SignalWireError.RateLimited({
        ...progress,
        retryAfter: Duration.seconds(2),
        requestId: "abc",
        details: [new SignalWireError.ErrorDetail({ code: "too_many" })]
      })
    ))
  })

  it("a date in Retry-After is relative to the given time", () => {
    const error = ofResponse(503, { "retry-after": "Sun, 01 Mar 2026 09:00:05 GMT" })
    assert.deepStrictEqual("retryAfter" in error ? error.retryAfter : undefined, Duration.seconds(5))
  })
})

describe("the request id of a response", () => {
  const idOf = (headers: Readonly<Record<string, string>>) => requestId({ headers }, isSecret)

  it.each(["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"])(
    "the id is read from %s",
    name => assert.deepStrictEqual(idOf({ [name]: "abc" }), { requestId: "abc" })
  )

  it("the first header that has one counts, and there may be none", () => {
    assert.deepStrictEqual(idOf({ "request-id": "second", "x-request-id": "first" }), { requestId: "first" })
    assert.deepStrictEqual(idOf({ "request-id": "second", "x-request-id": "" }), { requestId: "second" })
    assert.deepStrictEqual(idOf({}), {})
  })

  it("the id has at most 128 characters, and no secret", () => {
    assert.strictEqual(idOf({ "x-request-id": "a".repeat(128) }).requestId, "a".repeat(128))
    assert.isAtMost(idOf({ "x-request-id": "a".repeat(500) }).requestId?.length ?? 0, 129)
    assert.notInclude(JSON.stringify(idOf({ "x-request-id": "PTsecret" })), "PTsecret")
  })
})

describe("the error without a response", () => {
  it("a timeout has its phase", () => {
    for (const phase of ["attempt", "deadline"] as const) {
      assert.isTrue(Equal.equals(
        classify({ _tag: "TimedOut", requestsSent: 2, status: 0, headers: {}, phase }, progress, now),
        new SignalWireError.RequestTimeout({ ...progress, phase })
      ))
    }
  })

  it("a timeout of the transport is one of the attempt", () => {
    assert.isTrue(Equal.equals(
      ofCause(coded("UND_ERR_CONNECT_TIMEOUT"), 0),
      new SignalWireError.RequestTimeout({ ...progress, phase: "attempt" })
    ))
  })

  it("a connection error has its reason and code, with the progress of the response", () => {
    const code = "ECONNRESET"
    assert.isTrue(
      Equal.equals(ofCause(coded(code), 0), new SignalWireError.TransportError({ ...progress, reason: "Reset", code }))
    )
    assert.isTrue(Equal.equals(
      ofCause(coded(code), 200),
      new SignalWireError.TransportError({ ...progress, reason: "Truncated", code })
    ))
  })

  it("an error of a transport without a code has none", () => {
    const error = ofCause(new Error("a bug"), 0)
    assert.isTrue(Equal.equals(error, new SignalWireError.TransportError({ ...progress, reason: "Other" })))
    assert.notProperty(error, "code")
  })

  it("the error of fetch for a 407 is UnexpectedStatus", () => {
    const cause = { cause: new TypeError("fetch failed", { cause: new Error("") }) }
    assert.isTrue(Equal.equals(ofCause(cause, 0), new SignalWireError.UnexpectedStatus({ ...progress, status: 407 })))
  })

  it("a decode error is InvalidResponse, with the status and the request id", () => {
    assert.isTrue(Equal.equals(
      ofDecodeError(
        { reason: "SchemaMismatch", path: "id", expected: "a UUID" },
        responseOf(200, { "x-request-id": "abc" }),
        progress,
        isSecret
      ),
      new SignalWireError.InvalidResponse({
        ...progress,
        reason: "SchemaMismatch",
        path: "id",
        expected: "a UUID",
        status: 200,
        requestId: "abc"
      })
    ))
  })
})
