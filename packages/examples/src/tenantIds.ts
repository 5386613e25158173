import { RoomSessions } from "@effect-signalwire/core"
import { HttpServerResponse } from "@effect/platform"
import { Effect, Stream } from "effect"
import { Spaces } from "./tenants.ts"

/** A response with the ids of all sessions of a tenant, a line each. The client of the tenant is in use until the last line. */
export const idsResponse = (tenant: string) =>
  Effect.gen(function*() {
    const services = (yield* Spaces).get(tenant)
    // a tenant that does not exist is an error before the status is sent
    yield* Effect.provide(Effect.void, services)
    const ids = Stream.unwrap(
      Effect.map(RoomSessions.RoomSessions, sessions => sessions.list({ page_size: 1000 }))
    ).pipe(
      Stream.map(({ id }) => `${id}\n`),
      Stream.encodeText,
      // not `Effect.provide` around this effect, which ends before the stream is run
      Stream.provideLayer(services)
    )
    return HttpServerResponse.stream(ids, { contentType: "text/plain" })
  })
