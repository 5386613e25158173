/** The handlers of the endpoints of `VideoApi`, and its authentication. */
import { SignalWireError } from "@effect-signalwire/core"
import { BasicAuth, VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { State } from "./state.ts"

const basicAuth = ({ isAuthorized }: State) =>
  Layer.succeed(
    BasicAuth,
    BasicAuth.of({
      SignalWireBasicAuth: () =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, request =>
          isAuthorized(request.headers.authorization) ? Effect.void : Effect.fail(new SignalWireError.Unauthorized()))
    })
  )

const roomSessions = ({ sessions }: State) =>
  HttpApiBuilder.group(VideoApi, "roomSessions", handlers =>
    handlers.handle("get", ({ path }) => {
      const session = sessions.get(path.id.toLowerCase())
      return session === undefined ? Effect.fail(new SignalWireError.NotFound()) : Effect.succeed(session)
    }))

export const layer = (state: State) => Layer.provide(roomSessions(state), basicAuth(state))
