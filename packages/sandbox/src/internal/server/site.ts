/** What is served beside the API, when the option `control` is given: the control endpoint and the console. */
import type * as HttpApp from "@effect/platform/HttpApp"
import type * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { path as root } from "../control/api.ts"
import { rejection } from "../control/guard.ts"
import * as control from "../control/handlers.ts"
import * as token from "../control/token.ts"
import * as console from "./console.ts"
import * as routes from "./routes.ts"
import type { State } from "./state.ts"

type App = HttpApp.Default<never, HttpRouter.HttpRouter.DefaultServices>

const rejected = (status: number, error: string) =>
  HttpServerResponse.text(JSON.stringify({ error }), { status, contentType: "application/json" })

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

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
        const reason = rejection(request, options.hosts)
        if (reason !== undefined) return Effect.succeed(rejected(403, reason))
        if (isOfControl && options.isPrivate && !isToken(token.ofHeader(request.headers["authorization"]) ?? "")) {
          return Effect.succeed(rejected(401, token.expected))
        }
        return Effect.catchTag(page, "RouteNotFound", () => isOfControl ? endpoint : api)
      })
  })
