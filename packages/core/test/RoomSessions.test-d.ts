import { RoomSession, type RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { Effect, type Schema } from "effect"
import { describe, expectTypeOf, it } from "vitest"

declare const service: RoomSessions.Service

type Pinned =
  | SignalWireError.BadRequest
  | SignalWireError.Unauthorized
  | SignalWireError.NotFound
  | SignalWireError.InternalServerError
  | SignalWireError.RateLimited
  | SignalWireError.ServerUnavailable
  | SignalWireError.UnexpectedStatus
  | SignalWireError.InvalidResponse
  | SignalWireError.TransportError
  | SignalWireError.RequestTimeout
  | SignalWireError.InvalidRequest

describe("RoomSessions.get", () => {
  it("RoomSessions.get fails with these errors and no others", () => {
    expectTypeOf<RoomSessions.GetError>().toEqualTypeOf<Pinned>()
    expectTypeOf<SignalWireError.SignalWireError>().toEqualTypeOf<Pinned>()
    expectTypeOf<Schema.Schema.Type<typeof SignalWireError.SignalWireError>>().toEqualTypeOf<Pinned>()
    expectTypeOf(service.get).returns.toEqualTypeOf<
      Effect.Effect<RoomSession.RoomSessionSummary, RoomSessions.GetError>
    >()
  })

  it("RoomSessions.get takes a string or a RoomSessionId", () => {
    expectTypeOf(service.get).toBeCallableWith("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
    expectTypeOf(service.get).toBeCallableWith(RoomSession.RoomSessionId.make("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"))
    expectTypeOf(service.get).parameter(0).not.toExtend<number>()
  })

  it("RoomSessions.get cannot fail once each tag is handled", () => {
    const handled = Effect.catchTags(service.get(""), {
      SignalWireBadRequest: () => Effect.void,
      SignalWireUnauthorized: () => Effect.void,
      SignalWireNotFound: () => Effect.void,
      SignalWireInternalServerError: () => Effect.void,
      SignalWireRateLimited: ({ retryAfter }) => Effect.succeed(retryAfter),
      SignalWireServerUnavailable: () => Effect.void,
      SignalWireUnexpectedStatus: ({ status }) => Effect.succeed(status),
      SignalWireInvalidResponse: () => Effect.void,
      SignalWireTransportError: () => Effect.void,
      SignalWireRequestTimeout: () => Effect.void,
      SignalWireInvalidRequest: () => Effect.void
    })
    expectTypeOf<Effect.Effect.Error<typeof handled>>().toBeNever()
    expectTypeOf<Effect.Effect.Context<typeof handled>>().toBeNever()
  })
})
