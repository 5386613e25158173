import {
  type Page,
  type RoomRecording,
  type RoomRecordings,
  RoomSession,
  type RoomSessionEvent,
  type RoomSessionMember,
  RoomSessions,
  SignalWireClient,
  type SignalWireError
} from "@effect-signalwire/core"
import { type Cause, type ConfigError, Effect, type Either, type Layer, Schedule, type Schema, Stream } from "effect"
import { describe, expectTypeOf, it } from "vitest"

declare const service: RoomSessions.Service
declare const recordings: RoomRecordings.Service

/** The errors of every operation. */
type Common =
  | SignalWireError.BadRequest
  | SignalWireError.Unauthorized
  | SignalWireError.InternalServerError
  | SignalWireError.RateLimited
  | SignalWireError.ServerUnavailable
  | SignalWireError.UnexpectedStatus
  | SignalWireError.InvalidResponse
  | SignalWireError.TransportError
  | SignalWireError.RequestTimeout
  | SignalWireError.InvalidRequest

type Pinned = Common | SignalWireError.NotFound

type PinnedList = Common | SignalWireError.UnprocessableContent

describe("RoomSessions.get", () => {
  it("RoomSessions.get fails with these errors and no others", () => {
    expectTypeOf<RoomSessions.GetError>().toEqualTypeOf<Pinned>()
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

describe("RoomSessions.getMany", () => {
  const ids: ReadonlyArray<string> = []

  it("RoomSessions.getMany fails with Unauthorized, InvalidRequest and the errors of its ids", () => {
    type Errors = SignalWireError.Unauthorized | SignalWireError.InvalidRequest
    type Results = RoomSessions.GetManyResult
    expectTypeOf(service.getMany(ids)).toEqualTypeOf<Stream.Stream<Results, Errors>>()
    expectTypeOf(service.getMany(new Set<string>(), { unordered: true })).toEqualTypeOf<
      Stream.Stream<Results, Errors>
    >()
    const given: Stream.Stream<RoomSession.RoomSessionId, "no further ids", "Database"> = Stream.never
    expectTypeOf(service.getMany(given)).toEqualTypeOf<
      Stream.Stream<RoomSessions.GetManyResult<RoomSession.RoomSessionId>, Errors | "no further ids", "Database">
    >()
  })

  it("a result of RoomSessions.getMany is a session or any error of get but Unauthorized", () => {
    expectTypeOf<RoomSessions.GetManyResult["result"]>().toEqualTypeOf<
      Either.Either<RoomSession.RoomSessionSummary, Exclude<Pinned, SignalWireError.Unauthorized>>
    >()
  })
})

describe("RoomSessions.watch, awaitCompleted and watchAll", () => {
  const schedule: Schedule.Schedule<number> = Schedule.forever
  type Completed<E = never> = Effect.Effect<RoomSession.RoomSessionSummary, Pinned | E>

  it("RoomSessions.watch fails with the errors of get", () => {
    expectTypeOf(service.watch).returns.toEqualTypeOf<Stream.Stream<RoomSession.RoomSessionSummary, Pinned>>()
    expectTypeOf(service.watch).toBeCallableWith("", { patience: "1 minute", schedule })
  })

  it("RoomSessions.awaitCompleted fails with TimeoutException only with an option that ends it", () => {
    expectTypeOf(service.awaitCompleted("")).toEqualTypeOf<Completed>()
    expectTypeOf(service.awaitCompleted("", { patience: 0 })).toEqualTypeOf<Completed>()
    expectTypeOf(service.awaitCompleted("", { timeout: "1 hour" })).toEqualTypeOf<Completed<Cause.TimeoutException>>()
    expectTypeOf(service.awaitCompleted("", { schedule })).toEqualTypeOf<Completed<Cause.TimeoutException>>()
    const options: RoomSessions.AwaitOptions = {}
    expectTypeOf(service.awaitCompleted("", options)).toEqualTypeOf<Completed<Cause.TimeoutException>>()
  })

  it("RoomSessions.watchAll fails with the errors of list, and emits three kinds of changes", () => {
    expectTypeOf(service.watchAll).returns.toEqualTypeOf<Stream.Stream<RoomSessions.SessionChange, PinnedList>>()
    expectTypeOf<RoomSessions.SessionChange["_tag"]>().toEqualTypeOf<"Started" | "Changed" | "Ended">()
    expectTypeOf<RoomSessions.SessionChange["session"]>().toEqualTypeOf<RoomSession.RoomSession>()
    expectTypeOf<keyof RoomSessions.WatchAllFilter>().toEqualTypeOf<"room_id" | "room_name" | "room_name_matches">()
  })
})

describe("the lists of RoomSessions", () => {
  it("a list of room sessions fails with these errors and no others", () => {
    expectTypeOf<RoomSessions.ListError>().toEqualTypeOf<PinnedList>()
    expectTypeOf(service.list).returns.toEqualTypeOf<Stream.Stream<RoomSession.RoomSession, PinnedList>>()
    expectTypeOf(service.listPage).returns.toEqualTypeOf<
      Effect.Effect<Page.Page<RoomSession.RoomSession>, PinnedList>
    >()
    expectTypeOf(service.members).returns.toEqualTypeOf<
      Stream.Stream<RoomSessionMember.RoomSessionMember, PinnedList>
    >()
    expectTypeOf(service.events).returns.toEqualTypeOf<Stream.Stream<RoomSessionEvent.RoomSessionEvent, PinnedList>>()
    expectTypeOf(service.recordings).returns.toEqualTypeOf<Stream.Stream<RoomRecording.RoomRecording, PinnedList>>()
  })

  it("a list takes the documented values of a status, and no others", () => {
    expectTypeOf(service.list).toBeCallableWith({ status: "in-progress", page_size: 1000 })
    expectTypeOf<RoomSessions.ListOptions["status"]>().toEqualTypeOf<"in-progress" | "completed" | undefined>()
  })
})

describe("RoomRecordings", () => {
  it("the operations of RoomRecordings fail with these errors and no others", () => {
    expectTypeOf<RoomRecordings.GetError>().toEqualTypeOf<Pinned | SignalWireError.UnprocessableContent>()
    expectTypeOf<RoomRecordings.ListError>().toEqualTypeOf<PinnedList>()
    expectTypeOf(recordings.get).returns.toEqualTypeOf<
      Effect.Effect<RoomRecording.RoomRecording, RoomRecordings.GetError>
    >()
    expectTypeOf(recordings.list).returns.toEqualTypeOf<Stream.Stream<RoomRecording.RoomRecording, PinnedList>>()
    expectTypeOf(recordings.listPage).returns.toEqualTypeOf<
      Effect.Effect<Page.Page<RoomRecording.RoomRecording>, PinnedList>
    >()
    expectTypeOf(recordings.events).returns.toEqualTypeOf<
      Stream.Stream<RoomSessionEvent.RoomSessionEvent, PinnedList>
    >()
  })
})

describe("SignalWireError", () => {
  it("SignalWireError is the union of the errors of all operations", () => {
    type All = Pinned | PinnedList
    expectTypeOf<SignalWireError.SignalWireError>().toEqualTypeOf<All>()
    expectTypeOf<Schema.Schema.Type<typeof SignalWireError.SignalWireError>>().toEqualTypeOf<All>()
  })
})

describe("SignalWireClient.withResponseInfo", () => {
  it("the result has the errors of the effect, and the effect itself has none", () => {
    const withInfo = SignalWireClient.withResponseInfo(service.get(""))
    expectTypeOf(withInfo).toEqualTypeOf<
      Effect.Effect<
        {
          readonly result: Either.Either<RoomSession.RoomSessionSummary, RoomSessions.GetError>
          readonly info: SignalWireClient.ResponseInfo | undefined
        }
      >
    >()
    expectTypeOf(Effect.flatMap(withInfo, ({ result }) => result)).toEqualTypeOf<
      Effect.Effect<RoomSession.RoomSessionSummary, RoomSessions.GetError>
    >()
  })
})

describe("RoomSessions.layerCached", () => {
  it("provides RoomSessions over the client, and can fail with ConfigError", () => {
    expectTypeOf(RoomSessions.layerCached()).toEqualTypeOf<
      Layer.Layer<RoomSessions.RoomSessions, ConfigError.ConfigError, SignalWireClient.SignalWireClient>
    >()
    // @ts-expect-error there is no such option
    RoomSessions.layerCached({ ttl: "5 seconds" })
  })
})
