/** The state of one sandbox, and the HTTP application that responds from it. */
import type { RoomSession } from "@effect-signalwire/core"
import { SignalWireError } from "@effect-signalwire/core"
import { BasicAuth, VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiError from "@effect/platform/HttpApiError"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { challenge } from "./authentication.ts"
import type { Journal } from "./journal.ts"
import * as responses from "./responses.ts"
import * as routes from "./routes.ts"

export interface Space {
  /** By their ids in lower case. */
  readonly sessions: ReadonlyMap<string, RoomSession.RoomSessionSummary>
  readonly isAuthorized: (header: string | undefined) => boolean
  readonly journal: Journal
  /** Scripted responses that are still to be given, first come first. */
  readonly script: Array<responses.Script>
}

/** Two with the same id are a mistake in the test that gives them, not a failure of the space. */
export const byId = (
  sessions: ReadonlyArray<RoomSession.RoomSessionSummary>
): Effect.Effect<Space["sessions"]> => {
  const map = new Map<string, RoomSession.RoomSessionSummary>()
  for (const session of sessions) {
    const id = session.id.toLowerCase()
    if (map.has(id)) return Effect.dieMessage(`SandboxSpace: two of the given sessions have the id ${id}`)
    map.set(id, session)
  }
  return Effect.succeed(map)
}

const roomSessions = ({ sessions }: Space) =>
  HttpApiBuilder.group(VideoApi, "roomSessions", handlers =>
    handlers.handle("get", ({ path }) => {
      const session = sessions.get(path.id.toLowerCase())
      return session === undefined ? Effect.fail(new SignalWireError.NotFound()) : Effect.succeed(session)
    }))

const basicAuth = ({ isAuthorized }: Space) =>
  Layer.succeed(
    BasicAuth,
    BasicAuth.of({
      SignalWireBasicAuth: () =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, request =>
          isAuthorized(request.headers.authorization) ? Effect.void : Effect.fail(new SignalWireError.Unauthorized()))
    })
  )

/** The platform has a failure of its own for a request that does not fit the endpoint; its type is not told here. */
const badRequests = HttpApiBuilder.middleware(
  VideoApi,
  app =>
    Effect.catchAllCause(app, cause =>
      Cause.squash(cause) instanceof HttpApiError.HttpApiDecodeError
        ? Effect.succeed(responses.failed(400))
        : Effect.failCause(cause))
)

/** Every response is JSON, also to what is no route. */
const closing = (cause: Cause.Cause<unknown>) =>
  Cause.isInterruptedOnly(cause) ? Effect.interrupt : Effect.succeed(responses.failed(500))

/** The API, for requests of its endpoints. */
const routed = <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, request => {
    const { path, query } = routes.split(request.url)
    const methods = routes.methodsOf(path)
    if (methods.length === 0) return Effect.succeed(responses.failed(404))
    if (!methods.includes(request.method)) {
      return Effect.succeed(HttpServerResponse.setHeader(responses.failed(405), "allow", methods.join(", ")))
    }
    return Effect.provideService(
      Effect.catchAllCause(app, closing),
      HttpServerRequest.HttpServerRequest,
      request.modify({ url: routes.normalize(path) + query })
    )
  })

const withChallenge = (response: HttpServerResponse.HttpServerResponse) =>
  response.status === 401 ? HttpServerResponse.setHeader(response, "www-authenticate", challenge) : response

/** Around the API: the journal, scripted responses, and what the API itself leaves open. */
const around = (space: Space) => <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, request => {
    const script = space.script.shift() ?? {}
    const requestId = responses.requestId(script)
    const settle = space.journal.open({
      method: request.method,
      path: routes.split(request.url).path,
      authorized: space.isAuthorized(request.headers.authorization),
      requestId: requestId.value
    })
    const own = responses.scripted(script)
    const response = own === undefined ? routed(app) : Effect.succeed(own)
    return (script.delay === undefined ? response : Effect.delay(response, script.delay)).pipe(
      Effect.map(withChallenge),
      Effect.map(HttpServerResponse.setHeader(requestId.name, requestId.value)),
      Effect.map(response => responses.withHeaders(response, script.headers)),
      Effect.tap(response => Effect.sync(() => settle(response.status)))
    )
  })

/**
 * Serves a space on the server of the context. Not with the middleware of `HttpApiBuilder.serve`: that one sees a response only
 * after it was sent.
 */
export const serve = (space: Space) =>
  Layer.unwrapEffect(
    HttpApiBuilder.httpApp.pipe(
      // above 100 characters, an id would be no route
      HttpRouter.withRouterConfig({ maxParamLength: Infinity }),
      Effect.map(app => HttpServer.serve(around(space)(app)))
    )
  ).pipe(
    Layer.provide(HttpApiBuilder.api(VideoApi)),
    Layer.provide([roomSessions(space), badRequests]),
    Layer.provide(basicAuth(space)),
    Layer.provide([HttpApiBuilder.Router.Live, HttpApiBuilder.Middleware.layer]),
    // the router of HttpApiBuilder is one layer for all: sandboxes must not share it
    Layer.fresh
  )
