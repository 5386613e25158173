/** What is served beside the API, when the option `control` is given: the control endpoint and the console. */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import type * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { path as root } from "../control/api.ts"
import { rejection } from "../control/guard.ts"
import * as control from "../control/handlers.ts"
import * as token from "../control/token.ts"
import * as console from "./console.ts"
import { reason } from "./errorResponse.ts"
import * as routes from "./routes.ts"
import type { State } from "./state.ts"

type App = HttpApp.Default<never, HttpRouter.HttpRouter.DefaultServices>

const rejected = (status: number, error: string) =>
  HttpServerResponse.text(JSON.stringify({ error }), { status, contentType: "application/json" })

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

const hasBody = ({ headers }: HttpServerRequest.HttpServerRequest): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

const isJson = ({ headers }: HttpServerRequest.HttpServerRequest): boolean =>
  /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")

/** Bytes of the body of a request to the control endpoint. */
const maxBodySize = 10_000_000

const bodyIsTooLarge = rejected(413, `expected a body of at most ${maxBodySize} bytes`)

/** The platform's error for a body above the limit. */
const isTooLarge = (error: unknown): boolean =>
  error instanceof HttpServerError.RequestError && error.cause instanceof Error &&
  error.cause.message === "maxBytes exceeded"

/** What the platform rejects itself has no body. */
const withBody = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
  if (response.status < 400 || response.body._tag !== "Empty") return response
  switch (response.status) {
    case 400:
      return rejected(400, "expected a body in JSON")
    case 404:
      return rejected(404, `no such path of the control endpoint; see ${root}/openapi.json`)
    default:
      return rejected(response.status, reason(response.status))
  }
}

/** Limits the body of a request. */
const limited = ({ headers }: HttpServerRequest.HttpServerRequest, app: App): App =>
  Number(headers["content-length"] ?? 0) > maxBodySize
    ? Effect.succeed(bodyIsTooLarge)
    : app.pipe(
      Effect.catchAllCause(cause =>
        isTooLarge(Cause.squash(cause))
          ? Effect.succeed(bodyIsTooLarge)
          : Effect.map(HttpServerError.causeResponse(cause), ([response]) => response)
      ),
      Effect.map(withBody),
      HttpIncomingMessage.withMaxBodySize(Option.some(FileSystem.Size(maxBodySize)))
    )

/**
 * Adds the control endpoint and the console to the API. Their requests are neither recorded nor scripted, and have no faults.
 */
export const around = (state: State) =>
  Effect.gen(function*() {
    const { control: options } = state
    if (options === undefined) return (api: App): App => api
    const endpoint = yield* control.make(state, options.token)
    const page = console.router(state)
    const isToken = token.matches(options.token)
    return (api: App): App =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, request => {
        const { path } = routes.split(request.url)
        const isOfControl = isBelow(path, root)
        if (path !== "/" && !isOfControl && !isBelow(path, console.path)) return api
        const reason = rejection(request, options.hosts, path === "/" || path === console.referencePath)
        if (reason !== undefined) return Effect.succeed(rejected(403, reason))
        if (isOfControl && options.isPrivate && !isToken(token.ofHeader(request.headers["authorization"]) ?? "")) {
          return Effect.succeed(rejected(401, token.expected))
        }
        if (isOfControl && hasBody(request) && !isJson(request)) {
          return Effect.succeed(rejected(415, "Content-Type: expected application/json"))
        }
        return Effect.catchTag(page, "RouteNotFound", () => isOfControl ? limited(request, endpoint) : api)
      })
  })
