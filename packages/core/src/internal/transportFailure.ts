/** What a transport's error means. The one place that knows the codes of Node, undici, OpenSSL and llhttp. */
import type { TransportError } from "../SignalWireError.ts"

export type TransportFailure =
  | { readonly _tag: "TimedOut"; readonly code: string }
  | { readonly _tag: "Failed"; readonly reason: TransportError["reason"]; readonly code: string | undefined }

/** How deep causes are followed: `HttpClientError` > `TypeError: fetch failed` > `AggregateError` > the cause, and some. */
const maxDepth = 8

const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

/** An error and its causes, the outermost first. */
export function* causes(error: unknown): Generator {
  let current = error
  for (let depth = 0; depth < maxDepth && current !== undefined && current !== null; depth++) {
    yield current
    const errors = property(current, "errors")
    current = property(current, "cause") ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
}

const codeOf = (error: unknown): string | undefined => {
  const code = property(error, "code")
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code
  // undici 7 looks the parser's code up in a table that does not have it, and leaves the parser's words
  if (property(error, "name") !== "HTTPParserError") return undefined
  return /\(Invalid EOF state\)/.test(String(property(error, "message"))) ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID"
}

const reasons: ReadonlyArray<readonly [pattern: RegExp, reason: TransportError["reason"] | "TimedOut"]> = [
  [
    /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/,
    "TimedOut"
  ],
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, "Refused"],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, "Reset"],
  [/^(?:ENOTFOUND|EAI_[A-Z]+|EDNS)$/, "Dns"],
  [/^(?:HPE_INVALID_EOF_STATE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ERR_STREAM_PREMATURE_CLOSE)$/, "Truncated"],
  // undici asserts what its parser lets through, such as a status below 100
  [
    /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RESPONSE|UND_ERR_NOT_SUPPORTED|ERR_HTTP_INVALID|ERR_ASSERTION$)/,
    "Malformed"
  ],
  [
    /^(?:CERT_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|OUT_OF_MEM$|AKID_|SUBJECT_ISSUER)/,
    "Tls"
  ],
  // undici's pool, or ours, was destroyed with its layer
  [/^UND_ERR_(?:DESTROYED|CLOSED)$/, "Closed"],
  // undici calls a tunnel that the proxy refused an aborted request; what this library aborts itself is not reported
  [/^(?:UND_ERR_PRX_|UND_ERR_ABORTED$|ERR_PROXY_)/, "Proxy"]
]

/** What undici says, as if of a connection, of a head that it does not read: a `101` or `100` that nobody asked for. */
const malformedHeads = ["bad upgrade", "bad response"]

/**
 * A connection that ends once the head is there leaves a truncated answer, not none. A TLS record that cannot be read is a
 * broken connection, unless it belongs to the handshake. undici reports some heads that are not HTTP by codes that usually
 * mean a broken connection.
 */
const inContext = (
  reason: TransportError["reason"],
  code: string,
  cause: unknown,
  hadHead: boolean
): TransportError["reason"] => {
  const isBroken = reason === "Reset" || code.endsWith("_BAD_RECORD_MAC")
  if (hadHead) return isBroken || (reason === "Tls" && !code.includes("_ALERT_")) ? "Truncated" : reason
  const isMalformedHead = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" ||
    (code === "UND_ERR_SOCKET" && malformedHeads.includes(String(property(cause, "message"))))
  return isMalformedHead ? "Malformed" : isBroken ? "Reset" : reason
}

export const interpret = (error: unknown, hadHead: boolean): TransportFailure => {
  let code: string | undefined
  for (const cause of causes(error)) {
    const found = codeOf(cause)
    code = found ?? code
    if (found === undefined) continue
    const reason = reasons.find(([pattern]) => pattern.test(found))?.[1]
    if (reason === "TimedOut") return { _tag: reason, code: found }
    if (reason !== undefined) return { _tag: "Failed", reason: inContext(reason, found, cause, hadHead), code: found }
  }
  return { _tag: "Failed", reason: "Other", code }
}

/** Whether a request cannot have been sent, since there was no connection to send it on. A TLS alert may come later. */
export const isBeforeSending = (error: unknown): boolean => {
  const failure = interpret(error, false)
  if (failure._tag === "TimedOut") return failure.code === "UND_ERR_CONNECT_TIMEOUT"
  return ["Refused", "Dns", "Proxy"].includes(failure.reason) ||
    (failure.reason === "Tls" && failure.code?.startsWith("ERR_SSL_") !== true)
}
