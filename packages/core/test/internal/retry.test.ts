import { RequestPolicy, SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, FastCheck, Random } from "effect"
import { type Attempted, backoffMillis, decide, delayMillis } from "../../src/internal/request/retry.ts"
import { TokenBucket } from "../../src/internal/request/retryBudget.ts"

const policy = RequestPolicy.defaults
const zeroToOne = FastCheck.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe("backoff", () => {
  it.effect("10,000 backoffs are between half and all of the formula, and come close to both", () =>
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

  it.prop("the backoff is within its bounds for every policy, retry and random number", [
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
  it.prop("the delay is at least the backoff and the delay that the server asks for, and at most a tenth longer", [
    FastCheck.double({ min: 0.5, max: 10_000, noNaN: true }),
    FastCheck.option(FastCheck.integer({ min: -10, max: 100_000 }), { nil: undefined }),
    zeroToOne
  ], ([backoff, requested, random]) => {
    const delay = delayMillis(backoff, requested, random)
    const longer = Math.max(backoff, requested ?? 0)
    assert.isAtLeast(delay, longer)
    assert.isAtMost(delay, Math.ceil(longer * 1.1))
    assert.isTrue(Number.isInteger(delay))
    if (requested === undefined || requested <= 0) assert.strictEqual(delay, Math.ceil(backoff))
  }, { fastCheck: { numRuns: 1000 } })
})

describe("the decision on a retry", () => {
  const { InternalServerError, NotFound, RateLimited, RequestTimeout, TransportError } = SignalWireError
  const attempted: Attempted = {
    policy,
    error: new InternalServerError(),
    attempt: 1,
    leftMillis: 30_000,
    method: "GET",
    random: [0, 0]
  }
  const rateLimited = (retryAfter: Duration.Duration) => new RateLimited({ retryAfter })
  const notSent = new TransportError({ reason: "Refused", requestsSent: 0 })

  it.each<readonly [sentence: string, changes: Partial<Attempted>, delayMillis: number, cost: number]>([
    ["a 500 is retried after a part of the base delay", {}, 150, 5],
    ["a 500 is retried after the whole base delay at most", { random: [0.999, 0.999] }, 300, 5],
    ["the second retry has twice the delay of the first", { attempt: 2 }, 300, 5],
    ["a timeout of an attempt is retried, and costs more", { error: new RequestTimeout() }, 150, 10],
    ["a reset connection is retried", { error: new TransportError({ reason: "Reset" }) }, 150, 5],
    ["a retry without a budget costs nothing", { policy: { ...policy, retryBudget: null } }, 150, 0],
    ["a 429 is retried after the delay that the server asks for", { error: rateLimited(Duration.seconds(2)) }, 2000, 5],
    [
      "a 429 that asks for no delay is retried after the backoff alone",
      {
        error: rateLimited(Duration.zero),
        random: [0, 0.999]
      },
      150,
      5
    ],
    ["a retry just before the deadline is made", { leftMillis: 150.5 }, 150, 5],
    ["a POST that was not sent is retried", { method: "POST", error: notSent }, 150, 5]
  ])(
    "%s",
    (_, changes, delayMillis, cost) =>
      assert.deepStrictEqual(decide({ ...attempted, ...changes }), { delayMillis, cost })
  )

  it.each<readonly [sentence: string, changes: Partial<Attempted>]>([
    ["a 500 is not retried after the last retry", { attempt: 3 }],
    ["a 500 is not retried by a policy without retries", { policy: { ...policy, maxRetries: 0 } }],
    ["a 404 is not retried", { error: new NotFound() }],
    ["the deadline is not retried", { error: new RequestTimeout({ phase: "deadline" }) }],
    ["an invalid certificate is not retried", { error: new TransportError({ reason: "Tls" }) }],
    ["a 429 is not retried when the server asks for a delay beyond the deadline", {
      error: rateLimited(Duration.minutes(1))
    }],
    ["a retry at the deadline is not made", { leftMillis: 150 }],
    ["a POST that was sent is not retried", { method: "POST" }]
  ])("%s", (_, changes) => assert.isUndefined(decide({ ...attempted, ...changes })))

  it.prop(
    "only temporary errors are retried, within the retries and the deadline of the policy, and a POST only unsent",
    [
      FastCheck.integer({ min: 0, max: 5 }),
      FastCheck.integer({ min: 1, max: 8 }),
      FastCheck.double({ min: 0, max: 60_000, noNaN: true }),
      FastCheck.constantFrom("GET" as const, "POST" as const),
      FastCheck.tuple(zeroToOne, zeroToOne),
      SignalWireError.SignalWireError
    ],
    ([maxRetries, attempt, leftMillis, method, random, error]) => {
      const decision = decide({ policy: { ...policy, maxRetries }, error, attempt, leftMillis, method, random })
      const isAllowed = error.isRetryable && attempt <= maxRetries && (method === "GET" || error.requestsSent === 0)
      if (decision === undefined) return
      assert.isTrue(isAllowed)
      assert.isBelow(decision.delayMillis, leftMillis)
      if ("retryAfter" in error && error.retryAfter !== undefined) {
        assert.isAtLeast(decision.delayMillis, Duration.toMillis(error.retryAfter))
      }
    },
    { fastCheck: { numRuns: 1000 } }
  )

  it.prop("every temporary error is retried where there are retries and time left", [
    SignalWireError.SignalWireError,
    FastCheck.tuple(zeroToOne, zeroToOne)
  ], ([error, random]) => {
    FastCheck.pre(!("retryAfter" in error && error.retryAfter !== undefined && !Duration.isFinite(error.retryAfter)))
    const decision = decide({ ...attempted, error, leftMillis: Number.MAX_VALUE, random })
    assert.strictEqual(decision !== undefined, error.isRetryable)
  }, { fastCheck: { numRuns: 1000 } })
})

describe("temporary errors", () => {
  const { TransportError } = SignalWireError

  const proxyErrors = (statuses: ReadonlyArray<number>, isRetryable: boolean) =>
    statuses.map(status =>
      [
        `the status ${status} of a proxy`,
        new TransportError({ reason: "Proxy", code: `ERR_PROXY_STATUS_${status}` }),
        isRetryable
      ] as const
    )

  it.each<readonly [what: string, error: SignalWireError.SignalWireError, isRetryable: boolean]>([
    ["a 500", new SignalWireError.InternalServerError(), true],
    ["a 429", new SignalWireError.RateLimited(), true],
    ["a 503", new SignalWireError.ServerUnavailable(), true],
    ["a timeout of an attempt", new SignalWireError.RequestTimeout({ phase: "attempt" }), true],
    ["a timeout of the deadline", new SignalWireError.RequestTimeout({ phase: "deadline" }), false],
    ["a refused connection", new TransportError({ reason: "Refused" }), true],
    ["a reset connection", new TransportError({ reason: "Reset" }), true],
    ["a truncated response", new TransportError({ reason: "Truncated" }), true],
    ["a temporary error of DNS", new TransportError({ reason: "Dns", code: "EAI_AGAIN" }), true],
    ["another error of DNS", new TransportError({ reason: "Dns", code: "ENOTFOUND" }), false],
    [
      "an error of the network without further information",
      new TransportError({ reason: "Other", code: "ERR_NETWORK" }),
      true
    ],
    ["another error with a code", new TransportError({ reason: "Other", code: "EACCES" }), false],
    ["another error without a code", new TransportError({ reason: "Other" }), false],
    ["an error of TLS", new TransportError({ reason: "Tls", code: "EAI_AGAIN" }), false],
    ["a malformed response", new TransportError({ reason: "Malformed" }), false],
    ["a rejected tunnel", new TransportError({ reason: "Proxy" }), false],
    ...proxyErrors([408, 429, 500, 502, 503, 504], true),
    ...proxyErrors([400, 403, 404, 407, 501, 5000], false),
    ["a closed client", new TransportError({ reason: "Closed" }), false],
    ["a 400", new SignalWireError.BadRequest(), false],
    ["a 401", new SignalWireError.Unauthorized(), false],
    ["a 404", new SignalWireError.NotFound(), false],
    ["a 422", new SignalWireError.UnprocessableContent(), false],
    ["another status", new SignalWireError.UnexpectedStatus({ status: 418 }), false],
    ["an invalid response", new SignalWireError.InvalidResponse({ reason: "TooLarge" }), false],
    ["an invalid request", new SignalWireError.InvalidRequest(), false]
  ])("%s has isRetryable as documented", (_, error, isRetryable) => assert.strictEqual(error.isRetryable, isRetryable))
})

describe("retry budget", () => {
  const budget = { capacity: 100, retryCost: 5, timeoutCost: 10, refill: 1 }

  it("a budget of 100 tokens allows 20 retries of 5 tokens each", () => {
    const tokens = new TokenBucket(budget.capacity)
    assert.strictEqual(Array.from({ length: 50 }, () => tokens.take(budget.retryCost)).filter(Boolean).length, 20)
  })

  it("a budget is refilled up to its capacity", () => {
    const tokens = new TokenBucket(10)
    for (let i = 0; i < 100; i++) tokens.put(1)
    assert.isTrue(tokens.take(10))
    assert.isFalse(tokens.take(1))
    tokens.put(1)
    assert.isTrue(tokens.take(1))
  })

  it("each change of a budget is reported, and nothing else", () => {
    const changes: Array<number> = []
    const tokens = new TokenBucket(10, left => void changes.push(left))
    tokens.put(1)
    tokens.take(11)
    tokens.take(4)
    tokens.put(1)
    tokens.put(9)
    tokens.put(1)
    assert.deepStrictEqual(changes, [6, 7, 10])
  })

  it("a budget with too few tokens for a retry keeps them", () => {
    const tokens = new TokenBucket(4)
    assert.isFalse(tokens.take(5))
    assert.isTrue(tokens.take(4))
  })
})
