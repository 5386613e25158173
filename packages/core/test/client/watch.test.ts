import { RequestPolicy, RoomSessions, SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, Schedule, Stream, TestClock } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { patient, sessions } from "../support/client.ts"
import { withoutSleep } from "../support/delays.ts"
import { connectionError, json, noResponse, type PlayedResponse, type PlayedResponses } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overTransport, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const session = (changes: Readonly<Record<string, unknown>>): PlayedResponse =>
  json(200, body({ status: "in-progress", end_time: null, join_until: null, ...changes }))

const inProgress = session({})
const completed = session({ status: "completed", end_time: "1970-01-01T00:10:00Z" })
const status = (code: number, headers: Readonly<Record<string, string>> = {}) =>
  json(code, "{\"error\":\"text\"}", headers)

const own = { policy: RequestPolicy.noRetries }

/** What a watch emitted after a time, how it ended if it did, and the times of its requests in seconds. */
const watch = (
  responses: PlayedResponses,
  { options, over = overTransport, time = "1 hour" }: {
    readonly options?: unknown
    readonly over?: (typeof transports)[number][1]
    readonly time?: "1 hour" | "5 minutes" | "3 hours"
  } = {}
) => {
  const transport = over(...responses)
  const items: Array<string | null> = []
  return Effect.gen(function*() {
    const service = yield* RoomSessions.RoomSessions
    const stream: ReturnType<typeof service.watch> = Reflect.apply(service.watch, undefined, [sessionId, options])
    const fiber = yield* Effect.fork(
      Stream.runForEach(stream, ({ display_name }) => Effect.sync(() => void items.push(display_name)))
    )
    yield* TestClock.adjust(time)
    const exit = fiber.unsafePoll()
    yield* Fiber.interrupt(fiber)
    const error = exit !== null && Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
    return {
      items,
      isCompleted: exit !== null && Exit.isSuccess(exit),
      error,
      seconds: transport.requests.map(({ atMillis }) => atMillis / 1000)
    }
  }).pipe(Effect.provide(sessions(transport, own)))
}

describe.concurrent.each(transports)("watch over %s", (_, over) => {
  it.effect("a session is emitted at once and when it changed, and the stream ends after it is completed", () =>
    Effect.gen(function*() {
      const named = (display_name: string, changes = {}) => session({ display_name, ...changes })
      const responses = [named("a"), named("a"), named("b"), named("b"), named("c", { status: "completed" })] as const
      assert.deepStrictEqual(yield* watch(responses, { over }), {
        items: ["a", "b", "c"],
        isCompleted: true,
        error: undefined,
        seconds: [0, 30, 60, 90, 120]
      })
    }))

  it.effect.each<readonly [what: string, changes: Readonly<Record<string, unknown>>]>([
    ["a status", { status: "completed" }],
    ["an end time", { end_time: "1970-01-01T00:10:00Z" }]
  ])("a session with %s that says so is completed", ([, changes]) =>
    Effect.gen(function*() {
      const { isCompleted, items } = yield* watch([session(changes)], { over })
      assert.deepStrictEqual([isCompleted, items.length], [true, 1])
    }))

  it.effect("a session in progress of which only the duration is different has not changed", () =>
    Effect.gen(function*() {
      const responses = [session({ duration: 1 }), session({ duration: 31 }), completed] as const
      const { isCompleted, items } = yield* watch(responses, { over })
      assert.deepStrictEqual([isCompleted, items.length], [true, 2])
    }))
})

describe("the delays of watch", () => {
  it.effect("a session is polled every 5 seconds from 30 seconds before join_until until 2 minutes after it", () =>
    Effect.gen(function*() {
      const { seconds } = yield* watch([session({ join_until: "1970-01-01T00:01:40Z" })], { time: "5 minutes" })
      assert.deepStrictEqual(
        seconds,
        [0, 30, 60, ...Array.from({ length: 31 }, (_, n) => 70 + 5 * n), 250, 280]
      )
    }))

  it.effect("a session is polled every 5 seconds near remove_at, whatever join_until is", () =>
    Effect.gen(function*() {
      const times = { join_until: "1970-01-01T00:00:00Z", remove_at: "1970-01-01T00:04:00Z" }
      const { seconds } = yield* watch([session(times)], { time: "5 minutes" })
      assert.deepStrictEqual(seconds, [
        ...Array.from({ length: 25 }, (_, n) => 5 * n),
        150,
        180,
        ...Array.from({ length: 19 }, (_, n) => 210 + 5 * n)
      ])
    }))

  it.effect("a schedule replaces them, and has the last session as its input", () =>
    Effect.gen(function*() {
      const named = (display_name: string) => session({ display_name })
      const schedule = Schedule.identity<{ readonly display_name: string | null }>().pipe(
        Schedule.addDelay(({ display_name }) => display_name === "a" ? "1 second" : "1 minute")
      )
      const { isCompleted, seconds } = yield* watch([named("a"), named("b"), named("a"), completed], {
        options: { schedule }
      })
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 1, 61, 62]])
    }))

  it.effect("a schedule that ends, ends the stream", () =>
    Effect.gen(function*() {
      const schedule = Schedule.intersect(Schedule.spaced("1 second"), Schedule.recurs(2))
      const { isCompleted, seconds } = yield* watch([inProgress], { options: { schedule } })
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 1, 2]])
    }))
})

describe("the patience of watch", () => {
  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["a 500", status(500)],
    ["a 503", status(503)],
    ["a 429", status(429)],
    ["a closed connection", connectionError("ECONNRESET")],
    ["a refused connection", connectionError("ECONNREFUSED")],
    ["a host name that is not found any more", connectionError("ENOTFOUND")]
  ])("%s is ridden out", ([, response]) =>
    Effect.gen(function*() {
      const { isCompleted, seconds } = yield* watch([inProgress, response, response, completed])
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 30, 60, 90]])
    }))

  it.effect("a deadline is ridden out", () =>
    Effect.gen(function*() {
      const { isCompleted, seconds } = yield* watch([inProgress, noResponse, completed])
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 30, 70]])
    }))

  it.effect.each<readonly [what: string, tag: string, response: PlayedResponse]>([
    ["a 401", "SignalWireUnauthorized", status(401)],
    ["a 404", "SignalWireNotFound", status(404)],
    ["a 403", "SignalWireUnexpectedStatus", status(403)],
    ["a body that is not JSON", "SignalWireInvalidResponse", json(200, "<html>")],
    ["an expired certificate", "SignalWireTransportError", connectionError("CERT_HAS_EXPIRED")]
  ])("%s ends the stream", ([, tag, response]) =>
    Effect.gen(function*() {
      const { error, seconds } = yield* watch([inProgress, response, completed])
      assert.deepStrictEqual([error?._tag, seconds], [tag, [0, 30]])
    }))

  it.effect("a host name that is not found at first ends the stream", () =>
    Effect.gen(function*() {
      const { error } = yield* watch([connectionError("ENOTFOUND"), completed])
      assert.strictEqual(error?._tag, "SignalWireTransportError")
    }))

  it.effect("a first poll with a temporary error is repeated every 5 seconds", () =>
    Effect.gen(function*() {
      const { isCompleted, seconds } = yield* watch([status(500), status(503), completed])
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 5, 10]])
    }))

  it.effect("errors are ridden out for 5 minutes after the first of them", () =>
    Effect.gen(function*() {
      const { error, seconds } = yield* watch([inProgress, status(500), inProgress, status(503)])
      assert.strictEqual(error?._tag, "SignalWireServerUnavailable")
      assert.deepStrictEqual(seconds, [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360, 390])
    }))

  it.effect("at the end of the patience there is a last poll", () =>
    Effect.gen(function*() {
      const { error, seconds } = yield* watch([inProgress, status(500)], { options: { patience: "40 seconds" } })
      assert.deepStrictEqual([error?._tag, seconds], ["SignalWireInternalServerError", [0, 30, 60, 70]])
    }))

  it.effect("with a schedule that is slower than the patience there is a last poll at its end, and its success counts", () =>
    Effect.gen(function*() {
      const options = { schedule: Schedule.spaced("1 hour") }
      const errors = [inProgress, status(500), inProgress, status(503), completed] as const
      const { isCompleted, seconds } = yield* watch(errors, { options, time: "3 hours" })
      assert.deepStrictEqual([isCompleted, seconds], [true, [0, 3600, 3900, 7500, 7800]])
    }))

  it.effect("with a schedule that is slower than the patience, the error of the last poll ends the stream", () =>
    Effect.gen(function*() {
      const options = { schedule: Schedule.spaced("1 hour") }
      const { error, seconds } = yield* watch([inProgress, status(500), status(503), completed], {
        options,
        time: "3 hours"
      })
      assert.deepStrictEqual([error?._tag, seconds], ["SignalWireServerUnavailable", [0, 3600, 3900]])
    }))

  it.effect("without patience, the first error ends the stream", () =>
    Effect.gen(function*() {
      const { error, seconds } = yield* watch([inProgress, status(500), completed], { options: { patience: 0 } })
      assert.deepStrictEqual([error?._tag, seconds], ["SignalWireInternalServerError", [0, 30]])
    }))

  it.effect("Retry-After delays the next poll", () =>
    Effect.gen(function*() {
      const responses = [inProgress, status(429, { "retry-after": "100" }), completed] as const
      assert.deepStrictEqual((yield* watch(responses)).seconds, [0, 30, 130])
      const schedule = Schedule.spaced("10 seconds")
      assert.deepStrictEqual((yield* watch(responses, { options: { schedule } })).seconds.slice(1), [3610, 3710])
    }))

  it.effect("Retry-After after the end of the patience ends the stream", () =>
    Effect.gen(function*() {
      const { error, seconds } = yield* watch([inProgress, status(429, { "retry-after": "3600" }), completed])
      assert.deepStrictEqual([error?._tag, seconds], ["SignalWireRateLimited", [0, 30]])
    }))

  it.effect("a layer that is closed ends the stream", () =>
    Effect.gen(function*() {
      const closed = new SignalWireError.TransportError({ reason: "Closed" })
      const { watch } = yield* RoomSessions.RoomSessions
      const error = yield* Effect.flip(Stream.runDrain(watch(RoomSessionFixture.id()))).pipe(within("1 minute"))
      assert.deepInclude(error, { _tag: closed._tag, reason: "Closed" })
    }).pipe(Effect.provide(RoomSessionsTest.layerScript([
      RoomSessionFixture.inProgress(),
      new SignalWireError.TransportError({ reason: "Closed" })
    ]))))
})

describe("the options of watch", () => {
  it.effect.each<readonly [parameter: string, value: unknown]>([
    ["patience", "soon"],
    ["patience", -1],
    ["patience", "-1 minute"],
    ["patience", Number.NaN],
    ["patience", {}],
    ["schedule", "10 seconds"],
    ["schedule", null]
  ])(
    "the option %s with the value %s is InvalidRequest, and nothing is sent",
    ([parameter, value]) =>
      Effect.gen(function*() {
        const { error, seconds } = yield* watch([completed], { options: { [parameter]: value } })
        assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", operation: "RoomSessions.watch", parameter })
        assert.deepStrictEqual(seconds, [])
      })
  )

  it.effect("an id that is no UUID is InvalidRequest", () =>
    Effect.gen(function*() {
      const { watch } = yield* RoomSessions.RoomSessions
      const error = yield* Effect.flip(Stream.runDrain(watch("standup")))
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter: "id" })
    }).pipe(Effect.provide(sessions(overTransport(completed), own))))
})

describe("awaitCompleted", () => {
  const awaitOver = (responses: PlayedResponses, options?: unknown) =>
    Effect.gen(function*() {
      const { awaitCompleted } = yield* RoomSessions.RoomSessions
      const awaiting: ReturnType<typeof awaitCompleted> = Reflect.apply(awaitCompleted, undefined, [sessionId, options])
      return yield* awaiting
    }).pipe(Effect.provide(sessions(overTransport(...responses), own)))

  it.effect("awaitCompleted returns the completed session", () =>
    Effect.gen(function*() {
      const { status } = yield* awaitOver([inProgress, inProgress, completed]).pipe(within("1 hour"))
      assert.strictEqual(status, "completed")
    }))

  it.effect.each([true, false])(
    "a timeout is TimeoutException, and aborts the request (uninterruptible: %s)",
    isUninterruptible =>
      Effect.gen(function*() {
        const awaiting = awaitOver([inProgress, noResponse], { timeout: "35 seconds" })
        const error = yield* Effect.flip(isUninterruptible ? Effect.uninterruptible(awaiting) : awaiting).pipe(
          within("35 seconds")
        )
        assert.isTrue(Cause.isTimeoutException(error))
      })
  )

  it.effect("a session that is completed within the timeout is returned", () =>
    Effect.gen(function*() {
      const { status } = yield* awaitOver([inProgress, completed], { timeout: "35 seconds" }).pipe(within("1 hour"))
      assert.strictEqual(status, "completed")
    }))

  it.effect("a schedule that ends before is TimeoutException", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(awaitOver([inProgress], { schedule: Schedule.recurs(2) }))
      assert.isTrue(Cause.isTimeoutException(error))
    }))

  it.effect("an error that is not temporary is that of awaitCompleted", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(awaitOver([inProgress, status(404)])).pipe(within("1 hour"))
      assert.strictEqual(error._tag, "SignalWireNotFound")
    }))

  it.effect.each<readonly [parameter: string, value: unknown]>([
    ["timeout", "soon"],
    ["timeout", 0],
    ["timeout", -1],
    ["timeout", Number.NaN],
    ["timeout", null],
    ["patience", "soon"]
  ])("the option %s with the value %s is InvalidRequest", ([parameter, value]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(awaitOver([completed], { [parameter]: value }))
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter })
    }))

  it.effect("with rateLimit, a long Retry-After that another call was told delays awaitCompleted for at most a minute", () =>
    Effect.gen(function*() {
      const polls = Array.from({ length: 19 }, () => inProgress)
      const transport = overTransport(inProgress, ...polls, status(429, { "retry-after": "1000000000" }), completed)
      const policy = { rateLimit: { limit: 100, interval: "1 second" }, maxRetries: 0 } as const
      const found = yield* Effect.gen(function*() {
        const { awaitCompleted, get } = yield* RoomSessions.RoomSessions
        const awaiting = yield* Effect.fork(
          Effect.replicateEffect(awaitCompleted(sessionId), 20, { concurrency: "unbounded" })
        )
        yield* Effect.sleep("10 seconds")
        const told = yield* Effect.flip(get(sessionId))
        assert.deepInclude(told, { _tag: "SignalWireRateLimited", retryAfter: Duration.seconds(1_000_000_000) })
        return yield* Fiber.join(awaiting)
      }).pipe(Effect.provide(sessions(transport, { policy })), within("70 seconds"))
      assert.lengthOf(found, 20)
      assert.deepStrictEqual(
        transport.requests.slice(20).map(({ atMillis }) => atMillis / 1000),
        [10, ...Array.from({ length: 20 }, () => 70)]
      )
    }))

  it.effect("a timeout that no timer can have is InvalidRequest that says what is accepted", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(awaitOver([completed], { timeout: "30 days" }))
      assert.deepInclude(error, {
        _tag: "SignalWireInvalidRequest",
        operation: "RoomSessions.awaitCompleted",
        parameter: "timeout",
        expected: "a duration above zero and below 2^31 ms"
      })
    }))

  it.effect("an interrupted awaitCompleted ends at once", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(awaitOver([inProgress]))
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
    }))

  it.effect("1,000 sessions are awaited at a time", () =>
    Effect.gen(function*() {
      const { awaitCompleted } = yield* RoomSessions.RoomSessions
      const found = yield* Effect.forEach(Array.from({ length: 1000 }), () => awaitCompleted(sessionId), {
        concurrency: "unbounded"
      }).pipe(withoutSleep)
      assert.isTrue(found.every(({ status }) => status === "completed"))
    }).pipe(Effect.provide(sessions(
      overTransport(inProgress, ...Array.from({ length: 999 }, () => inProgress), completed),
      own
    ))))
})

it.live("the consumer of watch sees its own AsyncLocalStorage store", () =>
  Effect.gen(function*() {
    const storage = new AsyncLocalStorage<string>()
    const { watch } = yield* RoomSessions.RoomSessions
    const schedule = Schedule.spaced("1 millis")
    const storeOf = (name: string) =>
      Effect.promise(() =>
        storage.run(name, () =>
          Effect.runPromise(Stream.runFold(watch(sessionId, { schedule }), new Set<string | undefined>(), stores =>
            stores.add(storage.getStore()))))
      )
    const names = ["a", "b", "c"]
    const stores = yield* Effect.forEach(names, storeOf, { concurrency: "unbounded" })
    assert.deepStrictEqual(stores.map(found => [...found]), names.map(name => [name]))
    // the later tests of this process would take twice the time
    storage.disable()
  }).pipe(Effect.provide(sessions(
    overTransport(
      inProgress,
      ...Array.from({ length: 30 }, (_, n) =>
        session({ display_name: String(n) })),
      completed
    ),
    { policy: patient }
  ))))
