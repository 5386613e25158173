/**
 * FIFO queue with O(1) removal (intrusive doubly linked list).
 *
 * It is not a `Set`: each hash table of a `Set` has a pointer to the table that replaced it. A table that is garbage, but in the old
 * generation, retains all later tables and their entries, which took 2.6 µs more for each request.
 */

/** An entry has the links to its neighbors. */
export interface Entry<A> {
  previous: A | undefined
  next: A | undefined
}

export class Queue<A extends Entry<A>> {
  #first: A | undefined
  #last: A | undefined

  get first(): A | undefined {
    return this.#first
  }

  enqueue(entry: A): void {
    entry.previous = this.#last
    if (this.#last === undefined) this.#first = entry
    else this.#last.next = entry
    this.#last = entry
  }

  enqueueFirst(entry: A): void {
    entry.next = this.#first
    if (this.#first === undefined) this.#last = entry
    else this.#first.previous = entry
    this.#first = entry
  }

  /** Removes an entry; does nothing if the entry is not in the queue. */
  remove(entry: A): void {
    const { next, previous } = entry
    if (previous === undefined && this.#first !== entry) return
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    entry.previous = undefined
    entry.next = undefined
  }
}
