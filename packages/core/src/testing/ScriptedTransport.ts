/**
 * A transport with scripted responses. The pipeline above it is the real one: retries, backoff, timeouts, limits, decoding and
 * errors. Delays use the `Clock`, so they take no time with `TestClock`.
 *
 * @since 1.0.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RoomRecording } from "../RoomRecording.ts"
import type { RoomSessionSummary } from "../RoomSession.ts"
import type { RoomSessionEvent } from "../RoomSessionEvent.ts"
import type { RoomSessionMember } from "../RoomSessionMember.ts"
import { reasonPhraseOf } from "../internal/reasonPhrases.ts"
import * as script from "./Script.ts"
import { invalidPageToken } from "./internal/invalidPageToken.ts"
import * as scriptedHttpClient from "./internal/scriptedHttpClient.ts"
import type { ConnectionError, HttpResponse } from "./internal/scriptedResponse.ts"
import { TestSetupError } from "./internal/testSetupError.ts"

/**
 * The response to one request, or its connection error.
 *
 * @since 1.0.0
 * @category models
 */
export type Response = HttpResponse | ConnectionError

/**
 * Responses in order to all requests, or lists of responses by operation and parameters. Each attempt of a call is a request, so
 * two 500s and a success are three responses to one call.
 *
 * @see `Script.when` for responses by operation and parameters
 * @since 1.0.0
 * @category models
 */
export type Script = script.Script<Response>

/**
 * The parts of a response other than its status.
 *
 * @since 1.0.0
 * @category models
 */
export interface ResponseOptions {
  /** Names in any case. An array is a header that is sent once for each value. Default: an `x-request-id`. */
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>> | undefined
  /** A string or bytes are sent unchanged, any other value as JSON. */
  readonly body?: unknown
  /** The header `retry-after`, rounded up to whole seconds. */
  readonly retryAfter?: Duration.DurationInput | undefined
}

const toBytes = (body: unknown): Uint8Array => {
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
}

const contractBody = (status: number): unknown => {
  if (status === 422) return { errors: [invalidPageToken] }
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
 * The `x-request-id` of the response to request number `n` of a script, counted over all operations and attempts. A request id in
 * the `headers` of a response replaces it.
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
export const requestId = (n: number = 1): string => scriptedHttpClient.requestId(n)

/**
 * A response with a status from 200 to 599. Any other status ends the test with a defect, and so does an invalid header.
 *
 * @param options headers, body and `retryAfter`. The default body is that of the contract for 400, 401, 404, 422 and 500, and empty for
 * any other status
 * @since 1.0.0
 * @category responses
 * @example
 * import { ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const overloaded = ScriptedTransport.status(429, { retryAfter: "2 seconds" })
 * const gateway = ScriptedTransport.status(502, { headers: { "content-type": "text/html" }, body: "<h1>Bad Gateway</h1>" })
 */
export const status = (code: number, options: ResponseOptions = {}): Response => {
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    throw new TestSetupError(`ScriptedTransport.status: expected a status from 200 to 599, got ${code}`)
  }
  const invalid = Object.entries(options.headers ?? {}).find(header => !isHeader(header))
  if (invalid !== undefined) {
    throw new TestSetupError(`ScriptedTransport.status: ${JSON.stringify(invalid)} is not a valid header`)
  }
  const body = options.body ?? contractBody(code)
  return {
    _tag: "HttpResponse",
    status: code,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(options.retryAfter === undefined
        ? {}
        : { "retry-after": String(Math.ceil(Duration.toSeconds(options.retryAfter))) }),
      ...Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
    },
    body: body === undefined ? new Uint8Array() : toBytes(body),
    end: { _tag: "Complete" },
    delay: Duration.zero,
    label: `status ${code}`
  }
}

/**
 * A 200 with a session or a recording, in the form that the service sends: `fps` as a number, whole seconds without a fraction.
 *
 * @param options the options of `status` without the body
 * @since 1.0.0
 * @category responses
 * @example
 * import { RoomSessionFixture, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const response = ScriptedTransport.ok(RoomSessionFixture.completed())
 */
export const ok = (
  item: RoomSessionSummary | RoomRecording,
  options: Omit<ResponseOptions, "body"> = {}
): Response => ({
  ...status(200, { ...options, body: item }),
  label: `${item instanceof RoomRecording ? "recording" : "session"} ${item.id}`
})

/**
 * The options of `page`: those of `status` without the body, and the position of the page.
 *
 * @since 1.0.0
 * @category models
 */
export interface PageOptions extends Omit<ResponseOptions, "body">, script.PagePosition {}

/**
 * A 200 with a page of a list, in the form that the service sends.
 *
 * @param items the sessions, members, events or recordings of the page. A session without the three fields that only lists have is
 * decoded with null in their place
 * @param options `next` is the `page_token` of the next page; without it, the page is the last one
 * @since 1.0.0
 * @category responses
 * @example
 * import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const layer = RoomSessionsTest.layerTransport([
 *   ScriptedTransport.page([RoomSessionFixture.listed(RoomSessionFixture.completed())], { next: "b" }),
 *   ScriptedTransport.status(500),
 *   ScriptedTransport.page([RoomSessionFixture.listed(RoomSessionFixture.completed({ id: RoomSessionFixture.id(2) }))])
 * ])
 */
export const page = (
  items: ReadonlyArray<RoomSessionSummary | RoomSessionMember | RoomSessionEvent | RoomRecording>,
  { next, ...options }: PageOptions = {}
): Response => ({
  ...status(200, { ...options, body: script.page(items, { next }) }),
  label: `page of ${items.length}`
})

const connectionError = (label: string, code: string): Response => ({
  _tag: "ConnectionError",
  code,
  delay: Duration.zero,
  label
})

/**
 * No server listens on the port. `TransportError` with the reason `Refused`; retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const refused: Response = connectionError("refused", "ECONNREFUSED")

/**
 * The connection is reset before a response. `TransportError` with the reason `Reset`; retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const reset: Response = connectionError("reset", "ECONNRESET")

/**
 * The host name does not exist. `TransportError` with the reason `Dns`; not retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const dns: Response = connectionError("dns", "ENOTFOUND")

/**
 * The name server is temporarily not available. `TransportError` with the reason `Dns`; retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const dnsTemporary: Response = connectionError("dnsTemporary", "EAI_AGAIN")

/**
 * The certificate has expired. `TransportError` with the reason `Tls`; not retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const tls: Response = connectionError("tls", "CERT_HAS_EXPIRED")

/**
 * The response is not HTTP. `TransportError` with the reason `Malformed`; not retried.
 *
 * @since 1.0.0
 * @category connection errors
 */
export const malformed: Response = connectionError("malformed", "HPE_INVALID_CONSTANT")

/**
 * The connection is made, and no response arrives. `RequestTimeout` after the `attemptTimeout` of the policy; retried.
 *
 * @since 1.0.0
 * @category connection errors
 * @example
 * import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const successAfterTimeout = RoomSessionsTest.layerTransport([
 *   ScriptedTransport.noResponse,
 *   ScriptedTransport.ok(RoomSessionFixture.completed())
 * ])
 */
export const noResponse: Response = { ...connectionError("noResponse", "ETIMEDOUT"), delay: Duration.infinity }

const firstHalf = (name: string, response: Response, end: HttpResponse["end"]): Response => {
  if (response._tag === "ConnectionError" || response.body.byteLength === 0) {
    throw new TestSetupError(`ScriptedTransport.${name}: ${response.label} has no body`)
  }
  const body = response.body.slice(0, Math.ceil(response.body.byteLength / 2))
  return { ...response, body, end, label: `${name} ${response.label}` }
}

/**
 * The first half of the response's body arrives, then the connection is closed. `TransportError` with the reason `Truncated`;
 * retried.
 *
 * @param response a response with a body; one without a body ends the test with a defect
 * @since 1.0.0
 * @category connection errors
 * @example
 * import { RoomSessionFixture, ScriptedTransport } from "@effect-signalwire/core/testing"
 *
 * const half = ScriptedTransport.truncated(ScriptedTransport.ok(RoomSessionFixture.completed()))
 */
export const truncated = (response: Response): Response =>
  firstHalf("truncated", response, { _tag: "ConnectionError", code: "ERR_STREAM_PREMATURE_CLOSE" })

/**
 * The first half of the response's body arrives, and the connection remains open. `RequestTimeout`; retried.
 *
 * @param response a response with a body; one without a body ends the test with a defect
 * @since 1.0.0
 * @category connection errors
 */
export const stalled = (response: Response): Response => firstHalf("stalled", response, { _tag: "Stalled" })

/**
 * The response, or the connection error, after a delay.
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
 * Provides an `HttpClient` over a script, for an application's own `SignalWireClient.layer`. `RoomSessionsTest.layerTransport`
 * includes the client.
 *
 * A request without a response in the script is a `TransportError` with the code `SCRIPT_EXHAUSTED`, and the scope ends with a
 * defect that names the request. Unused responses at the end of the scope are a defect that lists them.
 *
 * @since 1.0.0
 * @category layers
 * @example
 * import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
 * import { ScriptedTransport } from "@effect-signalwire/core/testing"
 * import { Layer } from "effect"
 *
 * const layer = RoomSessions.layer.pipe(
 *   Layer.provide(SignalWireClient.layerConfig()),
 *   Layer.provide(ScriptedTransport.layer([ScriptedTransport.status(404)]))
 * )
 */
export const layer = (script: Script): Layer.Layer<HttpClient.HttpClient> =>
  Layer.scoped(
    HttpClient.HttpClient,
    Effect.map(scriptedHttpClient.make("ScriptedTransport.layer", script), ({ client }) => client)
  )
