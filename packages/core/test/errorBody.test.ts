import { SignalWireError, Transport } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import * as transports from "./support/transports.ts"
import { shortestWaits, waitingForNothing, within } from "./support/within.ts"

const { ErrorDetail } = SignalWireError

const whole = { code: "not_a_uuid", message: "must be a UUID" }

/** One error of a list, and half of another. */
const begun = `{"errors":[${JSON.stringify(whole)},{"code":"sec`

const stalling = (status: number, ...chunks: ReadonlyArray<string>): transports.Reply => ({
  ...transports.json(status),
  chunks,
  stalls: true
})

const policy = { attemptTimeout: "10 seconds", deadline: "1 minute", maxRetries: 0 } as const

/** The error of a call, and how long it took, in seconds. */
const failureOver = (
  transport: transports.Base,
  settings: Parameters<typeof transports.getOver>[1] = { policy }
) =>
  Effect.map(
    within("2 minutes")(Effect.flip(transports.getOver(transport, settings))),
    error => ({
      tag: error._tag,
      details: "details" in error ? error.details : undefined,
      seconds: Duration.toSeconds(error.elapsed)
    })
  )

describe.each([
  ["any HttpClient", transports.overHttpClient],
  ["a Transport of its own", transports.overTransport]
])("the body of an error status, over %s", (_, over) => {
  it.effect.each<readonly [status: number, tag: SignalWireError.SignalWireError["_tag"]]>([
    [400, "SignalWireBadRequest"],
    [401, "SignalWireUnauthorized"],
    [404, "SignalWireNotFound"],
    [422, "SignalWireUnexpectedStatus"],
    [429, "SignalWireRateLimited"],
    [500, "SignalWireInternalServerError"],
    [503, "SignalWireServerUnavailable"]
  ])("of %d that stalls is waited for a second: %s, with what arrived", ([status, tag]) =>
    Effect.gen(function*() {
      const transport = over(stalling(status, begun))
      const details = [new ErrorDetail(whole)]
      assert.deepStrictEqual(yield* failureOver(transport), { tag, details, seconds: 1 })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("that comes in drops is waited for a second in all, and a text counts as far as it came", () =>
    Effect.gen(function*() {
      const reply = {
        ...stalling(404, "N", "o", "t", " ", "h", "e", "r", "e"),
        headers: { "content-type": "text/plain" },
        between: 300
      }
      assert.deepStrictEqual(yield* failureOver(over(reply)), {
        tag: "SignalWireNotFound",
        details: [new ErrorDetail({ message: "Not" })],
        seconds: 1
      })
    }))

  it.effect("that is whole within a second is not cut", () =>
    Effect.gen(function*() {
      const { stalls: _, ...reply } = stalling(404, "{\"errors\":[", JSON.stringify(whole), "]}")
      const found = yield* failureOver(over({ ...reply, between: 330 }))
      assert.deepStrictEqual(found.details, [new ErrorDetail(whole)])
      assert.isBelow(found.seconds, 1)
    }))

  it.effect("is waited for from its head on", () =>
    Effect.gen(function*() {
      const found = yield* failureOver(over({ ...stalling(404, begun), after: 7000 }))
      assert.deepStrictEqual(found, { tag: "SignalWireNotFound", details: [new ErrorDetail(whole)], seconds: 8 })
    }))

  it.effect("is waited for no longer than the attempt", () =>
    Effect.gen(function*() {
      const found = yield* failureOver(over({ ...stalling(404, begun), after: 9500 }))
      assert.deepStrictEqual(found, { tag: "SignalWireNotFound", details: [new ErrorDetail(whole)], seconds: 10 })
    }))

  it.effect("is waited for no longer than the deadline", () =>
    Effect.gen(function*() {
      const found = yield* failureOver(over({ ...stalling(404, begun), after: 2500 }), {
        policy: { ...policy, deadline: "3 seconds" }
      })
      assert.deepStrictEqual(found, { tag: "SignalWireNotFound", details: [new ErrorDetail(whole)], seconds: 3 })
    }))

  it.effect("that stalls does not keep a status from its retry, which comes after a second and the backoff", () =>
    Effect.gen(function*() {
      const transport = over(stalling(503), transports.ok)
      yield* within("2 seconds")(shortestWaits(transports.getOver(transport, { policy: { ...policy, maxRetries: 1 } })))
      assert.deepStrictEqual(transport.requests.map(({ atMillis }) => atMillis), [0, 1150])
    }))

  it.effect("is waited for less than a session, which has the attempt's time", () =>
    Effect.gen(function*() {
      const found = yield* failureOver(over(stalling(200, "{")))
      assert.deepStrictEqual(found, { tag: "SignalWireRequestTimeout", details: undefined, seconds: 10 })
    }))

  it.effect("does not hang a call of which the clock waits for nothing", () =>
    Effect.gen(function*() {
      const error = yield* transports.getOver(over(stalling(404, begun)), { policy }).pipe(
        waitingForNothing,
        Effect.flip
      )
      assert.include(["SignalWireNotFound", "SignalWireRequestTimeout"], error._tag)
    }))
})

it.effect("the request is aborted when no more of a body is waited for", () =>
  Effect.gen(function*() {
    const transport = transports.overTransport(stalling(404, begun))
    yield* failureOver(transport)
    assert.strictEqual(transport.aborted(), 1)
  }))

it.effect("the body of an error status is waited for a second where its headers came at once", () =>
  Effect.gen(function*() {
    const aborts: Array<Transport.AbortReason> = []
    const transport: Transport.Service = {
      dispatch: (_, handler) => {
        handler.onConnection()
        handler.onRequestSent()
        handler.onHeaders(404, {})
        handler.onData(new TextEncoder().encode(begun))
        return reason => aborts.push(reason)
      },
      closed: Effect.never,
      mayDecompress: false
    }
    const found = yield* failureOver({ transport: Layer.succeed(Transport.Transport, transport) })
    assert.deepStrictEqual(found, { tag: "SignalWireNotFound", details: [new ErrorDetail(whole)], seconds: 1 })
    assert.deepStrictEqual(aborts, ["timeout"])
  }))
