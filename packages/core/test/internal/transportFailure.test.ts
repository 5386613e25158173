import { assert, describe, it } from "@effect/vitest"
import type { TransportError } from "../../src/SignalWireError.ts"
import { interpret, type TransportFailure } from "../../src/internal/transportFailure.ts"

const coded = (code: unknown, cause?: unknown): Error =>
  Object.assign(new Error("said by the transport", { cause }), { code })

const failed = (reason: TransportError["reason"], code?: string): TransportFailure => ({ _tag: "Failed", reason, code })

describe("what a transport's error means", () => {
  it.each<readonly [code: string, reason: TransportError["reason"]]>([
    ["ECONNREFUSED", "Refused"],
    ["EHOSTUNREACH", "Refused"],
    ["ENETUNREACH", "Refused"],
    ["ECONNRESET", "Reset"],
    ["EPIPE", "Reset"],
    ["ECONNABORTED", "Reset"],
    ["UND_ERR_SOCKET", "Reset"],
    ["ENOTFOUND", "Dns"],
    ["EAI_AGAIN", "Dns"],
    ["EAI_FAIL", "Dns"],
    ["HPE_INVALID_EOF_STATE", "Truncated"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "Malformed"],
    ["ERR_STREAM_PREMATURE_CLOSE", "Truncated"],
    ["HPE_INVALID_CONSTANT", "Malformed"],
    ["HPE_INVALID_CHUNK_SIZE", "Malformed"],
    ["HPE_HEADER_OVERFLOW", "Malformed"],
    ["HPE_UNEXPECTED_CONTENT_LENGTH", "Malformed"],
    ["UND_ERR_HEADERS_OVERFLOW", "Malformed"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "Tls"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "Tls"],
    ["CERT_HAS_EXPIRED", "Tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "Tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "Tls"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "Tls"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "Tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "Tls"],
    ["EPROTO", "Tls"],
    ["UND_ERR_PRX_TLS", "Proxy"],
    ["EACCES", "Other"]
  ])("%s is %s, wherever in the causes it is found", (code, reason) => {
    const wrapped = coded(undefined, new TypeError("fetch failed", { cause: coded(code) }))
    for (const error of [coded(code), coded("ERR_WRAPPER", coded(code)), wrapped, new AggregateError([coded(code)])]) {
      assert.deepStrictEqual(interpret(error, false), failed(reason, code))
    }
  })

  it.each([
    "ETIMEDOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_BODY_TIMEOUT",
    "ERR_SOCKET_CONNECTION_TIMEOUT"
  ])(
    "%s is a timeout",
    code =>
      assert.deepStrictEqual(interpret(new TypeError("fetch failed", { cause: coded(code) }), false), {
        _tag: "TimedOut",
        code
      })
  )

  it.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"])(
    "%s after the head is a truncated answer",
    code => {
      assert.deepStrictEqual(interpret(coded(code), true), failed("Truncated", code))
    }
  )

  it.each(["bad upgrade", "bad response"])("an interim response that nobody asked for is malformed: %s", message => {
    const error = Object.assign(new Error(message), { code: "UND_ERR_SOCKET" })
    assert.deepStrictEqual(interpret(error, false), failed("Malformed", "UND_ERR_SOCKET"))
  })

  it("a refusal stays a refusal after a head", () => {
    assert.deepStrictEqual(interpret(coded("ECONNREFUSED"), true), failed("Refused", "ECONNREFUSED"))
  })

  it.each([undefined, null, "text", 7, {}, new Error("no code"), new AggregateError([]), Object.create(null)])(
    "what says nothing is Other: %s",
    error => assert.deepStrictEqual(interpret(error, false), failed("Other"))
  )

  it.each(["econnrefused", "A", "SECRET=abc", "line\nbreak", "X".repeat(65), 7, {}])(
    "%j is not repeated as a code",
    code => {
      assert.deepStrictEqual(interpret(coded(code), false), failed("Other"))
    }
  )

  it("causes that go round in a circle end", () => {
    const error = coded(undefined)
    error.cause = error
    assert.deepStrictEqual(interpret(error, false), failed("Other"))
  })
})
