/**
 * Classifies the errors of transports: by the codes of Node, undici, OpenSSL and llhttp, and by the messages of fetch.
 */
import type { TransportError } from "../../SignalWireError.ts"

type Reason = TransportError["reason"] | "TimedOut"

export interface ClassifiedCause {
  /** The reason of a `TransportError`, or `TimedOut` where a time limit of the transport was reached. */
  readonly reason: Reason
  readonly code: string | undefined
}

type Patterns = ReadonlyArray<readonly [pattern: RegExp, reason: Reason]>

/**
 * `HttpClientError` > `TypeError: fetch failed` > `AggregateError` > the cause, and some more. A chain of causes may be
 * a circle.
 */
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
  // the table of codes in undici 7 does not have every code of the parser: its message is all that is left
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
  // undici asserts what its parser accepts, such as a status below 100
  [
    /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RESPONSE|UND_ERR_NOT_SUPPORTED|ERR_HTTP_INVALID|ERR_ASSERTION$)/,
    "Malformed"
  ],
  [
    /^(?:CERT_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|OUT_OF_MEM$|AKID_|SUBJECT_ISSUER)/,
    "Tls"
  ],
  // the pool of undici, or of node-runtime, was destroyed with its layer
  [/^UND_ERR_(?:DESTROYED|CLOSED)$/, "Closed"],
  // undici reports a tunnel that the proxy rejects as an aborted request; a request that this library aborts is not reported
  [/^(?:UND_ERR_PRX_|UND_ERR_ABORTED$|ERR_PROXY_)/, "Proxy"]
]

/**
 * Messages of Deno, workerd and Bun, whose errors have no code. Most have a blank, which no URL in the same message
 * has. Browsers have one message for every error ("Failed to fetch"), which is not among them.
 */
const byMessage: Patterns = [
  [/ refused/, "Refused"],
  [/connection (?:closed|lost|reset)/i, "Reset"],
  [/dns error/, "Dns"],
  [/^Malformed_HTTP|invalid HTTP|too many /, "Malformed"],
  [/peer certificate/, "Tls"]
]

const reasonIn = (patterns: Patterns, text: string): Reason | undefined =>
  patterns.find(([pattern]) => pattern.test(text))?.[1]

/** Messages of undici, with the code of a connection error, for a `101` or `100` that was not requested. */
const unexpectedHeads = ["bad upgrade", "bad response"]

/**
 * A connection that closes after the head truncates a response; before the head there is none. A TLS record that cannot
 * be read is a connection error, except during the handshake. undici reports some heads that are not HTTP with the code
 * of a connection error.
 */
const inContext = (
  reason: Reason,
  code: string,
  cause: unknown,
  hadHead: boolean
): Reason => {
  const isReset = reason === "Reset" || code.endsWith("_BAD_RECORD_MAC")
  if (hadHead) return isReset || (reason === "Tls" && !code.includes("_ALERT_")) ? "Truncated" : reason
  const isMalformedHead = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" ||
    (code === "UND_ERR_SOCKET" && unexpectedHeads.includes(String(property(cause, "message"))))
  return isMalformedHead ? "Malformed" : isReset ? "Reset" : reason
}

/** Of all errors of undici's fetch, only that of a response with the status 407 has neither a message nor a code. */
export const is407 = (error: unknown): boolean => {
  const [, thrown, cause, ...others] = causes(error)
  return property(thrown, "message") === "fetch failed" && property(cause, "message") === "" &&
    property(cause, "code") === undefined && others.length === 0
}

const byKnownCode = (chain: ReadonlyArray<unknown>, hadHead: boolean): ClassifiedCause | undefined => {
  for (const cause of chain) {
    const code = codeOf(cause)
    const reason = code === undefined ? undefined : reasonIn(byCode, code)
    if (code !== undefined && reason !== undefined) return { reason: inContext(reason, code, cause, hadHead), code }
  }
  return undefined
}

/** The code, as axios names it, where a transport does not tell what happened. */
const networkError = "ERR_NETWORK"

/**
 * An error without a known code or message is retried as a network error, where the `HttpClient` reports it as one of
 * its transport. A defect, such as a bug of an `HttpClient`, is not.
 */
export const classifyCause = (error: unknown, hadHead: boolean): ClassifiedCause => {
  const chain = causes(error)
  const known = byKnownCode(chain, hadHead)
  if (known !== undefined) return known
  const code = chain.map(codeOf).findLast(found => found !== undefined)
  const isTransportError = property(error, "reason") === (hadHead ? "Decode" : "Transport")
  if (code !== undefined || !isTransportError) return { reason: "Other", code }
  const reason = hadHead ? "Truncated" : reasonIn(byMessage, String(property(chain.at(-1), "message")))
  return reason === undefined ? { reason: "Other", code: networkError } : { reason, code: undefined }
}

/**
 * Whether there was no connection that the request could be sent on. A TLS alert can follow a request that was sent.
 */
export const isBeforeSending = (error: unknown): boolean => {
  const { code, reason } = classifyCause(error, false)
  switch (reason) {
    case "Refused":
    case "Dns":
    case "Proxy":
      return true
    case "TimedOut":
      return code === "UND_ERR_CONNECT_TIMEOUT"
    case "Tls":
      return code?.startsWith("ERR_SSL_") !== true
    default:
      return false
  }
}
