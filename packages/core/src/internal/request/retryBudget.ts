/** The tokens that all calls of one client share; see `RequestPolicy.RetryBudget`. */

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
