/** Clients whose calls are effects. All of them decode the session with its schema. */
import { RoomSession } from "@effect-signalwire/core"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, Pool } from "undici"
import type { Call } from "../effectDriver.ts"
import { apiToken, basic, path, projectId } from "../session.ts"
import { connectOptions, type Target } from "../target.ts"
import { SessionHandler } from "./sessionHandler.ts"

/** An `HttpClient` over undici with 32 connections, like our client. */
export const undici = NodeHttpClient.layerUndiciWithoutDispatcher.pipe(
  Layer.provide(Layer.sync(NodeHttpClient.Dispatcher, () => new Agent({ connections: 32 })))
)

/** A client as in the documentation of Effect, with the number of retries and the timeout of our client. */
export const httpClient = ({ origin }: Target): Effect.Effect<Call> =>
  Effect.map(HttpClient.HttpClient, client => {
    const sessions = client.pipe(
      HttpClient.mapRequest(request =>
        request.pipe(
          HttpClientRequest.prependUrl(origin),
          HttpClientRequest.acceptJson,
          HttpClientRequest.basicAuth(projectId, apiToken)
        )
      ),
      HttpClient.filterStatusOk,
      HttpClient.retryTransient({ times: 2 })
    )
    return sessions.get(path).pipe(
      Effect.flatMap(HttpClientResponse.schemaBodyJson(RoomSession.RoomSessionSummary)),
      Effect.timeout("10 seconds")
    )
  }).pipe(Effect.provide(undici))

/** The lower limit for an effect over undici: `SessionHandler` inside `Effect.async`. */
export const dispatch = (target: Target): Effect.Effect<Call> =>
  Effect.sync(() => {
    const pool = new Pool(target.origin, { connections: 32, ...connectOptions(target) })
    const headers = { accept: "application/json", authorization: basic }
    return Effect.async<unknown, Error>(resume => {
      const handler = new SessionHandler(
        session => resume(Effect.succeed(session)),
        error => resume(Effect.fail(error))
      )
      pool.dispatch({ path, method: "GET", headers }, handler)
    })
  })
