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
  type LogLevel,
  Metric,
  MetricState,
  Queue,
  TestClock
} from "effect"
import { body, sessionId } from "./support/sessions.ts"
import { credentials, get, getOver, json, overHttpClient, overTransport, sessions } from "./support/transports.ts"
import { within } from "./support/within.ts"

const expectedSeconds = "a whole number of seconds, at least 0, or null"

/** What is logged while an effect runs. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const lines: Array<readonly [LogLevel.LogLevel["_tag"], string]> = []
    const logger = Logger.make(({ logLevel, message }) => void lines.push([logLevel._tag, [message].flat().join(" ")]))
    const result = yield* Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger))
    return { result, lines }
  })

/** How often a field drifted, by the metric. */
const countOf = (path: string) =>
  Effect.map(Metric.snapshot, pairs =>
    pairs
      .filter(({ metricKey }) =>
        metricKey.name === "signalwire_decoding_drift" && metricKey.tags.some(({ value }) => value === path) &&
        metricKey.tags.some(({ key, value }) => key === "operation" && value === "RoomSessions.get")
      )
      .map(({ metricState }) => MetricState.isCounterState(metricState) ? Number(metricState.count) : Number.NaN)
      .reduce((sum, count) => sum + count, 0))

const drifting = json(200, body({ duration: -1, max_members: "20", join_from: "2026-03-01" }), {
  "x-request-id": "r-1"
})

describe.each([["any HttpClient", overHttpClient], ["a Transport of its own", overTransport]])("over %s", (_, over) => {
  it.effect("a nullable field that cannot be read fails a call by default", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(Effect.flip(getOver(over(drifting))))
      assert.deepInclude(result, { _tag: "SignalWireInvalidResponse", path: "max_members" })
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("with lenient decoding it is null, and a warning, a count and a report for each field tell so", () =>
    Effect.gen(function*() {
      const before = yield* countOf("duration")
      const reports: Array<SignalWireClient.Drift> = []
      const { lines, result } = yield* logged(getOver(over(drifting), {
        decoding: "lenient",
        onDrift: drift => Effect.sync(() => void reports.push(drift))
      }))
      assert.deepInclude(result, { duration: null, max_members: null, join_from: null, name: "weekly" })
      assert.deepStrictEqual(
        reports,
        [
          ["max_members", "a whole number, or null"],
          ["join_from", "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null"],
          ["duration", expectedSeconds]
        ].map(([path = "", expected = ""]) => ({
          operation: "RoomSessions.get",
          parameters: { id: sessionId },
          path,
          expected,
          requestId: "r-1"
        }))
      )
      assert.deepStrictEqual(
        lines,
        reports.map(({ expected, path }) =>
          ["Warning", `RoomSessions.get: ${path} is not as documented and is null: expected ${expected}`] as const
        )
      )
      assert.strictEqual((yield* countOf("duration")) - before, 1)
    }))

  it.effect("a field that is never null fails the call in lenient decoding too, and nothing is told", () =>
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

  it.effect("nothing is told of a session that is as documented", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(getOver(over(json(200)), { decoding: "lenient" }))
      assert.strictEqual(result.id, sessionId)
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("a report that does not end ends with the deadline of the call, which succeeds", () =>
    Effect.gen(function*() {
      const transport = over(drifting)
      const call = getOver(transport, {
        decoding: "lenient",
        decoder: FastDecoder.make,
        onDrift: () => Effect.uninterruptible(Effect.never),
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      })
      const { result } = yield* logged(within("3 seconds")(call))
      assert.isNull(result.duration)
    }))

  it.effect.each<readonly [name: string, onDrift: () => Effect.Effect<void>]>([
    ["dies", () => Effect.die(new Error("a fault of the application"))],
    ["throws", () => {
      throw new Error("a fault of the application")
    }],
    ["is interrupted", () => Effect.interrupt],
    [
      "offers to a queue that was shut down",
      () => Effect.flatMap(Queue.unbounded<number>(), queue => Effect.zipRight(queue.shutdown, queue.offer(1)))
    ]
  ])("a report that %s does not concern the call", ([, onDrift]) =>
    Effect.gen(function*() {
      const { lines, result } = yield* logged(getOver(over(drifting), { decoding: "lenient", onDrift }))
      assert.isNull(result.duration)
      assert.deepStrictEqual(lines.at(-1)?.[0], "Warning")
      assert.include(lines.at(-1)?.[1], "onDrift failed")
    }))

  it.effect("a report that does not end ends with the deadline where the caller cannot be interrupted too", () =>
    Effect.gen(function*() {
      const call = Effect.uninterruptible(getOver(over(drifting), {
        decoding: "lenient",
        onDrift: () => Effect.never,
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      }))
      const { result } = yield* logged(within("3 seconds")(call))
      assert.isNull(result.duration)
    }))

  it.effect("reports of several fields do not wait for each other", () =>
    Effect.gen(function*() {
      let reports = 0
      const call = getOver(over(drifting), {
        decoding: "lenient",
        onDrift: () => Effect.delay(Effect.sync(() => void reports++), "2 seconds"),
        policy: { deadline: "3 seconds", attemptTimeout: "1 second" }
      })
      yield* logged(within("3 seconds")(call))
      assert.strictEqual(reports, 3)
    }))

  it.effect("interrupting the call interrupts its reports", () =>
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

describe("SIGNALWIRE_DECODING", () => {
  const variables = {
    SIGNALWIRE_SPACE: "acme",
    SIGNALWIRE_PROJECT_ID: "project",
    SIGNALWIRE_API_TOKEN: "token"
  }

  const client = (value: string | undefined, settings: SignalWireClient.Settings = {}) => {
    const all = { ...variables, ...(value === undefined ? {} : { SIGNALWIRE_DECODING: value }) }
    return RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layerConfig(settings)),
      Layer.provide(overHttpClient(drifting).layer),
      Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(all)))))
    )
  }

  const outcome = (value: string | undefined, settings?: SignalWireClient.Settings) =>
    Effect.map(
      logged(Effect.either(Effect.provide(get(), client(value, settings)))),
      ({ result }) => result._tag
    )

  it.effect("lenient reads what strict refuses, strict being the default", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* outcome("lenient"), "Right")
      assert.strictEqual(yield* outcome(" lenient\n"), "Right")
      for (const value of [undefined, "", " ", "strict"]) assert.strictEqual(yield* outcome(value), "Left")
    }))

  it.effect("yields to the option", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* outcome("lenient", { decoding: "strict" }), "Left")
      assert.strictEqual(yield* outcome("strict", { decoding: "lenient" }), "Right")
    }))

  it.effect("is a ConfigError when it is neither", () =>
    Effect.gen(function*() {
      const layer = SignalWireClient.layerConfig().pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.setConfigProvider(
          ConfigProvider.fromMap(new Map(Object.entries({ ...variables, SIGNALWIRE_DECODING: "relaxed" })))
        ))
      )
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.deepStrictEqual(error, ConfigError.InvalidData(["SIGNALWIRE_DECODING"], "Expected strict or lenient"))
    }))

  it.effect("two spaces in one graph decode as each of them says", () =>
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
})

it.effect("2,000 calls at once with lenient decoding all succeed, each with its own drifts", () =>
  Effect.gen(function*() {
    let reports = 0
    const transport = overHttpClient(drifting)
    const { result } = yield* logged(
      Effect.forEach(Array.from({ length: 2000 }), () => get(), { concurrency: "unbounded" }).pipe(
        Effect.provide(sessions(transport, { decoding: "lenient", onDrift: () => Effect.sync(() => void reports++) }))
      )
    )
    assert.isTrue(result.every(({ duration }) => duration === null))
    assert.strictEqual(reports, 6000)
  }))

it.effect.each([["decoding", "Lenient"], ["echo", "none"]])(
  "an option %s that is none of its values is a ConfigError",
  ([name, value]) =>
    Effect.gen(function*() {
      const options: SignalWireClient.Options = { ...credentials }
      // as a program without types does
      Reflect.set(options, name ?? "", value)
      const error = yield* Effect.flip(Effect.scoped(
        Layer.build(SignalWireClient.layer(options).pipe(Layer.provide(FetchHttpClient.layer)))
      ))
      assert.deepInclude(error, { _op: "InvalidData", path: [name ?? ""] })
    })
)
