import { RequestPolicy, SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, FastCheck, Random } from "effect"
import { type Attempted, backoffMillis, decide, delayMillis } from "../../src/internal/request/retry.ts"
import { Tokens } from "../../src/internal/request/retryBudget.ts"

const policy = RequestPolicy.defaults
const zeroToOne = FastCheck.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe("backoff", () => {
  it.effect("10,000 samples lie between half and whole of the formula, and come close to both", () =>
    Effect.gen(function*() {
      for (const retry of [1, 2, 3, 4, 5, 12]) {
        const whole = Math.min(4000, 300 * 2 ** (retry - 1))
        const samples = yield* Effect.replicateEffect(
          Effect.map(Random.next, random => backoffMillis(policy, retry, random)),
          10_000
        )
        const least = Math.min(...samples)
        const most = Math.max(...samples)
        assert.isAtLeast(least, whole / 2)
        assert.isBelow(most, whole)
        assert.isBelow(least, whole * 0.505)
        assert.isAbove(most, whole * 0.995)
      }
    }).pipe(Effect.withRandom(Random.make("backoff"))))

  it.prop("stays in its bounds for every policy, retry and random number", [
    FastCheck.integer({ min: 1, max: 60_000 }),
    FastCheck.integer({ min: 1, max: 600_000 }),
    FastCheck.integer({ min: 1, max: 2000 }),
    zeroToOne
  ], ([base, max, retry, random]) => {
    const backoff = backoffMillis(
      { baseDelay: Duration.millis(base), maxDelay: Duration.millis(max) },
      retry,
      random
    )
    assert.isAtLeast(backoff, Math.min(max, base) / 2)
    assert.isAtMost(backoff, max)
  }, { fastCheck: { numRuns: 1000 } })
})

describe("the delay that honors Retry-After", () => {
  it.prop("is never shorter than the backoff nor than what the server asks, and at most a tenth longer", [
    FastCheck.double({ min: 0.5, max: 10_000, noNaN: true }),
    FastCheck.option(FastCheck.integer({ min: -10, max: 100_000 }), { nil: undefined }),
    zeroToOne
  ], ([backoff, asked, random]) => {
    const wait = delayMillis(backoff, asked, random)
    const longer = Math.max(backoff, asked ?? 0)
    assert.isAtLeast(wait, longer)
    assert.isAtMost(wait, Math.ceil(longer * 1.1))
    assert.isTrue(Number.isInteger(wait))
    if (asked === undefined || asked <= 0) assert.strictEqual(wait, Math.ceil(backoff))
  }, { fastCheck: { numRuns: 1000 } })
})

describe("the decision on a retry", () => {
  const { InternalServerError, NotFound, RateLimited, RequestTimeout, TransportError } = SignalWireError
  const attempted: Attempted = {
    policy,
    error: new InternalServerError(),
    attempt: 1,
    leftMillis: 30_000,
    isIdempotent: true,
    random: [0, 0]
  }
  const minute = Duration.minutes(1)

  it.each<readonly [name: string, changes: Partial<Attempted>, retry: ReturnType<typeof decide>]>([
    ["a 500", {}, { delayMillis: 150, cost: 5 }],
    ["a 500 after the first retry", { attempt: 2 }, { delayMillis: 300, cost: 5 }],
    ["a 500 after the last retry", { attempt: 3 }, undefined],
    ["a 500 without retries", { policy: { ...policy, maxRetries: 0 } }, undefined],
    ["a 500 with random numbers close to 1", { random: [0.999, 0.999] }, { delayMillis: 300, cost: 5 }],
    ["a 404", { error: new NotFound() }, undefined],
    ["a timeout of an attempt", { error: new RequestTimeout() }, { delayMillis: 150, cost: 10 }],
    ["the deadline", { error: new RequestTimeout({ phase: "deadline" }) }, undefined],
    ["a reset connection", { error: new TransportError({ reason: "Reset" }) }, { delayMillis: 150, cost: 5 }],
    ["a certificate", { error: new TransportError({ reason: "Tls" }) }, undefined],
    ["without a budget", { policy: { ...policy, retryBudget: null } }, { delayMillis: 150, cost: 0 }],
    ["Retry-After", { error: new RateLimited({ retryAfter: Duration.seconds(2) }) }, { delayMillis: 2000, cost: 5 }],
    ["Retry-After beyond the deadline", { error: new RateLimited({ retryAfter: minute }) }, undefined],
    ["a delay beyond the deadline", { leftMillis: 150 }, undefined],
    ["a delay just before the deadline", { leftMillis: 150.5 }, { delayMillis: 150, cost: 5 }],
    ["a request that may not be sent twice", { isIdempotent: false }, undefined],
    [
      "a request that may not be sent twice and was not sent",
      { isIdempotent: false, error: new TransportError({ reason: "Refused", requestsSent: 0 }) },
      { delayMillis: 150, cost: 5 }
    ]
  ])("of %s", (_, changes, retry) => assert.deepStrictEqual(decide({ ...attempted, ...changes }), retry))

  it.prop("never retries what is not retryable, nor more often than the policy says, nor beyond the deadline", [
    FastCheck.integer({ min: 0, max: 5 }),
    FastCheck.integer({ min: 1, max: 8 }),
    FastCheck.double({ min: 0, max: 60_000, noNaN: true }),
    FastCheck.boolean(),
    FastCheck.tuple(zeroToOne, zeroToOne),
    FastCheck.constantFrom(
      new InternalServerError(),
      new NotFound(),
      new RateLimited({ retryAfter: Duration.seconds(7) }),
      new RequestTimeout(),
      new TransportError({ reason: "Refused", requestsSent: 0 })
    )
  ], ([retries, attempt, leftMillis, isIdempotent, random, error]) => {
    const retry = decide({
      policy: { ...policy, maxRetries: retries },
      error,
      attempt,
      leftMillis,
      isIdempotent,
      random
    })
    if (retry === undefined) return
    assert.isTrue(error.isRetryable)
    assert.isAtMost(attempt, retries)
    assert.isBelow(retry.delayMillis, leftMillis)
    assert.isTrue(isIdempotent || error.requestsSent === 0)
    if ("retryAfter" in error) assert.isAtLeast(retry.delayMillis, 7000)
  }, { fastCheck: { numRuns: 1000 } })
})

describe("retry budget", () => {
  const budget = { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 }

  it("lends as many retries as its tokens allow, and no more", () => {
    const tokens = new Tokens(budget.capacity)
    assert.strictEqual(Array.from({ length: 50 }, () => tokens.take(budget.retryCost)).filter(Boolean).length, 20)
  })

  it("refills, and never above its capacity", () => {
    const tokens = new Tokens(10)
    for (let i = 0; i < 100; i++) tokens.put(1)
    assert.isTrue(tokens.take(10))
    assert.isFalse(tokens.take(1))
    tokens.put(1)
    assert.isTrue(tokens.take(1))
  })

  it("a refusal takes nothing", () => {
    const tokens = new Tokens(4)
    assert.isFalse(tokens.take(5))
    assert.isTrue(tokens.take(4))
  })
})
