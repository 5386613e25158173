/**
 * A transport that responds as a test tells it to, so that everything above the wire is the real thing: retries, backoff,
 * timeouts, limits, decoding and failures. Waits are the clock's: under `TestClock` they take no time.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { RoomSessionSummary } from "../RoomSession.ts"
import { reasonPhraseOf } from "../internal/reasonPhrases.ts"
import { Misuse } from "./internal/misuse.ts"
import * as scriptedClient from "./internal/scriptedClient.ts"
import type { Break, Reply } from "./internal/wireResponse.ts"

/**
 * What happens to one request.
 *
 * @since 1.0.0
 * @category models
 */
export type Response = Reply | Break

/**
 * Responses in order: to all requests, or to the requests for each id. Every attempt takes one, so that two 500s and a success
 * are three responses to one call.
 *
 * @since 1.0.0
 * @category models
 */
export type Script = ReadonlyArray<Response> | { readonly [id: string]: ReadonlyArray<Response> }

/**
 * @since 1.0.0
 * @category models
 */
export interface ReplyOptions {
  /** Names in any case. A list of values is a header that comes more than once. By default there is an `x-request-id`. */
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown
  /** How long the header `retry-after` asks to wait; rounded up to whole seconds. */
  readonly retryAfter?: Duration.DurationInput
}

const toBytes = (body: unknown): Uint8Array => {
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
}

const contractBody = (status: number): unknown => {
  const error = reasonPhraseOf(status)
  return error === undefined ? undefined : { error }
}

const isHeader = ([name, value]: readonly [string, string | ReadonlyArray<string>]): boolean => {
  try {
    const headers = new Headers()
    for (const line of [value].flat()) headers.append(name, line)
    return true
  } catch {
    return false
  }
}

/**
 * The `x-request-id` of the response to request number `n` of a script, counted over all ids and attempts. A script that has a
 * request id in its headers sends that one.
 *
 * @param n a whole number from 1; default 1
 * @since 1.0.0
 * @category ids
 * @example
 * import { RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const layer = RoomSessionsTest.layerTransport([ScriptedTransport.status(500), ScriptedTransport.status(404)])
 * const idOfNotFound = ScriptedTransport.requestId(2)
 */
export const requestId = (n: number = 1): string => scriptedClient.requestId(n)

/**
 * A response with a status from 200 to 599. Without a body it has the contract's for 400, 401, 404 and 500, and none for any
 * other.
 *
 * @since 1.0.0
 * @category responses
 * @example
 * import { ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const overloaded = ScriptedTransport.status(429, { retryAfter: "2 seconds" })
 * const gateway = ScriptedTransport.status(502, { headers: { "content-type": "text/html" }, body: "<h1>Bad Gateway</h1>" })
 */
export const status = (code: number, options: ReplyOptions = {}): Response => {
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    throw new Misuse(`ScriptedTransport.status: expected a status from 200 to 599, got ${code}`)
  }
  const wrong = Object.entries(options.headers ?? {}).find(header => !isHeader(header))
  if (wrong !== undefined) throw new Misuse(`ScriptedTransport.status: no header can be ${JSON.stringify(wrong)}`)
  const body = options.body ?? contractBody(code)
  return {
    _tag: "Reply",
    status: code,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(options.retryAfter === undefined
        ? {}
        : { "retry-after": String(Math.ceil(Duration.toSeconds(options.retryAfter))) }),
      ...Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
    },
    body: body === undefined ? new Uint8Array() : toBytes(body),
    ending: { _tag: "Whole" },
    delay: Duration.zero,
    label: `status ${code}`
  }
}

const encode = Schema.encodeSync(RoomSessionSummary)

/**
 * A 200 with a session, as the service writes it: `fps` as a number, whole seconds without a fraction.
 *
 * @since 1.0.0
 * @category responses
 */
export const ok = (session: RoomSessionSummary, options: Omit<ReplyOptions, "body"> = {}): Response => ({
  ...status(200, { ...options, body: encode(session) }),
  label: `session ${session.id}`
})

const broken = (label: string, code: string): Response => ({ _tag: "Break", code, delay: Duration.zero, label })

/**
 * Nobody listens.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const refused: Response = broken("refused", "ECONNREFUSED")

/**
 * The connection is reset before a response.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const reset: Response = broken("reset", "ECONNRESET")

/**
 * The host name does not resolve.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const dns: Response = broken("dns", "ENOTFOUND")

/**
 * The name server cannot tell now, and asks to try again.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const dnsTemporary: Response = broken("dnsTemporary", "EAI_AGAIN")

/**
 * The certificate has expired.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const tls: Response = broken("tls", "CERT_HAS_EXPIRED")

/**
 * What responds does not speak HTTP.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const malformed: Response = broken("malformed", "HPE_INVALID_CONSTANT")

/**
 * The connection is made, and no response comes.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const noResponse: Response = { ...broken("noResponse", "ETIMEDOUT"), delay: Duration.infinity }

const halfOf = (name: string, response: Response, ending: Reply["ending"]): Response => {
  if (response._tag === "Break" || response.body.byteLength === 0) {
    throw new Misuse(`ScriptedTransport.${name}: ${response.label} has no body`)
  }
  const body = response.body.slice(0, Math.ceil(response.body.byteLength / 2))
  return { ...response, body, ending, label: `${name} ${response.label}` }
}

/**
 * Half of the response's body arrives, then the connection ends.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const truncated = (response: Response): Response =>
  halfOf("truncated", response, { _tag: "Broken", code: "ERR_STREAM_PREMATURE_CLOSE" })

/**
 * Half of the response's body arrives, then nothing more.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const stalled = (response: Response): Response => halfOf("stalled", response, { _tag: "Stalled" })

/**
 * The response, or the failure, after a while.
 *
 * @since 1.0.0
 * @category responses
 * @example
 * import { RoomSessionFixture, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const slow = ScriptedTransport.delayed("8 seconds", ScriptedTransport.ok(RoomSessionFixture.inProgress()))
 */
export const delayed = (delay: Duration.DurationInput, response: Response): Response => ({
  ...response,
  delay: Duration.sum(response.delay, delay)
})

/**
 * An `HttpClient` that follows a script. A request beyond the script fails as `TransportError` with the code
 * `SCRIPT_RAN_OUT`; the scope then ends with a defect that names the request, and with one that names what is left when
 * nobody asked for it. `RoomSessionsTest.layerTransport` puts the rest on top.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer = (script: Script): Layer.Layer<HttpClient.HttpClient> =>
  Layer.scoped(
    HttpClient.HttpClient,
    Effect.map(scriptedClient.make("ScriptedTransport.layer", script), ({ client }) => client)
  )
