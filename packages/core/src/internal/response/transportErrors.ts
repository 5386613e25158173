/** What a transport's error means. The one place that knows the codes of Node, undici, OpenSSL and llhttp, and what fetch says. */
import type { TransportError } from "../../SignalWireError.ts"

export type TransportFailure =
  | { readonly _tag: "TimedOut"; readonly code: string }
  | { readonly _tag: "Failed"; readonly reason: TransportError["reason"]; readonly code: string | undefined }

type Reason = TransportError["reason"] | "TimedOut"

type Patterns = ReadonlyArray<readonly [pattern: RegExp, reason: Reason]>

/** How deep causes are followed: `HttpClientError` > `TypeError: fetch failed` > `AggregateError` > the cause, and some. */
const maxDepth = 8

const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

/** An error and its causes, the outermost first. */
export const causes = (error: unknown): ReadonlyArray<unknown> => {
  const found: Array<unknown> = []
  for (let current = error; current !== undefined && current !== null && found.length < maxDepth;) {
    found.push(current)
    const errors = property(current, "errors")
    current = property(current, "cause") ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return found
}

const codeOf = (error: unknown): string | undefined => {
  const code = property(error, "code")
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code
  // undici 7 looks the parser's code up in a table that does not have it, and leaves the parser's words
  if (property(error, "name") !== "HTTPParserError") return undefined
  return /\(Invalid EOF state\)/.test(String(property(error, "message"))) ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID"
}

const byCode: Patterns = [
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

/**
 * What Deno, workerd and Bun say where there is no code. Most have a blank, which no URL in the same message has. Browsers
 * say the same of everything ("Failed to fetch"), which is found nowhere here.
 */
const byWords: Patterns = [
  [/ refused/, "Refused"],
  [/connection (?:closed|lost|reset)/i, "Reset"],
  [/dns error/, "Dns"],
  [/^Malformed_HTTP|invalid HTTP|too many /, "Malformed"],
  [/peer certificate/, "Tls"]
]

const reasonIn = (patterns: Patterns, text: string): Reason | undefined =>
  patterns.find(([pattern]) => pattern.test(text))?.[1]

/** What undici says, as if of a connection, of a head that it does not read: a `101` or `100` that nobody asked for. */
const malformedHeads = ["bad upgrade", "bad response"]

/**
 * A connection that ends once the head is there leaves a truncated response, not none. A TLS record that cannot be read is a
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

/** Of all that undici's fetch reports as an error, only a response with the status 407 has neither words nor a code. */
export const is407 = (error: unknown): boolean => {
  const [, thrown, cause, ...others] = causes(error)
  return property(thrown, "message") === "fetch failed" && property(cause, "message") === "" &&
    property(cause, "code") === undefined && others.length === 0
}

const byKnownCode = (chain: ReadonlyArray<unknown>, hadHead: boolean): TransportFailure | undefined => {
  for (const cause of chain) {
    const code = codeOf(cause)
    const reason = code === undefined ? undefined : reasonIn(byCode, code)
    if (code === undefined || reason === undefined) continue
    if (reason === "TimedOut") return { _tag: reason, code }
    return { _tag: "Failed", reason: inContext(reason, code, cause, hadHead), code }
  }
  return undefined
}

/** The code of an error of a transport that does not tell what happened, as axios calls it. */
const networkError = "ERR_NETWORK"

/**
 * A GET whose response did not come is worth a retry, whatever the words, unless they tell of what will not change. That holds
 * for what an `HttpClient` reports as an error of its transport: a defect, such as a bug of an `HttpClient`, is not retried.
 */
export const interpret = (error: unknown, hadHead: boolean): TransportFailure => {
  const chain = causes(error)
  const known = byKnownCode(chain, hadHead)
  if (known !== undefined) return known
  const code = chain.map(codeOf).findLast(found => found !== undefined)
  const isTransportError = property(error, "reason") === (hadHead ? "Decode" : "Transport")
  if (code !== undefined || !isTransportError) return { _tag: "Failed", reason: "Other", code }
  const reason = hadHead ? "Truncated" : reasonIn(byWords, String(property(chain.at(-1), "message")))
  return reason === undefined || reason === "TimedOut"
    ? { _tag: "Failed", reason: "Other", code: networkError }
    : { _tag: "Failed", reason, code: undefined }
}

/** Whether a request cannot have been sent, since there was no connection to send it on. A TLS alert may come later. */
export const isBeforeSending = (error: unknown): boolean => {
  const failure = interpret(error, false)
  if (failure._tag === "TimedOut") return failure.code === "UND_ERR_CONNECT_TIMEOUT"
  return ["Refused", "Dns", "Proxy"].includes(failure.reason) ||
    (failure.reason === "Tls" && failure.code?.startsWith("ERR_SSL_") !== true)
}
