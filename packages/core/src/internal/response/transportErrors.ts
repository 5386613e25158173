/**
 * Classifies the errors of transports by the codes of Node, undici, OpenSSL and llhttp, and by the messages of fetch.
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
 * A usual chain is `HttpClientError` > `TypeError: fetch failed` > `AggregateError` > the cause. A chain may be circular, so
 * its length is limited.
 */
const maxDepth = 8

export const property = (value: unknown, key: string): unknown =>
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
  // undici 7 does not map every code of its parser, so some errors have only a message
  if (property(error, "name") !== "HTTPParserError") return undefined
  return /\(Invalid EOF state\)/.test(String(property(error, "message"))) ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID"
}

const byCode: Patterns = [
  [
    /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/,
    "TimedOut"
  ],
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, "Refused"],
  // this machine or process has no more files, ports or memory for connections
  [/^(?:EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS|ENOMEM)$/, "Refused"],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, "Reset"],
  [/^(?:ENOTFOUND|EAI_[A-Z]+|EDNS)$/, "Dns"],
  [/^(?:HPE_INVALID_EOF_STATE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ERR_STREAM_PREMATURE_CLOSE)$/, "Truncated"],
  // undici fails by an assertion for some responses that its parser accepts, such as a status below 100
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
  // undici reports a tunnel that the proxy rejects as an aborted request; for requests that this library aborts it reports none
  [/^(?:UND_ERR_PRX_|UND_ERR_ABORTED$|ERR_PROXY_)/, "Proxy"]
]

/**
 * The messages of Deno, workerd and Bun, whose errors have no code. Most patterns have a space, so that no URL in the message
 * matches. Browsers have one message for every error ("Failed to fetch"), so it is not listed.
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

/** The messages of undici for a `101` or `100` that was not requested. Their code is that of a connection error. */
const unexpectedResponses = ["bad upgrade", "bad response"]

/**
 * Adjusts a reason to the progress of the response. After the headers, a closed connection truncates the response; before
 * them, there is no response. A TLS record that cannot be decrypted after the handshake is a connection error. undici
 * reports some responses that are not HTTP with the code of a connection error.
 */
const inContext = (
  reason: Reason,
  code: string,
  cause: unknown,
  hadHeaders: boolean
): Reason => {
  const isReset = reason === "Reset" || code.endsWith("_BAD_RECORD_MAC")
  if (hadHeaders) return isReset || (reason === "Tls" && !code.includes("_ALERT_")) ? "Truncated" : reason
  const isMalformed = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" ||
    (code === "UND_ERR_SOCKET" && unexpectedResponses.includes(String(property(cause, "message"))))
  return isMalformed ? "Malformed" : isReset ? "Reset" : reason
}

/** Of all errors of undici's fetch, only that of a response with the status 407 has neither a message nor a code. */
export const is407 = (error: unknown): boolean => {
  const [, thrown, cause, ...others] = causes(error)
  return property(thrown, "message") === "fetch failed" && property(cause, "message") === "" &&
    property(cause, "code") === undefined && others.length === 0
}

const byKnownCode = (chain: ReadonlyArray<unknown>, hadHeaders: boolean): ClassifiedCause | undefined => {
  for (const cause of chain) {
    const code = codeOf(cause)
    const reason = code === undefined ? undefined : reasonIn(byCode, code)
    if (code !== undefined && reason !== undefined) return { reason: inContext(reason, code, cause, hadHeaders), code }
  }
  return undefined
}

/** The code, as axios names it, for an error without further information. */
const networkError = "ERR_NETWORK"

/**
 * Classifies an error and its causes. An error without a known code or message is a network error, which is retried, if the
 * `HttpClient` reports it as an error of its transport. A defect, such as a bug of an `HttpClient`, is not.
 */
export const classifyCause = (error: unknown, hadHeaders: boolean): ClassifiedCause => {
  const chain = causes(error)
  const known = byKnownCode(chain, hadHeaders)
  if (known !== undefined) return known
  const code = chain.map(codeOf).findLast(found => found !== undefined)
  const isTransportError = property(error, "reason") === (hadHeaders ? "Decode" : "Transport")
  if (code !== undefined || !isTransportError) return { reason: "Other", code }
  const reason = hadHeaders ? "Truncated" : reasonIn(byMessage, String(property(chain.at(-1), "message")))
  return reason === undefined ? { reason: "Other", code: networkError } : { reason, code: undefined }
}

/** Whether the error occurred before the request was sent. A TLS alert can follow a request that was sent. */
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
