/** The faults that a sandbox has now, and what they do to the next request. */
import * as Duration from "effect/Duration"
import * as Utils from "effect/Utils"
import { htmlPage } from "../server/errorResponse.ts"
import type { Decoded } from "./fault.ts"
import type { ScriptedResponse } from "./script.ts"

/** A fault with the number of requests that will have it, and what it remembers of the requests before. */
interface Active {
  readonly fault: Decoded
  left: number
  /** The part of the response that the fault makes; undefined when it does not concern this request. */
  readonly apply: (now: number) => ScriptedResponse | undefined
}

/** The value of `Retry-After`: whole seconds, rounded up. */
const retryAfter = (millis: number) => ({ "retry-after": String(Math.ceil(millis / 1000)) })

/** A log-normal distribution: the normal one by the method of Box and Muller. */
const lognormal = (median: number, sigma: number, seed: number) => {
  const random = new Utils.PCGRandom(seed)
  return (): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.number())) * Math.cos(2 * Math.PI * random.number())
    return median * Math.exp(sigma * normal)
  }
}

/** A bucket that is full at first. Takes a token, or returns the milliseconds until there is one. */
const tokenBucket = (capacity: number, per: number) => {
  let tokens = capacity
  let last: number | undefined
  return (now: number): number => {
    tokens = Math.min(capacity, tokens + (now - (last ?? now)) * capacity / per)
    last = now
    // sums of fractions are a little less than a whole token
    if (tokens < 1 - 1e-9) return (1 - tokens) * per / capacity
    tokens = Math.max(0, tokens - 1)
    return 0
  }
}

const applyOf = (fault: Decoded, index: number): Active["apply"] => {
  switch (fault.type) {
    case "status": {
      const { body, headers = {}, status } = fault
      const delay = fault.retryAfter === undefined ? {} : retryAfter(Duration.toMillis(fault.retryAfter))
      return () => ({ status, headers: { ...delay, ...headers }, ...(body === undefined ? {} : { body }) })
    }
    case "html": {
      const { status = 502 } = fault
      return () => ({ status, headers: { "content-type": "text/html" }, body: fault.body ?? htmlPage(status) })
    }
    case "latency":
      return () => ({ delay: fault.delay })
    case "lognormalLatency": {
      const next = lognormal(Duration.toMillis(fault.median), fault.sigma ?? 0.5, fault.seed ?? index + 1)
      return () => ({ delay: Duration.millis(next()) })
    }
    case "rateLimit": {
      const take = tokenBucket(fault.capacity, Duration.toMillis(fault.per))
      return now => {
        const millis = take(now)
        return millis === 0 ? undefined : { status: 429, headers: retryAfter(millis) }
      }
    }
    default: {
      const { operation: _operation, requests: _requests, ...transmission } = fault
      return () => ({ transmission })
    }
  }
}

/** Delays add up. Of two responses or two transmissions, the first one is used. */
const combine = (one: ScriptedResponse, other: ScriptedResponse): ScriptedResponse => ({
  ...other,
  ...one,
  ...(one.delay === undefined && other.delay === undefined
    ? {}
    : { delay: Duration.sum(one.delay ?? Duration.zero, other.delay ?? Duration.zero) })
})

/** Whether the fault can do something to a request for which the plan is made. */
const isFree = ({ type }: Decoded, plan: ScriptedResponse): boolean =>
  type === "latency" || type === "lognormalLatency"
    ? true
    : type === "status" || type === "html" || type === "rateLimit"
    ? plan.status === undefined
    : plan.transmission === undefined

/** Faults that are replaced together. */
class FaultSet {
  active: ReadonlyArray<Active> = []

  /** Replaces all faults. */
  set(faults: ReadonlyArray<Decoded>): void {
    this.active = faults.map((fault, index) => ({
      fault,
      left: fault.requests ?? Infinity,
      apply: applyOf(fault, index)
    }))
  }

  /** The faults, with the number of requests that will have them. */
  list(): ReadonlyArray<Decoded> {
    return this.active.map(({ fault, left }) => Number.isFinite(left) ? { ...fault, requests: left } : fault)
  }
}

export class Faults {
  /** Those that a test or a program has set. They come before those of the scenario. */
  readonly given = new FaultSet()
  /** Those of the last step `faults` of a scenario. */
  readonly ofScenario = new FaultSet()

  clear(): void {
    this.given.set([])
    this.ofScenario.set([])
  }

  /** The response to the next request for an operation. */
  next(operation: string | undefined, now: number): ScriptedResponse {
    let plan: ScriptedResponse = {}
    for (const active of [...this.given.active, ...this.ofScenario.active]) {
      const { apply, fault } = active
      if (fault.operation !== undefined && fault.operation !== operation || !isFree(fault, plan)) continue
      const part = apply(now)
      if (part === undefined) continue
      plan = combine(plan, part)
      active.left--
    }
    for (const set of [this.given, this.ofScenario]) set.active = set.active.filter(({ left }) => left > 0)
    return plan
  }
}
