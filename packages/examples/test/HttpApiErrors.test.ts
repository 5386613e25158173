import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { HttpApiBuilder, HttpServer } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Logger } from "effect"
import { Api, Rooms } from "../src/HttpApiErrors.ts"

const silent = Logger.remove(Logger.defaultLogger)

/** The response of the application to a call while `get` has this result. */
const responseOf = (path: string, response: RoomSessionsTest.Response, logger: Layer.Layer<never> = silent) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      HttpApiBuilder.toWebHandler(
        HttpApiBuilder.api(Api).pipe(
          Layer.provide(Rooms),
          Layer.provide(RoomSessionsTest.layerScript([response])),
          Layer.provide(logger),
          Layer.merge(HttpServer.layerContext)
        )
      )
    ),
    ({ handler }) =>
      Effect.promise(async () => {
        const response = await handler(new Request(`http://localhost/${path}/${RoomSessionFixture.id()}`))
        const text = await response.text()
        const body: unknown = text === "" ? undefined : JSON.parse(text)
        const retryAfter = response.headers.get("retry-after")
        return { status: response.status, body, ...(retryAfter === null ? {} : { retryAfter }) }
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

  it.effect.each<
    readonly [
      tag: string,
      status: number,
      error: SignalWireError.SignalWireError,
      rest: { readonly body: unknown; readonly retryAfter?: string }
    ]
  >([
    ["NotFound", 404, notFound, { body: undefined }],
    ["InvalidRequest", 404, new SignalWireError.InvalidRequest(), { body: undefined }],
    ["Unauthorized", 500, new SignalWireError.Unauthorized(), { body: undefined }],
    [
      "RateLimited",
      503,
      new SignalWireError.RateLimited({ retryAfter: Duration.seconds(45) }),
      { body: { _tag: "Unavailable", retryAfterSeconds: 45 }, retryAfter: "45" }
    ],
    [
      "RequestTimeout",
      503,
      new SignalWireError.RequestTimeout(),
      { body: { _tag: "Unavailable", retryAfterSeconds: null } }
    ]
  ])("an HttpApi maps %s to %d", ([, status, error, rest]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* responseOf("meetings", error), { status, ...rest })
    }))

  it.effect("an HttpApi logs an error that only an operator can mend", () =>
    Effect.gen(function*() {
      const lines: Array<unknown> = []
      const error = new SignalWireError.Unauthorized()
      const logger = Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => lines.push(message)))
      yield* responseOf("meetings", error, logger)
      assert.deepStrictEqual(lines.flat(), [error.message])
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
      const { body, retryAfter, status } = yield* responseOf("sessions", error)
      assert.strictEqual(status, 429)
      assert.strictEqual(retryAfter, "30")
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
