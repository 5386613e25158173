import { type RoomSessions, SignalWireError, Transport } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { getOver } from "../support/client.ts"
import { shortestDelays, withoutSleep } from "../support/delays.ts"
import { json, ok, type PlayedResponse } from "../support/responses.ts"
import { type Base, overTransport, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const { ErrorDetail } = SignalWireError

const detail = { code: "not_a_uuid", message: "must be a UUID" }

/** One error of a list, and half of another. */
const cut = `{"errors":[${JSON.stringify(detail)},{"code":"sec`

const stalling = (status: number, ...chunks: ReadonlyArray<string>): PlayedResponse => ({
  ...json(status),
  chunks,
  stalls: true
})

const policy = { attemptTimeout: "10 seconds", deadline: "1 minute", maxRetries: 0 } as const

/** The error of a call, its details and its elapsed time. */
const errorOver = (base: Base, options: Parameters<typeof getOver>[1] = { policy }) =>
  Effect.map(within("2 minutes")(Effect.flip(getOver(base, options))), error => ({
    tag: error._tag,
    details: "details" in error ? error.details : undefined,
    seconds: Duration.toSeconds(error.elapsed)
  }))

const notFound = { tag: "SignalWireNotFound", details: [new ErrorDetail(detail)] } as const

describe.concurrent.each(transports)("error bodies over %s", (_, over) => {
  it.effect.each<readonly [status: number, tag: RoomSessions.GetError["_tag"]]>([
    [400, "SignalWireBadRequest"],
    [401, "SignalWireUnauthorized"],
    [404, "SignalWireNotFound"],
    [422, "SignalWireUnexpectedStatus"],
    [429, "SignalWireRateLimited"],
    [500, "SignalWireInternalServerError"],
    [503, "SignalWireServerUnavailable"]
  ])(
    "a %d whose body stalls is %s after a second, with the details that arrived",
    ([status, tag]) =>
      Effect.gen(function*() {
        const transport = over(stalling(status, cut))
        const error = yield* errorOver(transport)
        assert.deepStrictEqual(error, { tag, details: [new ErrorDetail(detail)], seconds: 1 })
        assert.strictEqual(transport.requests.length, 1)
      })
  )

  it.effect("a text that arrives slowly is read for a second in all, and its beginning is the detail", () =>
    Effect.gen(function*() {
      const response = {
        ...stalling(404, "N", "o", "t", " ", "h", "e", "r", "e"),
        headers: { "content-type": "text/plain" },
        between: 300
      }
      assert.deepStrictEqual(yield* errorOver(over(response)), {
        tag: "SignalWireNotFound",
        details: [new ErrorDetail({ message: "Not" })],
        seconds: 1
      })
    }))

  it.effect("an error body that ends within a second is read to its end", () =>
    Effect.gen(function*() {
      const { stalls: _, ...response } = stalling(404, "{\"errors\":[", JSON.stringify(detail), "]}")
      assert.deepStrictEqual(yield* errorOver(over({ ...response, between: 330 })), { ...notFound, seconds: 0.99 })
    }))

  it.effect("the second for an error body begins with its headers", () =>
    Effect.gen(function*() {
      const error = yield* errorOver(over({ ...stalling(404, cut), after: 7000 }))
      assert.deepStrictEqual(error, { ...notFound, seconds: 8 })
    }))

  it.effect("an error body is read no longer than attemptTimeout", () =>
    Effect.gen(function*() {
      const error = yield* errorOver(over({ ...stalling(404, cut), after: 9500 }))
      assert.deepStrictEqual(error, { ...notFound, seconds: 10 })
    }))

  it.effect("an error body is read no longer than the deadline", () =>
    Effect.gen(function*() {
      const error = yield* errorOver(over({ ...stalling(404, cut), after: 2500 }), {
        policy: { ...policy, deadline: "3 seconds" }
      })
      assert.deepStrictEqual(error, { ...notFound, seconds: 3 })
    }))

  it.effect("a 503 whose body stalls is retried after a second and the backoff", () =>
    Effect.gen(function*() {
      const transport = over(stalling(503), ok)
      yield* within("2 seconds")(shortestDelays(getOver(transport, { policy: { ...policy, maxRetries: 1 } })))
      assert.deepStrictEqual(transport.requests.map(({ atMillis }) => atMillis), [0, 1150])
    }))

  it.effect("a 200 whose body stalls is RequestTimeout after attemptTimeout, not after a second", () =>
    Effect.gen(function*() {
      const error = yield* errorOver(over(stalling(200, "{")))
      assert.deepStrictEqual(error, { tag: "SignalWireRequestTimeout", details: undefined, seconds: 10 })
    }))

  it.effect("an error body that stalls ends the call also under a clock that does not sleep", () =>
    Effect.gen(function*() {
      const error = yield* getOver(over(stalling(404, cut)), { policy }).pipe(withoutSleep, Effect.flip)
      assert.include(["SignalWireNotFound", "SignalWireRequestTimeout"], error._tag)
    }))
})

describe("error bodies over a Transport", () => {
  it.effect("a request whose error body stalls is aborted", () =>
    Effect.gen(function*() {
      const transport = overTransport(stalling(404, cut))
      yield* errorOver(transport)
      assert.strictEqual(transport.aborted(), 1)
    }))

  it.effect("an error body is read for a second where the headers arrive within dispatch", () =>
    Effect.gen(function*() {
      const aborts: Array<Transport.AbortReason> = []
      const transport: Transport.Service = {
        dispatch: (_, handler) => {
          handler.onConnection()
          handler.onRequestSent()
          handler.onHeaders(404, {})
          handler.onData(new TextEncoder().encode(cut))
          return reason => aborts.push(reason)
        },
        closed: Effect.never,
        mayDecompress: false
      }
      const error = yield* errorOver({ transport: Layer.succeed(Transport.Transport, transport) })
      assert.deepStrictEqual(error, { ...notFound, seconds: 1 })
      assert.deepStrictEqual(aborts, ["timeout"])
    }))
})
