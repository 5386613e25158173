/** The token bucket that all calls of one client share; see `RequestPolicy.RetryBudget`. */

export class TokenBucket {
  #left: number
  readonly #capacity: number

  constructor(capacity: number) {
    this.#left = capacity
    this.#capacity = capacity
  }

  /** Takes tokens if there are enough, and returns whether it did. */
  take(cost: number): boolean {
    if (cost > this.#left) return false
    this.#left -= cost
    return true
  }

  put(count: number): void {
    this.#left = Math.min(this.#capacity, this.#left + count)
  }
}
