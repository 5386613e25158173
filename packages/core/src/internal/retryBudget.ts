/** The tokens that all calls of one client share; see `RequestPolicy.RetryBudget`. */
import type { RetryBudget } from "../RequestPolicy.ts"

export class Tokens {
  #left: number
  readonly #capacity: number

  constructor(capacity: number) {
    this.#left = capacity
    this.#capacity = capacity
  }

  /** Whether there were enough; they are gone then. */
  take(cost: number): boolean {
    if (cost > this.#left) return false
    this.#left -= cost
    return true
  }

  put(count: number): void {
    this.#left = Math.min(this.#capacity, this.#left + count)
  }
}

export const costOf = (budget: RetryBudget, afterTimeout: boolean): number =>
  afterTimeout ? budget.timeoutCost : budget.retryCost
