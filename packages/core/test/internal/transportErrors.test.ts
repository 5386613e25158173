import { HttpClientError, HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import type { TransportError } from "../../src/SignalWireError.ts"
import {
  causes,
  type ClassifiedCause,
  classifyCause,
  is407,
  isBeforeSending
} from "../../src/internal/response/transportErrors.ts"

const coded = (code: unknown, cause?: unknown): Error =>
  Object.assign(new Error("message of the transport", { cause }), { code })

const classified = (reason: TransportError["reason"], code?: string): ClassifiedCause => ({ reason, code })

describe("errors of transports", () => {
  it("the causes of an error are at most 8, and end at undefined and at null", () => {
    assert.deepStrictEqual(causes(undefined), [])
    assert.deepStrictEqual(causes(null), [])
    const last = coded("ECONNRESET", null)
    assert.deepStrictEqual(causes(last), [last])
    const circular = coded("ECONNRESET")
    circular.cause = circular
    assert.lengthOf(causes(circular), 8)
  })

  it.each([8, 404, "EX", "econnreset", `E${"X".repeat(64)}`, "E-X", "", null, ["ECONNRESET"]].map(code => ({ code })))(
    "the code in %j is none, so that a TransportError has none",
    ({ code }) => assert.deepStrictEqual(classifyCause(coded(code), false), classified("Other"))
  )

  it.each([
    ["Response does not match the HTTP/1.1 protocol (Invalid EOF state)", "HPE_INVALID_EOF_STATE", "Truncated"],
    ["Invalid EOF state", "HPE_INVALID", "Malformed"],
    ["Missing expected LF after header value", "HPE_INVALID", "Malformed"]
  ])("an error of undici's parser without a code and with the message %j is %s", (message, code, reason) => {
    const error = Object.assign(new Error(message), { name: "HTTPParserError" })
    assert.deepStrictEqual<unknown>(classifyCause(error, false), { reason, code })
  })

  it("a TLS record that cannot be decrypted is Reset before the headers and Truncated after them", () => {
    for (const code of ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC"]) {
      assert.deepStrictEqual(classifyCause(coded(code), false), classified("Reset", code))
      assert.deepStrictEqual(classifyCause(coded(code), true), classified("Truncated", code))
    }
  })

  it("an error of TLS after the headers is Truncated, and an alert is Tls", () => {
    const code = "ERR_SSL_WRONG_VERSION_NUMBER"
    assert.deepStrictEqual(classifyCause(coded(code), true), classified("Truncated", code))
    const alert = "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"
    assert.deepStrictEqual(classifyCause(coded(alert), true), classified("Tls", alert))
  })

  it("the message of an interim response counts with the code of a connection error only", () => {
    const error = Object.assign(new Error("bad upgrade"), { code: "ECONNRESET" })
    assert.deepStrictEqual(classifyCause(error, false), classified("Reset", "ECONNRESET"))
  })

  it("the first known code of the causes is that of the error, and of unknown codes the innermost", () => {
    const known = coded("ERR_A", coded("ECONNREFUSED", coded("ECONNRESET")))
    assert.deepStrictEqual(classifyCause(known, false), classified("Refused", "ECONNREFUSED"))
    const unknown = coded("ERR_A", coded("ERR_B", coded(undefined)))
    assert.deepStrictEqual(classifyCause(unknown, false), classified("Other", "ERR_B"))
    assert.deepStrictEqual(classifyCause(overFetch(unknown), false), classified("Other", "ERR_B"))
  })

  it.each([
    ["ECONNREFUSED", true],
    ["ENOTFOUND", true],
    ["UND_ERR_ABORTED", true],
    ["UND_ERR_CONNECT_TIMEOUT", true],
    ["UND_ERR_HEADERS_TIMEOUT", false],
    ["CERT_HAS_EXPIRED", true],
    ["ERR_TLS_CERT_ALTNAME_INVALID", true],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", false],
    ["ECONNRESET", false],
    ["HPE_INVALID_CONSTANT", false],
    ["UND_ERR_DESTROYED", false],
    ["EACCES", false]
  ])("an error with the code %s occurred before the request was sent: %s", (code, isBefore) => {
    assert.strictEqual(isBeforeSending(coded(code)), isBefore)
  })

  it.each<readonly [code: string, reason: TransportError["reason"]]>([
    ["ECONNREFUSED", "Refused"],
    ["EHOSTUNREACH", "Refused"],
    ["ENETUNREACH", "Refused"],
    ["EMFILE", "Refused"],
    ["ENFILE", "Refused"],
    ["EADDRNOTAVAIL", "Refused"],
    ["ENOBUFS", "Refused"],
    ["ENOMEM", "Refused"],
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
    ["UND_ERR_DESTROYED", "Closed"],
    ["UND_ERR_CLOSED", "Closed"],
    ["UND_ERR_PRX_TLS", "Proxy"],
    ["UND_ERR_ABORTED", "Proxy"],
    ["ERR_PROXY_STATUS_503", "Proxy"],
    ["EACCES", "Other"],
    // codes that only contain a known one
    ["X_ETIMEDOUT", "Other"],
    ["ETIMEDOUT_X", "Other"],
    ["X_ECONNREFUSED", "Other"],
    ["ECONNREFUSED_X", "Other"],
    ["X_EMFILE", "Other"],
    ["EMFILE_X", "Other"],
    ["X_ECONNRESET", "Other"],
    ["ECONNRESET_X", "Other"],
    ["X_ENOTFOUND", "Other"],
    ["ENOTFOUND_X", "Other"],
    ["X_ERR_STREAM_PREMATURE_CLOSE", "Other"],
    ["ERR_STREAM_PREMATURE_CLOSE_X", "Other"],
    ["X_HPE_INVALID", "Other"],
    ["ERR_ASSERTION_X", "Other"],
    ["X_CERT_HAS_EXPIRED", "Other"],
    ["EPROTO_X", "Other"],
    ["OUT_OF_MEM_X", "Other"],
    ["X_UND_ERR_CLOSED", "Other"],
    ["UND_ERR_CLOSED_X", "Other"],
    ["X_UND_ERR_PRX_TLS", "Other"],
    ["UND_ERR_ABORTED_X", "Other"]
  ])("the code %s is %s, wherever it is in the causes", (code, reason) => {
    const wrapped = coded(undefined, new TypeError("fetch failed", { cause: coded(code) }))
    for (const error of [coded(code), coded("ERR_WRAPPER", coded(code)), wrapped, new AggregateError([coded(code)])]) {
      assert.deepStrictEqual(classifyCause(error, false), classified(reason, code))
    }
  })

  it.each([
    "ETIMEDOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_BODY_TIMEOUT",
    "ERR_SOCKET_CONNECTION_TIMEOUT"
  ])(
    "the code %s is a timeout",
    code =>
      assert.deepStrictEqual(classifyCause(new TypeError("fetch failed", { cause: coded(code) }), false), {
        reason: "TimedOut",
        code
      })
  )

  it.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"])(
    "the code %s after the headers is Truncated",
    code => {
      assert.deepStrictEqual(classifyCause(coded(code), true), classified("Truncated", code))
    }
  )

  it.each(["bad upgrade", "bad response"])(
    "an interim response that was not requested, with the message %j, is Malformed",
    message => {
      const error = Object.assign(new Error(message), { code: "UND_ERR_SOCKET" })
      assert.deepStrictEqual(classifyCause(error, false), classified("Malformed", "UND_ERR_SOCKET"))
    }
  )

  it("ECONNREFUSED is Refused also after headers", () => {
    assert.deepStrictEqual(classifyCause(coded("ECONNREFUSED"), true), classified("Refused", "ECONNREFUSED"))
  })

  it.each([undefined, null, "text", 7, {}, new Error("no code"), new AggregateError([]), Object.create(null)])(
    "a cause without a code is Other: %s",
    error => assert.deepStrictEqual(classifyCause(error, false), classified("Other"))
  )

  it.each(["econnrefused", "A", "SECRET=abc", "line\nbreak", "X".repeat(65), 7, {}])(
    "the code %j is Other, and not part of the error",
    code => {
      assert.deepStrictEqual(classifyCause(coded(code), false), classified("Other"))
    }
  )

  it("a circle of causes is Other", () => {
    const error = coded(undefined)
    error.cause = error
    assert.deepStrictEqual(classifyCause(error, false), classified("Other"))
  })
})

const request = HttpClientRequest.get("https://acme.signalwire.com/api/video/room_sessions/1")

/** The error of `FetchHttpClient` where fetch rejects its promise. */
const overFetch = (cause: unknown, reason: HttpClientError.RequestError["reason"] = "Transport") =>
  new HttpClientError.RequestError({ request, reason, cause })

/** The error of `FetchHttpClient` where the stream of a body has an error. */
const inBody = (cause: unknown) =>
  new HttpClientError.ResponseError({
    request,
    response: HttpClientResponse.fromWeb(request, new Response()),
    reason: "Decode",
    cause
  })

/** The error of fetch in Deno and Node. */
const fetchFailed = (message: string) => new TypeError("fetch failed", { cause: new Error(message) })

const deno = (what: string) =>
  fetchFailed(`error sending request for url (${request.url}): client error (Connect): ${what}`)

describe("errors of fetch without a code", () => {
  it.each<readonly [runtime: string, reason: TransportError["reason"], error: Error]>([
    ["Deno", "Refused", deno("tcp connect error: Connection refused (os error 111)")],
    ["Deno", "Reset", deno("connection closed before message completed")],
    ["Deno", "Reset", fetchFailed("Connection reset by peer (os error 104)")],
    ["Deno", "Dns", deno("dns error: failed to lookup address information: Name or service not known")],
    ["Deno", "Tls", deno("invalid peer certificate: UnknownIssuer")],
    ["Deno", "Malformed", deno("invalid HTTP version parsed")],
    ["workerd", "Reset", new Error("Network connection lost.")],
    [
      "Bun",
      "Malformed",
      Object.assign(new TypeError("Malformed_HTTP_Response fetching"), { code: "Malformed_HTTP_Response" })
    ],
    ["Node", "Malformed", fetchFailed("too many content-encodings in response: 1000, maximum allowed is 5")]
  ])("an error of fetch in %s has the reason %s by its message", (_, reason, error) => {
    assert.deepStrictEqual(classifyCause(overFetch(error), false), classified(reason))
  })

  it.each([
    "Failed to fetch",
    "NetworkError when attempting to fetch resource.",
    "Load failed",
    "internal error; reference = bresqoeq7qekaf8u6hmtlbb0",
    "Unable to connect. Is the computer able to access the url?"
  ])("an error of fetch with the message %j is Other with the code ERR_NETWORK", message => {
    assert.deepStrictEqual(classifyCause(overFetch(new TypeError(message)), false), classified("Other", "ERR_NETWORK"))
  })

  it.each([
    "network error",
    "error reading a body from connection",
    "Network connection lost.",
    "Error in input stream",
    "Load failed"
  ])("an error of a body with the message %j is Truncated", message => {
    assert.deepStrictEqual(classifyCause(inBody(new TypeError(message)), true), classified("Truncated"))
  })

  it("a message of TLS occurred before the request was sent", () => {
    assert.isTrue(isBeforeSending(overFetch(new TypeError("invalid peer certificate: UnknownIssuer"))))
  })

  it("the code of Bun for a malformed response counts at the start of a message only", () => {
    const error = overFetch(new TypeError("no Malformed_HTTP"))
    assert.deepStrictEqual(classifyCause(error, false), classified("Other", "ERR_NETWORK"))
  })

  it("a host name that looks like such a message does not count as one", () => {
    const error = fetchFailed(
      "error sending request for url (https://connection-refused.dnserror.example/): client error"
    )
    assert.deepStrictEqual(classifyCause(overFetch(error), false), classified("Other", "ERR_NETWORK"))
  })

  it.each([
    ["a defect before the headers", new TypeError("client.send is not a function"), false],
    ["a defect in a body", new TypeError("chunk.read is not a function"), true],
    ["a request that cannot be encoded", overFetch(new Error("no such body"), "Encode"), false],
    ["an invalid URL", overFetch(new TypeError("Invalid URL"), "InvalidUrl"), false]
  ])("%s is Other without a code", (_, error, hadHeaders) => {
    assert.deepStrictEqual(classifyCause(error, hadHeaders), classified("Other"))
  })

  it("of the errors of fetch, only that of undici for a 407 is taken for a 407", () => {
    assert.isTrue(is407(overFetch(fetchFailed(""))))
    const refusedByEachAddress = Object.assign(new AggregateError([coded("ECONNREFUSED")], ""), {
      code: "ECONNREFUSED"
    })
    const others = [
      overFetch(fetchFailed("other side closed")),
      overFetch(new TypeError("fetch failed", { cause: refusedByEachAddress })),
      overFetch(new TypeError("fetch failed", { cause: new AggregateError([coded("ECONNREFUSED")], "") })),
      overFetch(new Error("")),
      overFetch(new TypeError("fetch failed", { cause: Object.assign(new Error(""), { code: "EX" }) })),
      overFetch(new TypeError("fetch failed", { cause: new Error("", { cause: new Error("") }) })),
      overFetch(new TypeError("not of fetch", { cause: new Error("") })),
      inBody(new TypeError())
    ]
    for (const other of others) assert.isFalse(is407(other))
  })
})
