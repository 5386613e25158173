import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import { HttpApiBuilder, HttpServer, HttpServerRequest, HttpServerResponse } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import { Api, Rooms } from "../src/HttpApiErrors.ts"

/** What `HttpApiBuilder.httpApp` needs, over `RoomSessions`. */
const application = Layer.mergeAll(
  HttpApiBuilder.api(Api).pipe(Layer.provide(Rooms)),
  HttpApiBuilder.Router.Live,
  HttpApiBuilder.Middleware.layer,
  HttpServer.layerContext
)

/** The response to a request. The `HttpApi` runs in the fiber of the test, with its layers and its clock. */
const get = (path: string) =>
  Effect.flatMap(HttpApiBuilder.httpApp, app =>
    Effect.provideService(
      app,
      HttpServerRequest.HttpServerRequest,
      HttpServerRequest.fromWeb(new Request(`http://localhost${path}`))
    )).pipe(
      Effect.map(HttpServerResponse.toWeb),
      Effect.scoped
    )

it.effect("an outage of 30 seconds is a 503 of the HttpApi", () =>
  Effect.gen(function*() {
    const call = yield* Effect.fork(get(`/meetings/${RoomSessionFixture.id()}`))
    yield* TestClock.adjust("30 seconds")
    assert.strictEqual((yield* Fiber.join(call)).status, 503)
  }).pipe(
    Effect.provide(Layer.provideMerge(
      application,
      RoomSessionsTest.layerTransport([
        ScriptedTransport.status(503),
        ScriptedTransport.status(503),
        ScriptedTransport.status(503)
      ])
    ))
  ))
