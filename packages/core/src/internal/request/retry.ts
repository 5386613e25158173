/**
 * Decides whether an attempt is retried, and after which delay: pure functions, with time and random numbers as arguments.
 * All times are in milliseconds.
 */
import * as Duration from "effect/Duration"
import type { Method } from "../../Endpoint.ts"
import type { Resolved, RetryBudget } from "../../RequestPolicy.ts"
import type { SignalWireError } from "../../SignalWireError.ts"
import { isRetryable } from "./retryable.ts"

type Backoff = Pick<Resolved, "baseDelay" | "maxDelay">

/**
 * The delay before a retry: exponential backoff with jitter. It is between half of a maximum and the maximum, which is
 * `baseDelay`, doubled with each retry, up to `maxDelay`.
 *
 * @param retry the number of the retry, from 1
 * @param random in [0, 1)
 */
export const backoffMillis = (policy: Backoff, retry: number, random: number): number =>
  (0.5 + random / 2) *
  Math.min(Duration.toMillis(policy.maxDelay), Duration.toMillis(policy.baseDelay) * 2 ** (retry - 1))

/**
 * The delay that honors `Retry-After`: the longer one of the backoff and the delay that the server asks for, plus up to a
 * tenth, so that callers do not all retry at the same time. It is in whole milliseconds, like timers, since a sum of
 * fractions could exceed the deadline.
 */
export const delayMillis = (backoff: number, retryAfterMillis: number | undefined, random: number): number =>
  Math.ceil(
    retryAfterMillis === undefined || retryAfterMillis <= 0
      ? backoff
      : Math.max(retryAfterMillis, backoff) * (1 + random / 10)
  )

const costOf = (budget: RetryBudget | null, error: SignalWireError): number => {
  if (budget === null) return 0
  return error._tag === "SignalWireRequestTimeout" ? budget.timeoutCost : budget.retryCost
}

/** The delay that an error has, if it has one. */
export const retryAfterMillis = (error: object): number | undefined =>
  "retryAfter" in error && Duration.isDuration(error.retryAfter) ? Duration.toMillis(error.retryAfter) : undefined

/** Whether a request may be sent twice (RFC 9110, 9.2.2). A call that is not idempotent is retried only when no request was sent. */
const isIdempotent = (method: Method): boolean => method === "GET"

/** A failed attempt. */
export interface Attempted {
  readonly policy: Pick<Resolved, "maxRetries" | "retryBudget"> & Backoff
  readonly error: SignalWireError
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** Milliseconds until the deadline. */
  readonly leftMillis: number
  readonly method: Method
  /** Two numbers in [0, 1): for the backoff, and for the jitter of `Retry-After`. */
  readonly random: readonly [number, number]
}

/** A retry after a delay, if the retry budget has enough tokens for its cost. */
export interface Retry {
  readonly delayMillis: number
  readonly cost: number
}

/**
 * Whether the error, the policy and the method allow a retry, before its delay is known. The pipeline checks it before
 * `decide`, so that final errors draw no random numbers.
 */
export const isAllowed = ({ attempt, error, method, policy }: Omit<Attempted, "leftMillis" | "random">): boolean =>
  isRetryable(error) && attempt <= policy.maxRetries && (isIdempotent(method) || error.requestsSent === 0)

/** Decides on a retry; undefined when the error is final. */
export const decide = (attempted: Attempted): Retry | undefined => {
  if (!isAllowed(attempted)) return undefined
  const { attempt, error, leftMillis, policy, random: [spread, jitter] } = attempted
  const delay = delayMillis(backoffMillis(policy, attempt, spread), retryAfterMillis(error), jitter)
  return delay < leftMillis ? { delayMillis: delay, cost: costOf(policy.retryBudget, error) } : undefined
}
