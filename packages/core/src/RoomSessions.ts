/**
 * Room sessions, as an application asks for them.
 *
 * @since 1.0.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Endpoint from "./Endpoint.ts"
import type { RoomSessionId, RoomSessionSummary } from "./RoomSession.ts"
import { SignalWireClient } from "./SignalWireClient.ts"
import * as endpoints from "./endpoints/roomSessions.ts"

/**
 * Every error of `get`.
 *
 * @since 1.0.0
 * @category models
 */
export type GetError = Endpoint.Error<typeof endpoints.get.spec>

/**
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Finds a room session by its id.
   *
   * The call ends within the policy's deadline, 30 s by default, with a session or with one of `GetError`. What is worth
   * a retry was retried. Interrupting it closes its connection.
   *
   * @param id a UUID; anything else is `InvalidRequest`, and nothing is sent
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/get-room-session
   */
  readonly get: (id: RoomSessionId | (string & {})) => Effect.Effect<RoomSessionSummary, GetError>
}

/**
 * @since 1.0.0
 * @category tags
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const sessions = yield* RoomSessions.RoomSessions
 *   const session = yield* sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 *   return session.status
 * }).pipe(
 *   Effect.catchTag("SignalWireNotFound", () => Effect.succeed(null))
 * )
 */
export class RoomSessions extends Context.Tag("@effect-signalwire/core/RoomSessions")<RoomSessions, Service>() {}

/**
 * @since 1.0.0
 * @category constructors
 */
export const make: Effect.Effect<Service, never, SignalWireClient> = Effect.map(SignalWireClient, client => {
  const get = client.prepare(endpoints.get)
  return { get: id => get({ id }) }
})

/**
 * Room sessions of the space and project of the client below. Built anew wherever it is used, so that two spaces in one
 * graph of layers never share a client. A constant that is made of it, such as `Layer.orDie(RoomSessions.layer)`, is shared by
 * reference as any layer of Effect is: use it under one client only, or make it a function.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer: Layer.Layer<RoomSessions, never, SignalWireClient> = Layer.fresh(Layer.effect(RoomSessions, make))
