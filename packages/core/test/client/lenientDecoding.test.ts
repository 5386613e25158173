import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import {
  ConfigError,
  ConfigProvider,
  Context,
  Effect,
  Fiber,
  Layer,
  Logger,
  LogLevel,
  Metric,
  MetricState,
  Queue,
  Runtime,
  TestClock
} from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { credentials, get, getOver, patient, sessions } from "../support/client.ts"
import { json } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

/** The result of an effect, and what it logs. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const lines: Array<readonly [LogLevel.LogLevel["_tag"], string]> = []
    const logger = Logger.make(({ logLevel, message }) => void lines.push([logLevel._tag, [message].flat().join(" ")]))
    const result = yield* Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger))
    return { result, lines }
  })

/** The drifts of a field, by the metric. */
const countOf = (path: string) =>
  Effect.map(Metric.snapshot, pairs =>
    pairs
      .filter(({ metricKey }) =>
        metricKey.name === "signalwire.client.decoding_drift" && metricKey.tags.some(({ value }) => value === path) &&
        metricKey.tags.some(({ key, value }) => key === "operation" && value === "RoomSessions.get")
      )
      .map(({ metricState }) => MetricState.isCounterState(metricState) ? Number(metricState.count) : Number.NaN)
      .reduce((sum, count) => sum + count, 0))

const drifting = json(200, body({ duration: -1, max_members: "20", join_from: "2026-03-01" }), {
  "x-request-id": "r-1"
})

// in sequence, since the metrics are those of the process
describe.each(transports)("decoding over %s", (_, over) => {
  it.effect("a nullable field of another type is InvalidResponse by default", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(Effect.flip(getOver(over(drifting))))
      assert.deepInclude(result, { _tag: "SignalWireInvalidResponse", path: "max_members" })
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("a nullable field of another type is null when lenient, with a warning, a count and a call of onDrift", () =>
    Effect.gen(function*() {
      const before = yield* countOf("duration")
      const drifts: Array<SignalWireClient.Drift> = []
      const { lines, result } = yield* logged(getOver(over(drifting), {
        decoding: "lenient",
        onDrift: drift => Effect.sync(() => void drifts.push(drift))
      }))
      assert.deepInclude(result, { duration: null, max_members: null, join_from: null, name: "weekly" })
      assert.deepStrictEqual(
        drifts,
        [
          ["max_members", "a whole number, or null"],
          ["join_from", "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null"],
          ["duration", "a whole number of seconds, at least 0, or null"]
        ].map(([path = "", expected = ""]) => ({
          operation: "RoomSessions.get",
          parameters: { id: sessionId },
          path,
          expected,
          count: 1,
          requestId: "r-1"
        }))
      )
      assert.deepStrictEqual(
        lines,
        drifts.map(({ expected, path }) =>
          ["Warning", `RoomSessions.get: ${path} is not as documented and is null: expected ${expected}`] as const
        )
      )
      assert.strictEqual((yield* countOf("duration")) - before, 1)
    }))

  it.effect("a field that is never null is InvalidResponse also when lenient, without a warning", () =>
    Effect.gen(function*() {
      const transport = over(json(200, body({ duration: -1, record_on_start: "yes" })))
      const { lines, result } = yield* logged(Effect.flip(getOver(transport, { decoding: "lenient" })))
      assert.deepInclude(result, {
        _tag: "SignalWireInvalidResponse",
        path: "record_on_start",
        expected: "a boolean"
      })
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("a session as documented logs no warning when lenient", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(getOver(over(json(200)), { decoding: "lenient" }))
      assert.strictEqual(result.id, sessionId)
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("a call whose onDrift never ends succeeds at its deadline", () =>
    Effect.gen(function*() {
      const call = getOver(over(drifting), {
        decoding: "lenient",
        decoder: FastDecoder.make,
        onDrift: () => Effect.uninterruptible(Effect.never),
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      })
      const { result } = yield* logged(within("3 seconds")(call))
      assert.isNull(result.duration)
    }))

  it.effect("an uninterruptible call whose onDrift never ends succeeds at its deadline", () =>
    Effect.gen(function*() {
      const call = Effect.uninterruptible(getOver(over(drifting), {
        decoding: "lenient",
        onDrift: () => Effect.never,
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      }))
      const { result } = yield* logged(within("3 seconds")(call))
      assert.isNull(result.duration)
    }))

  it.effect("an uninterruptible call whose fiber is interrupted during onDrift succeeds", () =>
    Effect.gen(function*() {
      const found: Array<unknown> = []
      const call = getOver(over(drifting), { decoding: "lenient", onDrift: () => Effect.sleep("1 second") })
      const fiber = yield* Effect.fork(
        Effect.uninterruptible(Effect.map(call, ({ duration }) => void found.push(duration)))
      )
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interruptFork(fiber)
      yield* TestClock.adjust("1 second")
      yield* Fiber.await(fiber)
      assert.deepStrictEqual(found, [null])
    }))

  it.live("a fiber continues in the asynchronous context of its caller after an onDrift that another context resumes", () =>
    Effect.gen(function*() {
      const store = new AsyncLocalStorage<string>()
      const onDrift = () =>
        Effect.async<void>(resume => {
          store.run("onDrift", () => setTimeout(() => resume(Effect.void), 1))
        })
      const runtime = yield* Layer.toRuntime(
        sessions(over(drifting), { decoding: "lenient", onDrift, policy: patient })
      )
      const call = Effect.zipRight(get(), Effect.sync(() => store.getStore()))
      assert.strictEqual(
        yield* Effect.promise(() => store.run("caller", () => Runtime.runPromise(runtime)(call))),
        "caller"
      )
    }).pipe(Effect.scoped))

  it.effect.each<readonly [name: string, onDrift: () => Effect.Effect<void>]>([
    ["dies", () => Effect.die(new Error("a bug of the application"))],
    ["throws", () => {
      throw new Error("a bug of the application")
    }],
    ["is interrupted", () => Effect.interrupt],
    [
      "offers to a queue that was shut down",
      () => Effect.flatMap(Queue.unbounded<number>(), queue => Effect.zipRight(queue.shutdown, queue.offer(1)))
    ]
  ])("an onDrift that %s is logged, and the call succeeds", ([, onDrift]) =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(getOver(over(drifting), { decoding: "lenient", onDrift }))
      assert.isNull(result.duration)
      assert.deepStrictEqual(lines.at(-1)?.[0], "Warning")
      assert.include(lines.at(-1)?.[1], "onDrift failed")
    }))

  it.effect("onDrift runs for all fields of a response at the same time", () =>
    Effect.gen(function*() {
      let drifts = 0
      const call = getOver(over(drifting), {
        decoding: "lenient",
        onDrift: () => Effect.delay(Effect.sync(() => void drifts++), "2 seconds"),
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      })
      yield* logged(within("3 seconds")(call))
      assert.strictEqual(drifts, 3)
    }))

  it.effect("an interrupted call interrupts its onDrift", () =>
    Effect.gen(function*() {
      let isInterrupted = false
      const call = getOver(over(drifting), {
        decoding: "lenient",
        onDrift: () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (isInterrupted = true)))
      })
      const fiber = yield* Effect.fork(logged(call))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 second")
      assert.isTrue(isInterrupted)
    }))
})

describe("the decoding option", () => {
  const variables = {
    SIGNALWIRE_SPACE: "acme",
    SIGNALWIRE_PROJECT_ID: "project",
    SIGNALWIRE_API_TOKEN: "token"
  }

  const configured = (value: string | undefined) => {
    const all = { ...variables, ...(value === undefined ? {} : { SIGNALWIRE_DECODING: value }) }
    return Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(all))))
  }

  const client = (value: string | undefined, options: SignalWireClient.OptionsWithoutCredentials = {}) =>
    RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layerConfig(options)),
      Layer.provide(overHttpClient(drifting).layer),
      Layer.provide(configured(value))
    )

  /** Whether a call over the drifting response succeeds. */
  const isLenient = (value: string | undefined, options?: SignalWireClient.OptionsWithoutCredentials) =>
    Effect.map(
      logged(Effect.either(Effect.provide(get(), client(value, options)))),
      ({ result }) => result._tag === "Right"
    )

  it.effect.each(["lenient", " lenient\n"])(
    "decoding is lenient where SIGNALWIRE_DECODING is %j",
    value =>
      Effect.gen(function*() {
        assert.isTrue(yield* isLenient(value))
      })
  )

  it.effect.each<readonly [what: string, value: string | undefined]>([
    ["not set", undefined],
    ["empty", ""],
    ["blank", " "],
    ["strict", "strict"]
  ])("decoding is strict where SIGNALWIRE_DECODING is %s", ([, value]) =>
    Effect.gen(function*() {
      assert.isFalse(yield* isLenient(value))
    }))

  it.effect("the option of layerConfig wins over SIGNALWIRE_DECODING", () =>
    Effect.gen(function*() {
      assert.isFalse(yield* isLenient("lenient", { decoding: "strict" }))
      assert.isTrue(yield* isLenient("strict", { decoding: "lenient" }))
    }))

  it.effect("SIGNALWIRE_DECODING relaxed is a ConfigError that names both values", () =>
    Effect.gen(function*() {
      const layer = SignalWireClient.layerConfig().pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(configured("relaxed"))
      )
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.deepStrictEqual(error, ConfigError.InvalidData(["SIGNALWIRE_DECODING"], "Expected strict or lenient"))
    }))

  it.effect("two spaces in one graph are decoded by their own option", () =>
    Effect.gen(function*() {
      const one = Context.GenericTag<RoomSessions.Service>("one")
      const other = Context.GenericTag<RoomSessions.Service>("other")
      const { result } = yield* logged(
        Effect.all([
          Effect.flatMap(one, service => Effect.either(service.get(sessionId))),
          Effect.flatMap(other, service => Effect.either(service.get(sessionId)))
        ]).pipe(Effect.provide(Layer.merge(
          Layer.effect(one, RoomSessions.RoomSessions).pipe(Layer.provide(client("lenient"))),
          Layer.effect(other, RoomSessions.RoomSessions).pipe(Layer.provide(client("strict")))
        )))
      )
      assert.deepStrictEqual(result.map(({ _tag }) => _tag), ["Right", "Left"])
    }))

  it.effect("2,000 concurrent lenient calls succeed, with three drifts each", () =>
    Effect.gen(function*() {
      let drifts = 0
      const transport = overHttpClient(drifting)
      const onDrift = () => Effect.sync(() => void drifts++)
      const result = yield* Effect.forEach(Array.from({ length: 2000 }), () => get(), { concurrency: "unbounded" })
        .pipe(
          Effect.provide(sessions(transport, { decoding: "lenient", onDrift })),
          Logger.withMinimumLogLevel(LogLevel.None)
        )
      assert.isTrue(result.every(({ duration }) => duration === null))
      assert.strictEqual(drifts, 6000)
    }))

  it.effect.each<readonly [name: string, value: string]>([["decoding", "Lenient"], ["echo", "none"]])(
    "the option %s with the value %s is a ConfigError",
    ([name, value]) =>
      Effect.gen(function*() {
        const options: SignalWireClient.Options = { ...credentials }
        // as a program without types does
        Reflect.set(options, name, value)
        const error = yield* Effect.flip(Effect.scoped(
          Layer.build(SignalWireClient.layer(options).pipe(Layer.provide(FetchHttpClient.layer)))
        ))
        assert.deepInclude(error, { _op: "InvalidData", path: [name] })
      })
  )
})
