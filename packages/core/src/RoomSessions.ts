/**
 * The service that reads room sessions.
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
 * The operations on room sessions.
 *
 * @since 1.0.0
 * @category models
 */
export interface Service {
  /**
   * Finds a room session by its id.
   *
   * The call settles within the deadline of the policy, 30 s by default, with a session or with a `GetError`. Retryable
   * errors have been retried. Interruption of the call closes its connection.
   *
   * @param id a UUID; anything else is `InvalidRequest`, and nothing is sent
   * @see https://signalwire.com/docs/apis/rest/video/room-sessions/get-room-session
   */
  readonly get: (id: RoomSessionId | (string & {})) => Effect.Effect<RoomSessionSummary, GetError>
}

/**
 * The service of room sessions.
 *
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
 * Makes the service over the client of the context.
 *
 * @since 1.0.0
 * @category constructors
 */
export const make: Effect.Effect<Service, never, SignalWireClient> = Effect.map(SignalWireClient, client => {
  const get = client.prepare(endpoints.get)
  return { get: id => get({ id }) }
})

/**
 * Provides the room sessions of the client's space and project. The layer is built anew at each use, so two spaces in one
 * graph of layers never share a client. A constant that is derived from it, such as `Layer.orDie(RoomSessions.layer)`, is
 * shared by reference like any layer of Effect: use it with one client only, or make it a function.
 *
 * @since 1.0.0
 * @category layers
 */
export const layer: Layer.Layer<RoomSessions, never, SignalWireClient> = Layer.fresh(Layer.effect(RoomSessions, make))
