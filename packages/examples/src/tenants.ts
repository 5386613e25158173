import { RoomSessions } from "@effect-signalwire/core"
import { type NodeSignalWire, SpaceMap } from "@effect-signalwire/node-runtime"
import { Cache, Context, Data, Effect, Layer } from "effect"

export class TenantNotFound extends Data.TaggedError("TenantNotFound")<{ readonly tenant: string }> {}

/** The database of the application. */
export class Tenants extends Context.Tag("Tenants")<Tenants, {
  readonly find: (tenant: string) => Effect.Effect<NodeSignalWire.Options, TenantNotFound>
}>() {}

interface Service extends SpaceMap.SpaceMap<string, TenantNotFound> {
  /** After a 401: `invalidate`, at most once a minute for each tenant. */
  readonly refresh: (tenant: string) => Effect.Effect<void>
}

/** A client for each tenant, made at its first use, and closed when it was not used for ten minutes. */
export class Spaces extends Context.Tag("Spaces")<Spaces, Service>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.gen(function*() {
      const { find } = yield* Tenants
      const spaces = yield* SpaceMap.make({ lookup: find, idleTimeToLive: "10 minutes" })
      // without it, each call with a token that stays wrong would look it up twice, and make two clients
      const refreshed = yield* Cache.make({ capacity: 1000, timeToLive: "1 minute", lookup: spaces.invalidate })
      return { ...spaces, refresh: (tenant: string) => refreshed.get(tenant) }
    })
  )

  /** The services of a tenant, for `Effect.provide`. */
  static readonly get = (tenant: string) => Layer.unwrapEffect(Effect.map(this, spaces => spaces.get(tenant)))

  /** After the token of a tenant was rotated. */
  static readonly invalidate = (tenant: string) => Effect.flatMap(this, spaces => spaces.invalidate(tenant))

  static readonly refresh = (tenant: string) => Effect.flatMap(this, spaces => spaces.refresh(tenant))
}

export const statusOf = (tenant: string, sessionId: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const session = yield* sessions.get(sessionId)
    return session.status
  }).pipe(
    Effect.provide(Spaces.get(tenant)),
    Effect.tapErrorTag("SignalWireUnauthorized", () => Spaces.refresh(tenant)),
    Effect.retry({ times: 1, while: error => error._tag === "SignalWireUnauthorized" })
  )
