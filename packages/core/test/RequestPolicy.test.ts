import { RequestPolicy, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigError, Duration, Effect, Either, Layer } from "effect"
import { credentials, get, sessions } from "./support/client.ts"
import { noResponse, serverError } from "./support/responses.ts"
import { overHttpClient } from "./support/transports.ts"
import { within } from "./support/within.ts"

const accept = (options: RequestPolicy.Options) => Either.getOrThrow(RequestPolicy.make(options))

const refuse = (options: Readonly<Record<string, unknown>>): ConfigError.ConfigError =>
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

describe("the default", () => {
  it("is what is documented", () => {
    assert.deepStrictEqual({ ...RequestPolicy.defaults }, {
      attemptTimeout: Duration.seconds(10),
      deadline: Duration.seconds(30),
      maxRetries: 2,
      baseDelay: Duration.millis(300),
      maxDelay: Duration.seconds(4),
      retryBudget: { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 },
      maxBodyBytes: 1_048_576,
      maxErrorBodyBytes: 65_536,
      connectTimeout: Duration.seconds(3),
      maxConnections: 32,
      maxConnectionAge: Duration.minutes(5),
      maxHeaderBytes: 16_384
    })
  })

  it("none is one attempt, and says nothing of limits", () => {
    assert.deepStrictEqual(Object.keys(RequestPolicy.noRetries), ["maxRetries"])
    assert.strictEqual(RequestPolicy.noRetries.maxRetries, 0)
  })
})

describe("checking", () => {
  it.each(durations)("%s may be anything that Duration reads, up to 2^31 ms", option => {
    for (const value of ["10 seconds", 1, 1000n, Duration.minutes(1), 2 ** 31 - 1] as const) {
      assert.deepStrictEqual(accept({ [option]: value })[option], Duration.decode(value))
    }
  })

  it.each(durations)("%s is refused when it is no time that timers can do", option => {
    for (const value of [0, -1, NaN, Infinity, 2 ** 31, "0 millis", "-1 seconds", "25 days", Duration.infinity]) {
      assert.include(shown(refuse({ [option]: value })), option)
    }
    for (const value of ["soon", "10", null, {}, true]) assert.include(shown(refuse({ [option]: value })), "10 seconds")
  })

  it.each(["maxRetries", "maxBodyBytes", "maxErrorBodyBytes", "maxConnections", "maxHeaderBytes"])(
    "%s is a whole number",
    option => {
      for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53, "2", null, 2n]) {
        assert.include(shown(refuse({ [option]: value })), "a whole number")
      }
    }
  )

  it("zero retries and zero bytes of an error are fine, no connections and no body are not", () => {
    assert.deepInclude(accept({ maxRetries: 0, maxErrorBodyBytes: 0 }), { maxRetries: 0, maxErrorBodyBytes: 0 })
    for (const option of ["maxConnections", "maxBodyBytes", "maxHeaderBytes"]) refuse({ [option]: 0 })
  })

  it("a retry budget is null, or says everything in numbers that are not negative", () => {
    assert.isNull(accept({ retryBudget: null }).retryBudget)
    const budget = { capacity: 0, retryCost: 0.5, timeoutCost: 0, refill: 0 }
    assert.deepStrictEqual(accept({ retryBudget: budget }).retryBudget, budget)
    for (
      const value of [{}, { ...budget, refill: -1 }, { ...budget, capacity: NaN }, { capacity: 1 }, 100, "100", []]
    ) {
      assert.include(shown(refuse({ retryBudget: value })), "capacity, retryCost, timeoutCost, refill")
    }
  })

  it("all wrong values are reported at once, a option that does not exist among them", () => {
    const text = shown(refuse({ maxRetries: -1, deadline: 0, timeout: 5 }))
    for (const name of ["maxRetries", "deadline", "timeout"]) assert.include(text, name)
    assert.include(text, "attemptTimeout")
  })

  it("what is left out or undefined stays out, and what was checked stays as it is", () => {
    const spread: { readonly deadline?: Duration.Duration } = Object.fromEntries([["deadline", undefined]])
    assert.deepStrictEqual(Object.keys(accept(spread)), [])
    const policy = accept({ maxRetries: 1 })
    assert.strictEqual(accept(policy), policy)
  })

  it("a copy of a policy with other values is checked like any options", () => {
    for (const policy of [RequestPolicy.defaults, RequestPolicy.noRetries, accept({ maxRetries: 1 })]) {
      assert.include(shown(refuse({ ...policy, deadline: "30 days", maxRetries: NaN })), "maxRetries")
      assert.deepInclude(accept({ ...policy, maxRetries: 7 }), { maxRetries: 7 })
    }
  })

  it.effect("a wrong policy fails the layer with a ConfigError", () =>
    Effect.gen(function*() {
      const client = SignalWireClient.layer({ ...credentials, policy: { maxRetries: -1 } })
      const failure = yield* Effect.flip(Layer.build(Layer.provide(client, overHttpClient(serverError).layer)))
      assert.isTrue(ConfigError.isConfigError(failure))
    }).pipe(Effect.scoped))
})

describe("with", () => {
  it.effect("changes every call inside, and none outside", () =>
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

  it.effect("nests: what the inner one leaves out stays as the outer one has it", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(noResponse)
      const failure = yield* get().pipe(
        RequestPolicy.with({ attemptTimeout: "20 millis" }),
        RequestPolicy.with({ attemptTimeout: "1 second", maxRetries: 0 }),
        Effect.provide(sessions(transport)),
        Effect.flip,
        within("20 millis")
      )
      assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.effect("leaves what the layer says about the rest", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(noResponse)
      const failure = yield* get().pipe(
        RequestPolicy.with({ maxRetries: 0 }),
        Effect.provide(sessions(transport, { policy: { attemptTimeout: "40 millis" } })),
        Effect.flip,
        within("40 millis")
      )
      assert.deepInclude(failure, { _tag: "SignalWireRequestTimeout", attempts: 1 })
    }))

  it.effect("reaches the fibers that are forked inside", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(serverError)
      yield* Effect.all([Effect.exit(get()), Effect.exit(get())], { concurrency: 2 }).pipe(
        RequestPolicy.with(RequestPolicy.noRetries),
        Effect.provide(sessions(transport)),
        within(0)
      )
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("what cannot be is a ConfigError, and nothing is sent", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(serverError)
      const failure = yield* get().pipe(
        RequestPolicy.with({ deadline: -1, maxRetries: 0.5 }),
        Effect.provide(sessions(transport)),
        Effect.flip
      )
      assert.isTrue(ConfigError.isConfigError(failure))
      assert.strictEqual(transport.requests.length, 0)
    }))
})
