/** The token bucket that all calls of one client share; see `RequestPolicy.RetryBudget`. */

export class TokenBucket {
  #left: number
  readonly #capacity: number
  readonly #onChange: ((left: number) => void) | undefined

  constructor(capacity: number, onChange?: (left: number) => void) {
    this.#left = capacity
    this.#capacity = capacity
    this.#onChange = onChange
  }

  /** Takes tokens if there are enough, and returns whether it did. */
  take(cost: number): boolean {
    if (cost > this.#left) return false
    this.#set(this.#left - cost)
    return true
  }

  put(count: number): void {
    this.#set(Math.min(this.#capacity, this.#left + count))
  }

  #set(left: number): void {
    if (left === this.#left) return
    this.#left = left
    this.#onChange?.(left)
  }
}
