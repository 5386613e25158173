/** What a transport's error means. The one place that knows the codes of Node, undici, OpenSSL and llhttp, and what fetch says. */
import type { TransportError } from "../SignalWireError.ts"

export type TransportFailure =
  | { readonly _tag: "TimedOut"; readonly code: string }
  | { readonly _tag: "Failed"; readonly reason: TransportError["reason"]; readonly code: string | undefined }

type Reason = TransportError["reason"] | "TimedOut"

/** How deep causes are followed: `HttpClientError` > `TypeError: fetch failed` > `AggregateError` > the cause, and some. */
const maxDepth = 8

const property = (value: unknown, key: string): unknown => Reflect.get(Object(value), key)

/** An error and its causes, the outermost first. */
export const causes = (error: unknown, depth = maxDepth): ReadonlyArray<unknown> =>
  depth > 0 && error
    ? [error, ...causes(property(error, "cause") ?? property(property(error, "errors"), "0"), depth - 1)]
    : []

const codeOf = (error: unknown): string | undefined => {
  const code = property(error, "code")
  if (typeof code === "string" && /^[A-Z][A-Z\d_]{2,63}$/.test(code)) return code
  // undici 7 looks the parser's code up in a table that does not have it, and leaves the parser's words
  if (property(error, "name") !== "HTTPParserError") return undefined
  return /EOF/.test(String(property(error, "message"))) ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID"
}

/**
 * By code, and by what Deno, workerd and Bun say in place of one. Such words have a blank, which neither a code has nor a
 * URL in the same message. Browsers say the same of everything ("Failed to fetch"), which is found nowhere here.
 */
const reasons: ReadonlyArray<readonly [pattern: RegExp, reason: Reason]> = [
  [/^ETIMEDOUT$|_TIMEOUT$/, "TimedOut"],
  [/ECONNREFUSED| refused|^E[A-Z]+(?:UNREACH|DOWN)$/, "Refused"],
  [/^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$|connection (?:closed|lost|reset)/i, "Reset"],
  [/ENOTFOUND|EAI_|EDNS|dns error/, "Dns"],
  [/_EOF_|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|PREMATURE_CLOSE/, "Truncated"],
  // undici asserts what its parser lets through, such as a status below 100
  [
    /^(?:HPE_|UND_ERR_(?:HEADERS_OVERFLOW|RESPONSE|NOT_SUPPORTED)|ERR_(?:HTTP_INVALID|ASSERTION$)|Malformed_)|invalid HTTP|too many/,
    "Malformed"
  ],
  [
    /CERT|CRL_|_TLS_|_SSL_|EPROTO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|OUT_OF_MEM|AKID_|SUBJECT_ISSUER|peer certificate/,
    "Tls"
  ],
  // undici's pool, or ours, was destroyed with its layer
  [/^UND_ERR_(?:DESTROYED|CLOSED)$/, "Closed"],
  // undici calls a tunnel that the proxy refused an aborted request; what this library aborts itself is not reported
  [/^(?:UND_ERR_(?:PRX_|ABORTED$)|ERR_PROXY_)/, "Proxy"]
]

const reasonOf = (said: unknown) => reasons.find(([pattern]) => pattern.test(String(said)))?.[1]

/** What undici says, as if of a connection, of a head that it does not read: a `101` or `100` that nobody asked for. */
const malformedHeads = ["bad upgrade", "bad response"]

/**
 * A connection that ends once the head is there leaves a truncated answer, not none. A TLS record that cannot be read is a
 * broken connection, unless it belongs to the handshake. undici reports some heads that are not HTTP by codes that usually
 * mean a broken connection.
 */
const inContext = (reason: Reason, code: string, cause: unknown, hadHead: boolean): Reason => {
  const isBroken = reason === "Reset" || code.endsWith("_BAD_RECORD_MAC")
  if (hadHead) return isBroken || (reason === "Tls" && !code.includes("_ALERT_")) ? "Truncated" : reason
  const isMalformedHead = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" ||
    (code === "UND_ERR_SOCKET" && malformedHeads.includes(String(property(cause, "message"))))
  return isMalformedHead ? "Malformed" : isBroken ? "Reset" : reason
}

/** Of all that undici's fetch reports as an error, only a response with the status 407 has no words at all. */
export const is407 = (error: unknown): boolean => {
  const [, thrown, cause] = causes(error)
  return property(thrown, "message") === "fetch failed" && property(cause, "message") === ""
}

/**
 * A request is worth a retry whatever the words, unless they tell of what will not change. That holds for what an
 * `HttpClient` reports as an error of its transport: a defect, such as a bug of an `HttpClient`, is not retried.
 */
export const interpret = (error: unknown, hadHead: boolean): TransportFailure => {
  const failed = (reason: Reason, code: string | undefined): TransportFailure =>
    reason === "TimedOut" ? { _tag: reason, code: String(code) } : { _tag: "Failed", reason, code }
  const chain = causes(error)
  for (const cause of chain) {
    const code = codeOf(cause)
    const reason = reasonOf(code)
    if (code && reason) return failed(inContext(reason, code, cause, hadHead), code)
  }
  const code = chain.map(codeOf).findLast(Boolean)
  if (code || property(error, "reason") !== (hadHead ? "Decode" : "Transport")) return failed("Other", code)
  const reason = hadHead ? "Truncated" : reasonOf(property(chain.at(-1), "message"))
  return reason ? failed(reason, code) : failed("Other", "ERR_NETWORK")
}

/** Whether a request cannot have been sent, since there was no connection to send it on. A TLS alert may come later. */
export const isBeforeSending = (error: unknown): boolean => {
  const failure = interpret(error, false)
  if (failure._tag === "TimedOut") return failure.code === "UND_ERR_CONNECT_TIMEOUT"
  return ["Refused", "Dns", "Proxy"].includes(failure.reason) ||
    (failure.reason === "Tls" && failure.code?.startsWith("ERR_SSL_") !== true)
}
