import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { HttpApiBuilder, HttpServer } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { Api, Rooms } from "../src/HttpApiErrors.ts"

/** The response of the application to a call while `get` has this result. */
const responseOf = (path: string, response: RoomSessionsTest.Response) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      HttpApiBuilder.toWebHandler(
        HttpApiBuilder.api(Api).pipe(
          Layer.provide(Rooms),
          Layer.provide(RoomSessionsTest.layerScript([response])),
          Layer.merge(HttpServer.layerContext)
        )
      )
    ),
    ({ handler }) =>
      Effect.promise(async () => {
        const response = await handler(new Request(`http://localhost/${path}/${RoomSessionFixture.id()}`))
        const text = await response.text()
        const body: unknown = text === "" ? undefined : JSON.parse(text)
        return { status: response.status, body }
      }),
    ({ dispose }) => Effect.promise(() => dispose())
  )

const notFound = new SignalWireError.NotFound({
  requestId: "r-1",
  details: [new SignalWireError.ErrorDetail({ message: "Not Found" })]
})

describe("an application's own HttpApi", () => {
  it.effect("an HttpApi maps a session to its own schema", () =>
    Effect.gen(function*() {
      const session = RoomSessionFixture.completed({ name: "standup" })
      assert.deepStrictEqual(yield* responseOf("meetings", session), {
        status: 200,
        body: { name: "standup", status: "completed" }
      })
    }))

  it.effect.each<readonly [tag: string, status: number, error: SignalWireError.SignalWireError, body: unknown]>([
    ["NotFound", 404, notFound, undefined],
    ["InvalidRequest", 404, new SignalWireError.InvalidRequest(), undefined],
    ["Unauthorized", 500, new SignalWireError.Unauthorized(), undefined],
    [
      "RateLimited",
      503,
      new SignalWireError.RateLimited({ retryAfter: Duration.seconds(45) }),
      { _tag: "Unavailable", retryAfterSeconds: 45 }
    ],
    ["RequestTimeout", 503, new SignalWireError.RequestTimeout(), { _tag: "Unavailable", retryAfterSeconds: null }]
  ])("an HttpApi maps %s to %d", ([, status, error, body]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* responseOf("meetings", error), { status, body })
    }))

  it.effect("an HttpApi passes an error on with its status and message", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* responseOf("sessions", notFound), {
        status: 404,
        body: {
          _tag: "SignalWireNotFound",
          operation: "RoomSessions.get",
          status: 404,
          message: "RoomSessions.get: not found in this project (status 404) (1 attempt, 0 ms)",
          attempts: 1,
          requestsSent: 1,
          elapsed: { _tag: "Millis", millis: 0 },
          requestId: "r-1",
          details: [{ message: "Not Found" }]
        }
      })
    }))

  it.effect("an HttpApi passes on the retryAfter of an error", () =>
    Effect.gen(function*() {
      const error = new SignalWireError.RateLimited({ retryAfter: Duration.seconds(30) })
      const { body, status } = yield* responseOf("sessions", error)
      assert.strictEqual(status, 429)
      assert.deepStrictEqual(body, JSON.parse(JSON.stringify(error)))
      assert.deepInclude(body, { message: error.message, status: 429 })
    }))

  it.effect("an id that is no UUID is a 400 where errors are passed on", () =>
    Effect.gen(function*() {
      assert.include(yield* responseOf("sessions", new SignalWireError.InvalidRequest()), { status: 400 })
    }))

  it.effect("an HttpApi that passes some errors on maps the others to its own", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* responseOf("sessions", new SignalWireError.TransportError({ reason: "Refused" })), {
        status: 503,
        body: { _tag: "Unavailable", retryAfterSeconds: null }
      })
    }))
})
