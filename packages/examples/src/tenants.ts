import { RoomSessions } from "@effect-signalwire/core"
import { type NodeSignalWire, SpaceMap } from "@effect-signalwire/node-runtime"
import { Context, Data, Effect, Layer } from "effect"

export class TenantNotFound extends Data.TaggedError("TenantNotFound")<{ readonly tenant: string }> {}

/** The database of the application. */
export class Tenants extends Context.Tag("Tenants")<Tenants, {
  readonly find: (tenant: string) => Effect.Effect<NodeSignalWire.Options, TenantNotFound>
}>() {}

/** A client for each tenant, made at its first use, and closed when it was not used for ten minutes. */
export class Spaces extends Context.Tag("Spaces")<Spaces, SpaceMap.SpaceMap<string, TenantNotFound>>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.flatMap(Tenants, ({ find }) => SpaceMap.make({ lookup: find, idleTimeToLive: "10 minutes" }))
  )

  /** The services of a tenant, for `Effect.provide`. */
  static readonly get = (tenant: string) => Layer.unwrapEffect(Effect.map(this, spaces => spaces.get(tenant)))

  /** After the token of a tenant was rotated. In an effect with the services of `get`, it removes their client only. */
  static readonly invalidate = (tenant: string) => Effect.flatMap(this, spaces => spaces.invalidate(tenant))
}

export const statusOf = (tenant: string, sessionId: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const session = yield* sessions.get(sessionId)
    return session.status
  }).pipe(
    // below `provide`, so that many calls that fail together look up the new token once
    Effect.tapErrorTag("SignalWireUnauthorized", () => Spaces.invalidate(tenant)),
    Effect.provide(Spaces.get(tenant)),
    Effect.retry({ times: 1, while: error => error._tag === "SignalWireUnauthorized" })
  )
