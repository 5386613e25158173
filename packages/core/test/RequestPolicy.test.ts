import { RequestPolicy, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigError, Duration, Effect, Either, Layer } from "effect"
import { credentials, get, sessions } from "./support/client.ts"
import { noResponse, ok, serverError } from "./support/responses.ts"
import { overHttpClient } from "./support/transports.ts"
import { within } from "./support/within.ts"

const accept = (options: RequestPolicy.Options) => Either.getOrThrow(RequestPolicy.make(options))

const reject = (options: Readonly<Record<string, unknown>>): ConfigError.ConfigError =>
  Either.getOrThrow(Either.flip(Reflect.apply(RequestPolicy.make, undefined, [options])))

const shown = (error: ConfigError.ConfigError): string => Cause.pretty(Cause.fail(error))

const durations = [
  "attemptTimeout",
  "deadline",
  "baseDelay",
  "maxDelay",
  "connectTimeout",
  "maxConnectionAge"
] as const

describe("policies", () => {
  it("RequestPolicy.defaults are the documented values", () => {
    assert.deepStrictEqual({ ...RequestPolicy.defaults }, {
      attemptTimeout: Duration.seconds(10),
      deadline: Duration.seconds(30),
      maxRetries: 2,
      baseDelay: Duration.millis(300),
      maxDelay: Duration.seconds(4),
      retryBudget: { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 },
      rateLimit: null,
      shutdownGrace: Duration.zero,
      maxBodyBytes: 1_048_576,
      maxErrorBodyBytes: 65_536,
      connectTimeout: Duration.seconds(3),
      maxConnections: 32,
      maxConnectionAge: Duration.minutes(5),
      maxHeaderBytes: 16_384
    })
  })

  it("RequestPolicy.noRetries is one attempt, and leaves all other options out", () => {
    assert.deepStrictEqual(Object.keys(RequestPolicy.noRetries), ["maxRetries"])
    assert.strictEqual(RequestPolicy.noRetries.maxRetries, 0)
  })
})

describe("RequestPolicy.make", () => {
  it.each(durations)("the option %s is anything that Duration decodes, below 2^31 ms", option => {
    for (const value of ["10 seconds", 1, 1000n, Duration.minutes(1), 2 ** 31 - 1] as const) {
      assert.deepStrictEqual(accept({ [option]: value })[option], Duration.decode(value))
    }
  })

  it.each(durations)("the option %s is rejected where a timer cannot have that delay", option => {
    for (const value of [0, -1, NaN, Infinity, 2 ** 31, "0 millis", "-1 seconds", "25 days", Duration.infinity]) {
      assert.include(shown(reject({ [option]: value })), option)
    }
    for (const value of ["soon", "10", null, {}, true]) assert.include(shown(reject({ [option]: value })), "10 seconds")
  })

  it.each(["maxRetries", "maxBodyBytes", "maxErrorBodyBytes", "maxConnections", "maxHeaderBytes"])(
    "the option %s is a whole number",
    option => {
      for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53, "2", null, 2n]) {
        assert.include(shown(reject({ [option]: value })), "a whole number")
      }
    }
  )

  it("0 is accepted for maxRetries and maxErrorBodyBytes, and rejected for maxConnections, maxBodyBytes and maxHeaderBytes", () => {
    assert.deepInclude(accept({ maxRetries: 0, maxErrorBodyBytes: 0 }), { maxRetries: 0, maxErrorBodyBytes: 0 })
    for (const option of ["maxConnections", "maxBodyBytes", "maxHeaderBytes"]) reject({ [option]: 0 })
  })

  it("a retry budget is null, or has all its numbers, none of them negative", () => {
    assert.isNull(accept({ retryBudget: null }).retryBudget)
    const budget = { capacity: 0, retryCost: 0.5, timeoutCost: 0, refill: 0 }
    assert.deepStrictEqual(accept({ retryBudget: budget }).retryBudget, budget)
    for (
      const value of [{}, { ...budget, refill: -1 }, { ...budget, capacity: NaN }, { capacity: 1 }, 100, "100", []]
    ) {
      assert.include(shown(reject({ retryBudget: value })), "capacity, retryCost, timeoutCost, refill")
    }
  })

  it("a rate limit is null, or has a limit of at least 1 and an interval above zero", () => {
    assert.isNull(accept({ rateLimit: null }).rateLimit)
    assert.deepStrictEqual(
      accept({ rateLimit: { limit: 10, interval: "1 second" } }).rateLimit,
      { limit: 10, interval: Duration.seconds(1) }
    )
    for (
      const value of [{}, 10, "10", { limit: 0, interval: 1 }, { limit: 1, interval: 0 }, {
        limit: 1,
        interval: "soon"
      }]
    ) assert.include(shown(reject({ rateLimit: value })), "{ limit, interval }")
  })

  it("shutdownGrace can be zero, and is rejected where it is negative or too long for a timer", () => {
    assert.deepStrictEqual(accept({ shutdownGrace: 0 }).shutdownGrace, Duration.zero)
    assert.deepStrictEqual(accept({ shutdownGrace: "5 seconds" }).shutdownGrace, Duration.seconds(5))
    for (const value of [-1, "-5 seconds", -1n, 2 ** 31, Infinity, NaN, "soon", null]) {
      assert.include(shown(reject({ shutdownGrace: value })), "shutdownGrace")
    }
  })

  it("all wrong options are reported together, those that do not exist included", () => {
    const text = shown(reject({ maxRetries: -1, deadline: 0, timeout: 5 }))
    for (const name of ["maxRetries", "deadline", "timeout"]) assert.include(text, name)
    assert.include(text, "attemptTimeout")
  })

  it("an option that is left out or undefined stays out, and a validated policy is returned as it is", () => {
    const spread: { readonly deadline?: Duration.Duration } = Object.fromEntries([["deadline", undefined]])
    assert.deepStrictEqual(Object.keys(accept(spread)), [])
    const policy = accept({ maxRetries: 1 })
    assert.strictEqual(accept(policy), policy)
  })

  it("a copy of a policy with other values is validated as any options", () => {
    for (const policy of [RequestPolicy.defaults, RequestPolicy.noRetries, accept({ maxRetries: 1 })]) {
      assert.include(shown(reject({ ...policy, deadline: "30 days", maxRetries: NaN })), "maxRetries")
      assert.deepInclude(accept({ ...policy, maxRetries: 7 }), { maxRetries: 7 })
    }
  })

  it.effect("a wrong policy fails the layer with a ConfigError", () =>
    Effect.gen(function*() {
      const client = SignalWireClient.layer({ ...credentials, policy: { maxRetries: -1 } })
      const error = yield* Effect.flip(Layer.build(Layer.provide(client, overHttpClient(serverError).layer)))
      assert.isTrue(ConfigError.isConfigError(error))
    }).pipe(Effect.scoped))
})

describe("RequestPolicy.with", () => {
  it.effect("RequestPolicy.with changes every call of its effect, and no other", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(serverError)
      const call = Effect.exit(get())
      const counts: Array<number> = []
      const count = Effect.sync(() => counts.push(transport.requests.length))
      yield* within("1 minute")(
        Effect.all([
          RequestPolicy.with(RequestPolicy.noRetries)(Effect.zipRight(call, call)),
          count,
          call,
          count
        ]).pipe(Effect.provide(sessions(transport)))
      )
      assert.deepStrictEqual(counts, [2, 5])
    }))

  it.effect("RequestPolicy.with nests: an option that the inner one leaves out is that of the outer one", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(noResponse)
      const error = yield* get().pipe(
        RequestPolicy.with({ attemptTimeout: "20 millis" }),
        RequestPolicy.with({ attemptTimeout: "1 second", maxRetries: 0 }),
        Effect.provide(sessions(transport)),
        Effect.flip,
        within("20 millis")
      )
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.effect("RequestPolicy.with leaves the other options of the layer", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(noResponse)
      const error = yield* get().pipe(
        RequestPolicy.with({ maxRetries: 0 }),
        Effect.provide(sessions(transport, { policy: { attemptTimeout: "40 millis" } })),
        Effect.flip,
        within("40 millis")
      )
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.effect("RequestPolicy.with changes the calls of fibers that its effect forks", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(serverError)
      yield* Effect.all([Effect.exit(get()), Effect.exit(get())], { concurrency: 2 }).pipe(
        RequestPolicy.with(RequestPolicy.noRetries),
        Effect.provide(sessions(transport)),
        within(0)
      )
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("the error of an option that does not exist names the options that RequestPolicy.with has", () =>
    Effect.gen(function*() {
      const override = Object.fromEntries([["timeout", 5]])
      const error = yield* Effect.flip(RequestPolicy.with(override)(Effect.void))
      assert.include(
        shown(error),
        "attemptTimeout, deadline, maxRetries, baseDelay, maxDelay, retryBudget, maxBodyBytes, maxErrorBodyBytes"
      )
      for (
        const option of [
          "rateLimit",
          "shutdownGrace",
          "connectTimeout",
          "maxConnections",
          "maxConnectionAge",
          "maxHeaderBytes"
        ]
      ) {
        assert.notInclude(shown(error), option)
        assert.include(shown(reject({ timeout: 5 })), option)
      }
      for (const text of [shown(error), shown(reject({ timeout: 5 }))]) {
        assert.include(text, "; there is no option timeout")
      }
      const ofLayer = yield* Effect.flip(RequestPolicy.with(Object.fromEntries([["maxConnections", 5]]))(Effect.void))
      assert.include(shown(ofLayer), "; maxConnections is read when the layer is built")
    }))

  it.effect.each<readonly [option: string, value: RequestPolicy.Options[keyof RequestPolicy.Options]]>([
    ["maxConnections", 1],
    ["rateLimit", { limit: 1, interval: "1 hour" }]
  ])(
    "%s, which is read when a layer is built, is a ConfigError of RequestPolicy.with, and ignored in a policy of make",
    ([
      option,
      value
    ]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(RequestPolicy.with(Object.fromEntries([[option, value]]))(Effect.void))
        assert.deepStrictEqual(
          error,
          ConfigError.InvalidData(
            ["policy", option],
            "Expected one of attemptTimeout, deadline, maxRetries, baseDelay, maxDelay, retryBudget, maxBodyBytes, " +
              "maxErrorBodyBytes"
          )
        )
        const policy = accept({ [option]: value })
        const transport = overHttpClient(ok)
        yield* Effect.zip(get(), get()).pipe(RequestPolicy.with(policy), Effect.provide(sessions(transport)), within(0))
        assert.strictEqual(transport.requests.length, 2)
      })
  )

  it.effect("wrong options of RequestPolicy.with are a ConfigError, and nothing is sent", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(serverError)
      const error = yield* get().pipe(
        RequestPolicy.with({ deadline: -1, maxRetries: 0.5 }),
        Effect.provide(sessions(transport)),
        Effect.flip
      )
      assert.isTrue(ConfigError.isConfigError(error))
      assert.strictEqual(transport.requests.length, 0)
    }))
})
