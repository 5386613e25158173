/** Responses that are given in order, overall or for each id, and the account of what is left. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { Misuse } from "./misuse.ts"

export type Script<A> = ReadonlyArray<A> | { readonly [id: string]: ReadonlyArray<A> }

const isOverall = <A>(script: Script<A>): script is ReadonlyArray<A> => Array.isArray(script)

interface Queue<A> {
  readonly id: string | undefined
  readonly responses: ReadonlyArray<A>
  next: number
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** The position in a script. Ids are compared without regard to case, as UUIDs are. */
export class Cursor<A> {
  readonly #owner: string
  readonly #describe: (response: A) => string
  readonly #queues: ReadonlyArray<Queue<A>>
  #asked = 0

  constructor(owner: string, script: Script<A>, describe: (response: A) => string) {
    this.#owner = owner
    this.#describe = describe
    this.#queues = isOverall(script)
      ? [{ id: undefined, responses: script, next: 0 }]
      : Object.entries(script).map(([id, responses]) => ({ id: id.toLowerCase(), responses, next: 0 }))
  }

  /** The next response for an id, or why there is none. */
  take(id: string): { readonly response: A } | Misuse {
    this.#asked++
    const queue = this.#queues.find(candidate => candidate.id === undefined || candidate.id === id.toLowerCase())
    if (queue === undefined) {
      return new Misuse(
        `${this.#owner}: the script has no responses for ${id}, ${
          this.#queues.length === 0 ? "nor for any other id" : `only for ${this.#queues.map(({ id }) => id).join(", ")}`
        }`
      )
    }
    for (const response of queue.responses.slice(queue.next, queue.next + 1)) {
      queue.next++
      return { response }
    }
    return new Misuse(
      `${this.#owner}: the script has run out. It has ${counted(queue.responses.length, "response")}${
        queue.id === undefined ? "" : ` for ${queue.id}`
      }, and this is request ${queue.id === undefined ? this.#asked : queue.next + 1}, for ${id}`
    )
  }

  /** What nobody asked for, one line each. */
  get unused(): ReadonlyArray<string> {
    return this.#queues.flatMap(({ responses, id, next }) =>
      responses.slice(next).map((response, index) =>
        `${next + index + 1} of ${responses.length}${id === undefined ? "" : ` for ${id}`}: ${this.#describe(response)}`
      )
    )
  }
}

/**
 * Ends a scope with a defect when responses are left. A scope that fails already is left alone, since an end before its time
 * leaves responses too and its own failure is the one to read.
 */
export const mustBeUsedUp = <A>(owner: string, cursor: Cursor<A>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.addFinalizer(exit =>
    Effect.suspend(() => {
      const { unused } = cursor
      return unused.length === 0 || Exit.isFailure(exit)
        ? Effect.void
        : Effect.die(
          new Misuse(
            `${owner}: nobody asked for ${counted(unused.length, "response")} of the script:\n  ${unused.join("\n  ")}`
          )
        )
    })
  )
