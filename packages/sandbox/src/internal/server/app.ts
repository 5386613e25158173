/** The HTTP application of a sandbox: `VideoApi` with its handlers, wrapped by the script and the journal. */
import { SignalWireError } from "@effect-signalwire/core"
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiError from "@effect/platform/HttpApiError"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as script from "../faults/script.ts"
import { transmit } from "../faults/transmission.ts"
import { challenge } from "./authentication.ts"
import { errorResponse } from "./errorResponse.ts"
import * as handlers from "./handlers.ts"
import * as recordingFile from "./recordingFile.ts"
import * as routes from "./routes.ts"
import * as site from "./site.ts"
import type { State } from "./state.ts"
import * as unprocessable from "./unprocessable.ts"

/** An invalid parameter of the query is a 422 that names it; an invalid id in the path is a 400. */
const toInvalid = ({ issues }: HttpApiError.HttpApiDecodeError) => {
  const name = String(issues[0]?.path[0] ?? "id")
  return name === "id" ? new SignalWireError.BadRequest() : unprocessable.invalid(name)
}

/**
 * Maps the platform's error for a request that cannot be decoded to those of the contract. It is a defect, since the type of a
 * middleware only has the errors of the whole API; HttpApiBuilder encodes defects too.
 */
const invalidRequests = HttpApiBuilder.middleware(
  VideoApi,
  app =>
    Effect.catchAllCause(app, cause => {
      const error = Cause.squash(cause)
      return error instanceof HttpApiError.HttpApiDecodeError ? Effect.die(toInvalid(error)) : Effect.failCause(cause)
    })
)

/** The response to a defect of a handler: a 500 with JSON. */
const toServerError = (route: routes.Route) => (cause: Cause.Cause<unknown>) =>
  Cause.isInterruptedOnly(cause) ? Effect.interrupt : Effect.succeed(errorResponse(500, route))

/** The API receives only requests for its endpoints, since its own 404 and 405 are not JSON. */
const routed = <R>(
  { space }: State,
  app: HttpApp.Default<never, R>,
  request: HttpServerRequest.HttpServerRequest,
  found: ReadonlyArray<routes.Route>,
  route: routes.Route | undefined
): HttpApp.Default<never, R> => {
  if (found.length === 0) {
    const { path, query } = routes.split(request.url)
    return Effect.sync(() => recordingFile.respond(space, request, path, query) ?? errorResponse(404, undefined))
  }
  if (route === undefined) {
    const allowed = found.flatMap(({ methods }) => methods).join(", ")
    return Effect.succeed(HttpServerResponse.setHeader(errorResponse(405, undefined), "allow", allowed))
  }
  const { path, query } = routes.split(request.url)
  return Effect.provideService(
    Effect.catchAllCause(app, toServerError(route)),
    HttpServerRequest.HttpServerRequest,
    request.modify({ url: routes.normalize(path) + query })
  )
}

const withChallenge = (response: HttpServerResponse.HttpServerResponse) =>
  response.status === 401 ? HttpServerResponse.setHeader(response, "www-authenticate", challenge) : response

/** The response to the next request: from the script, as the request prefers, or by the faults. */
const plan = (
  state: State,
  { headers }: HttpServerRequest.HttpServerRequest,
  route: routes.Route | undefined
): script.ScriptedResponse =>
  state.script.shift() ??
    (state.prefer ? script.preferred(headers["prefer"]) : undefined) ??
    state.faults.next(route?.name, state.now())

/** Responds by the plan or from the API, and records every request. */
const scripted = (state: State) => <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, request => {
    const { path, query } = routes.split(request.url)
    const found = routes.at(path)
    const route = found.find(({ methods }) => methods.includes(request.method))
    const next = plan(state, request, route)
    const requestId = script.requestId(next)
    const recorder = state.journal.open({
      method: request.method,
      path: routes.redactTokens(path),
      query: routes.redactTokens(routes.redactQuery(query, route)),
      operation: route?.name,
      authorized: state.isAuthorized(request.headers.authorization),
      requestId: requestId.value,
      transmission: next.transmission?.type
    })
    const own = script.toResponse(next, route)
    const response = own === undefined ? routed(state, app, request, found, route) : Effect.succeed(own)
    const send = (response: HttpServerResponse.HttpServerResponse) =>
      next.transmission === undefined
        ? Effect.as(Effect.sync(() => recorder.onHeaders(response.status)), response)
        : transmit(request, response, next.transmission, state.reset, recorder)
    return (next.delay === undefined ? response : Effect.delay(response, next.delay)).pipe(
      Effect.map(withChallenge),
      Effect.map(HttpServerResponse.setHeader(requestId.name, requestId.value)),
      Effect.map(response => script.withHeaders(response, next.headers)),
      Effect.flatMap(send),
      // the platform runs applications without interruption, so that they would outlive their connections
      Effect.interruptible,
      Effect.ensuring(Effect.sync(recorder.onEnd))
    )
  })

/**
 * Serves a sandbox on the server of the context. The middleware of `HttpApiBuilder.serve` receives a response only after it was
 * sent, so the application is wrapped here.
 */
export const serve = (state: State) =>
  Layer.unwrapScoped(
    Effect.gen(function*() {
      const api = yield* HttpApiBuilder.httpApp.pipe(
        // the default of 100 characters would make a longer id a 404
        HttpRouter.withRouterConfig({ maxParamLength: Infinity })
      )
      const withSite = yield* site.around(state)
      return HttpServer.serve(withSite(scripted(state)(api)))
    })
  ).pipe(
    Layer.provide(HttpApiBuilder.api(VideoApi)),
    Layer.provide([handlers.layer(state), invalidRequests]),
    Layer.provide([HttpApiBuilder.Router.Live, HttpApiBuilder.Middleware.layer]),
    // the spans of a server would be in the traces of an application that is tested
    HttpMiddleware.withTracerDisabledWhen(() => true),
    // HttpApiBuilder's router is one memoized layer, which sandboxes must not share
    Layer.fresh
  )
