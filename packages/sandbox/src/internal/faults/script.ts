/** The scripted responses of `respondNext`: their model, their validation and their conversion. */
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Schema from "effect/Schema"
import { randomUUID } from "node:crypto"
import { DurationField, type DurationInput, Headers as HeadersField, Status } from "../fields.ts"
import { errorResponse } from "../server/errorResponse.ts"
import type { Route } from "../server/routes.ts"
import { type Transmission, TransmissionField } from "./transmission.ts"

/**
 * One scripted response: a status, or its parts. An omitted part is that of the usual response.
 *
 * @since 1.0.0
 * @category models
 * @example
 * import type { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const responses: ReadonlyArray<SandboxSpace.Response> = [
 *   500,
 *   { status: 429, headers: { "retry-after": "2" } },
 *   { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" },
 *   { delay: "30 seconds" },
 *   { transmission: { type: "reset", after: 100 } }
 * ]
 */
export type Response = number | {
  /** From 200 to 999; default 200. The response is the usual one for 200 without a `body`. */
  readonly status?: number | undefined
  /** Added to the headers of the response. They replace those of the same name, also `x-request-id`. Names in any case. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Sent unchanged. Default: the body that the endpoint declares for the status, otherwise `{"error":"..."}` with the reason phrase
   * of the status.
   */
  readonly body?: string | Uint8Array | undefined
  /** The delay of the response, by the `Clock` with which the layer was built. Default: none. */
  readonly delay?: DurationInput | undefined
  /** How the response is sent. Default: as usual. */
  readonly transmission?: Transmission | undefined
}

const Parts = Schema.Struct({
  status: Schema.optional(Status),
  headers: Schema.optional(HeadersField),
  body: Schema.optional(Schema.Union(
    Schema.String,
    Schema.Uint8ArrayFromSelf.annotations({ jsonSchema: { type: "string" } })
  )),
  delay: Schema.optional(DurationField),
  transmission: Schema.optional(TransmissionField)
})

export const ResponseField = Schema.Union(Parts, Status).annotations({ identifier: "ScriptedResponse" })

/** A validated response. */
export type ScriptedResponse = typeof Parts.Type

export const toScripted = (response: typeof ResponseField.Type): ScriptedResponse =>
  typeof response === "number" ? { status: response } : response

/** The response that a request asks for by `Prefer: code=503`; undefined without one. An invalid code is a 400. */
export const preferred = (header: string | undefined): ScriptedResponse | undefined => {
  const code = /(?:^|[,;\s])code\s*=\s*"?([^",;\s]*)/i.exec(header ?? "")?.[1]
  if (code === undefined) return undefined
  return /^[2-9]\d\d$/.test(code)
    ? { status: Number(code), headers: { "preference-applied": `code=${code}` } }
    : { status: 400, body: JSON.stringify({ error: "Prefer: code expects a status from 200 to 999" }) }
}

/** The request id header of a response: that of the script, by any known name, or a new one. */
export const requestId = (
  { headers = {} }: ScriptedResponse
): { readonly name: string; readonly value: string } => {
  const given = Object.entries(headers).find(([name]) => /^(?:x-|x-signalwire-|x-amzn-)?request-?id$/i.test(name))
  return given === undefined ? { name: "x-request-id", value: randomUUID() } : { name: given[0], value: given[1] }
}

const hasNoBody = (status: number): boolean => status === 204 || status === 304

/** The scripted response; undefined where the usual one is sent. */
export const toResponse = (
  { body, status = 200 }: ScriptedResponse,
  route: Route | undefined
): HttpServerResponse.HttpServerResponse | undefined => {
  if (body !== undefined) {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
    return HttpServerResponse.uint8Array(bytes, { status, contentType: "application/json" })
  }
  if (status === 200) return undefined
  return hasNoBody(status) ? HttpServerResponse.empty({ status }) : errorResponse(status, route)
}

/** Sets the scripted headers. A scripted content type is set on the body, since it takes precedence over the headers there. */
export const withHeaders = (
  response: HttpServerResponse.HttpServerResponse,
  given: ScriptedResponse["headers"] = {}
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
