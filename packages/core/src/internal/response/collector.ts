/** Collects one response, up to the policy's size limits. */
import type { Resolved } from "../../RequestPolicy.ts"
import type { InvalidResponse, RequestTimeout } from "../../SignalWireError.ts"
import type { Headers, ResponseHandler } from "../../Transport.ts"

/** A response with the part of its body that was read. */
export interface Response {
  readonly status: number
  readonly headers: Headers
  readonly chunks: ReadonlyArray<Uint8Array>
  /** The reason for which the client rejected the body without reading it to its end. */
  readonly rejected: InvalidResponse["reason"] | undefined
}

/** The time for the body of an error, from its headers on. It is short, since the status alone decides which error it is. */
export const errorBodyMillis = 1000

/** The result of one attempt, with the number of requests that it sent. The status is 0 where no headers arrived. */
export type Received =
  & { readonly requestsSent: number }
  & (
    | { readonly _tag: "Response"; readonly response: Response }
    | {
      readonly _tag: "ConnectionError"
      readonly cause: unknown
      readonly status: number
      readonly headers: Headers
    }
    | {
      readonly _tag: "TimedOut"
      readonly status: number
      readonly headers: Headers
      readonly phase: RequestTimeout["phase"]
    }
  )

/** The status of the response; 0 where no headers arrived. */
export const statusOf = (received: Received): number =>
  received._tag === "Response" ? received.response.status : received.status

export const header = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : value?.join(", ")
}

const json = /^\s*(?:application\/(?:[\w.-]+\+|x-)?|text\/(?:x-)?)json\s*(?:;|$)/i
const otherCharset = /;\s*charset\s*=(?!\s*"?(?:utf-?8|us-ascii)"?\s*(?:;|$))/i

/** Quoted parameters other than the charset: a comma in one of them does not separate types. */
const otherParameters = /;\s*(?!charset\b)[\w-]+\s*=\s*"(?:[^"\\]|\\.)*"/gi

/** Those of nearly all responses: any other takes 0.15 µs more. */
const usualTypes = new Set(["application/json", "application/json; charset=utf-8"])

/** A proxy that joins two equal header lines repeats the type. */
const isJson = (type: string): boolean =>
  usualTypes.has(type) || type
    .replace(otherParameters, "")
    .split(",")
    .filter(one => one.trim() !== "")
    .every(one => json.test(one) && !otherCharset.test(one))

const compression = /^\s*(?:x-)?(?:gzip|compress|deflate|br|zstd|dcb|dcz)\s*$/i

const isCompressed = (headers: Headers): boolean =>
  header(headers, "content-encoding")?.split(",").some(coding => compression.test(coding)) ?? false

/** Some servers write `none` or a charset in this header, so it only explains why a body cannot be decoded. */
export const isEncoded = (headers: Headers): boolean =>
  !["", "identity"].includes(header(headers, "content-encoding")?.toLowerCase() ?? "")

/** The reason for which the body of a success is rejected by its headers. */
const rejection = (
  headers: Headers,
  maxBytes: number,
  mayDecompress: boolean
): InvalidResponse["reason"] | undefined => {
  const type = header(headers, "content-type")
  if (type !== undefined && !isJson(type)) return "UnexpectedContentType"
  if (!mayDecompress && isCompressed(headers)) return "UnsupportedEncoding"
  const coding = header(headers, "transfer-encoding")
  if (coding !== undefined && !/^(?:chunked|identity)?$/i.test(coding.trim())) return "UnsupportedEncoding"
  return Number(header(headers, "content-length") ?? 0) > maxBytes ? "TooLarge" : undefined
}

/** The end of a response with two different lengths is ambiguous (RFC 9112, 6.3), and not every transport rejects it. */
const hasTwoLengths = (headers: Headers): boolean => {
  const length = header(headers, "content-length")
  if (length === undefined || !length.includes(",")) return false
  const [first = "", ...others] = length.split(",")
  return others.some(other => other.trim() !== first.trim())
}

/** The chunks before the headers; nothing is added to it. */
const noChunks: Array<Uint8Array> = []
const noHeaders: Headers = {}

const noHeadersBeforeEnd = new Error("The transport ended a response without headers")

const twoLengths = { code: "ERR_HTTP_INVALID_CONTENT_LENGTH" }

/** The callbacks of a collector, which the attempt implements. */
export interface CollectorObserver {
  /** The time of the attempt begins. */
  readonly onConnection: () => void
  /** The request waits for a connection, after it seemed to have one. */
  readonly onQueued: () => void
  /** The status is an error, and its body follows. */
  readonly onErrorHeaders: () => void
  /** Called once. */
  readonly onSettled: (received: Received) => void
}

/**
 * Collects the response of one attempt. An error response is complete with the part of its body that has arrived, since the
 * status alone decides which error it is. A success is complete only with its whole body.
 */
export class Collector implements ResponseHandler {
  readonly #policy: Pick<Resolved, "maxBodyBytes" | "maxErrorBodyBytes">
  readonly #observer: CollectorObserver
  readonly #mayDecompress: boolean
  readonly #successStatus: number
  /** Allocated when the headers arrive: V8 allocates an array that lives as long as a request in its old generation. */
  #chunks: Array<Uint8Array> = noChunks
  #status = 0
  #headers: Headers = noHeaders
  #bytes = 0
  #maxBytes = 0
  #requestsSent = 0
  #leastSent = 0
  #settled = false

  constructor(
    policy: Pick<Resolved, "maxBodyBytes" | "maxErrorBodyBytes">,
    observer: CollectorObserver,
    mayDecompress: boolean,
    successStatus: number
  ) {
    this.#policy = policy
    this.#observer = observer
    this.#mayDecompress = mayDecompress
    this.#successStatus = successStatus
  }

  get isSettled(): boolean {
    return this.#settled
  }

  /** The requests that were sent so far. */
  get requestsSent(): number {
    return Math.max(this.#leastSent, this.#requestsSent)
  }

  /** The status of the response; 0 before its headers. */
  get status(): number {
    return this.#status
  }

  onConnection(): void {
    if (!this.#settled) this.#observer.onConnection()
  }

  /** A transform has begun to send the request. */
  onQueued(): void {
    if (!this.#settled) this.#observer.onQueued()
  }

  isSuccess(status: number): boolean {
    return status === this.#successStatus
  }

  /** The bytes that the body of a response may have. */
  limitOf(status: number): number {
    return this.isSuccess(status) ? this.#policy.maxBodyBytes : this.#policy.maxErrorBodyBytes
  }

  onRequestSent(): void {
    this.#requestsSent++
  }

  /** The request counts as sent even if that is not reported. */
  assumeSent(): void {
    this.#leastSent = 1
  }

  /** A transform has a success, whose body it may read before it returns it. A timeout until then has the status. */
  onInnerSuccess(status: number, headers: Headers): void {
    if (this.#settled || this.#chunks !== noChunks) return
    this.#status = status
    this.#headers = headers
  }

  onHeaders(status: number, headers: Headers): boolean {
    if (this.#settled) return false
    if (hasTwoLengths(headers)) {
      this.onError(twoLengths)
      return false
    }
    // a response proves that a request was sent, even if the transport has not reported it
    if (this.#requestsSent === 0) this.#requestsSent = 1
    this.#status = status
    this.#headers = headers
    this.#chunks = []
    this.#maxBytes = this.limitOf(status)
    if (status !== this.#successStatus) {
      this.#observer.onErrorHeaders()
      return !this.#settled
    }
    const rejected = rejection(headers, this.#maxBytes, this.#mayDecompress)
    if (rejected !== undefined) this.#respond(rejected)
    return rejected === undefined
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#settled || this.#chunks === noChunks) return false
    this.#bytes += chunk.byteLength
    if (this.#bytes > this.#maxBytes) {
      // the details of an error can be read from the beginning of its body
      if (this.#status !== this.#successStatus) {
        this.#chunks.push(chunk.subarray(0, chunk.byteLength - (this.#bytes - this.#maxBytes)))
      }
      this.#respond("TooLarge")
      return false
    }
    // most bodies have one chunk, and an array to which one is pushed has room for 17
    if (this.#chunks.length === 0) this.#chunks = [chunk]
    else this.#chunks.push(chunk)
    return true
  }

  onEnd(): void {
    if (this.#chunks === noChunks) this.onError(noHeadersBeforeEnd)
    else this.#respond(undefined)
  }

  onError(cause: unknown, wasSent = true): void {
    const hasHeaders = this.#chunks !== noChunks
    if (!wasSent && !hasHeaders) this.#requestsSent = 0
    this.#fail({
      _tag: "ConnectionError",
      cause,
      status: hasHeaders ? this.#status : 0,
      headers: hasHeaders ? this.#headers : noHeaders,
      requestsSent: this.requestsSent
    })
  }

  onTimeout(phase: RequestTimeout["phase"]): void {
    this.#fail({
      _tag: "TimedOut",
      phase,
      status: this.#status,
      headers: this.#headers,
      requestsSent: this.requestsSent
    })
  }

  #respond(rejected: InvalidResponse["reason"] | undefined): void {
    this.#finish({
      _tag: "Response",
      requestsSent: this.requestsSent,
      response: { status: this.#status, headers: this.#headers, chunks: this.#chunks, rejected }
    })
  }

  #fail(received: Received): void {
    if (this.#status === 0 || this.#status === this.#successStatus) this.#finish(received)
    else this.#respond(undefined)
  }

  #finish(received: Received): void {
    if (this.#settled) return
    this.#settled = true
    this.#chunks = noChunks
    this.#headers = noHeaders
    this.#observer.onSettled(received)
  }
}
