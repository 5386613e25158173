/** What a test tells the sandbox to respond to next, and the contract's bodies. */
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http"

/**
 * One scripted response: a status, or its parts.
 *
 * @since 1.0.0
 * @category models
 */
export type Response = number | {
  /** From 200 to 999. Without it, or when it is 200 and there is no `body`, the usual response is given. */
  readonly status?: number | undefined
  /** Added to the headers of the response, or in place of those it has, `x-request-id` included; names in any case. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as it is. By default `{"error":"..."}` with the standard phrase of the status, as the service does. */
  readonly body?: string | Uint8Array | undefined
  /** How long to wait before responding, by the clock with which the layer was built. */
  readonly delay?: Duration.DurationInput | undefined
}

export type Script = Exclude<Response, number>

/** The header that says the request id: that of the script, whichever of the names in use it has, or a fresh one. */
export const requestId = ({ headers = {} }: Script): { readonly name: string; readonly value: string } => {
  const given = Object.entries(headers).find(([name]) => /^(?:x-|x-signalwire-|x-amzn-)?request-?id$/i.test(name))
  return given === undefined ? { name: "x-request-id", value: randomUUID() } : { name: given[0], value: given[1] }
}

/** `{"error":"Not Found"}` and its like. */
export const failed = (status: number): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify({ error: STATUS_CODES[status] ?? "Error" }), {
    status,
    contentType: "application/json"
  })

const hasNoBody = (status: number): boolean => status === 204 || status === 304

const isHeader = ([name, value]: readonly [string, string]): boolean => {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

/** A test's mistake. Node would leave a request without a response that has a status or headers as HTTP has none. */
const refuse = (why: string): Effect.Effect<never> => Effect.dieMessage(`SandboxSpace.respondNext: ${why}`)

export const toScript = (response: Response): Effect.Effect<Script> => {
  const script = typeof response === "number" ? { status: response } : response
  const { headers = {}, status = 200 } = script
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    return refuse(`expected a status from 200 to 999, got ${status}`)
  }
  const wrong = Object.entries(headers).find(header => !isHeader(header))
  return wrong === undefined ? Effect.succeed(script) : refuse(`no header can be ${JSON.stringify(wrong)}`)
}

/** The response that a script makes by itself, or undefined when it leaves that to the usual handling. */
export const scripted = (script: Script): HttpServerResponse.HttpServerResponse | undefined => {
  const { body, status = 200 } = script
  if (body !== undefined) {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
    return HttpServerResponse.uint8Array(bytes, { status, contentType: "application/json" })
  }
  if (status === 200) return undefined
  return hasNoBody(status) ? HttpServerResponse.empty({ status }) : failed(status)
}

/** The platform puts the content type of a body over that of the headers. */
export const withHeaders = (
  response: HttpServerResponse.HttpServerResponse,
  given: Script["headers"] = {}
): HttpServerResponse.HttpServerResponse => {
  const headers = Headers.fromInput(given)
  const contentType = headers["content-type"]
  const { body } = response
  return HttpServerResponse.setHeaders(
    contentType !== undefined && body._tag === "Uint8Array"
      ? HttpServerResponse.setBody(response, HttpBody.uint8Array(body.body, contentType))
      : response,
    headers
  )
}
