import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { Effect } from "effect"
import { Spaces } from "./tenants.ts"

/** The cache of each client. That of a client that was closed or invalidated goes with it. */
const caches = new WeakMap<SignalWireClient.Service, RoomSessions.Service>()

/** The room sessions of the client in the context, with a cache. */
const cachedSessions = Effect.gen(function*() {
  const client = yield* SignalWireClient.SignalWireClient
  const known = caches.get(client)
  if (known !== undefined) return known
  const sessions = yield* Effect.provide(RoomSessions.RoomSessions, RoomSessions.layerCached())
  // another call may have made one meanwhile
  const first = caches.get(client) ?? sessions
  caches.set(client, first)
  return first
})

export const cachedStatusOf = (tenant: string, sessionId: string) =>
  Effect.flatMap(cachedSessions, sessions => sessions.get(sessionId)).pipe(
    Effect.map(({ status }) => status),
    Effect.provide(Spaces.get(tenant))
  )
