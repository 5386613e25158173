/** Effect's own client of `VideoApi`, without retries and timeout. */
import { RoomSession } from "@effect-signalwire/core"
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { Call } from "../effectDriver.ts"
import { apiToken, id, projectId } from "../session.ts"
import type { Target } from "../target.ts"
import { undici } from "./effects.ts"

export const httpApiClient = ({ origin }: Target): Effect.Effect<Call> =>
  Effect.map(
    HttpApiClient.make(VideoApi, {
      baseUrl: origin,
      transformClient: HttpClient.mapRequest(HttpClientRequest.basicAuth(projectId, apiToken))
    }),
    client => client.roomSessions.get({ path: { id: RoomSession.RoomSessionId.make(id) } })
  ).pipe(Effect.provide(undici))
