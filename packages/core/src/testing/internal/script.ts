/** Answers that are given in order, overall or for each id, and the account of what is left. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { Misuse } from "./misuse.ts"

export type Script<A> = ReadonlyArray<A> | { readonly [id: string]: ReadonlyArray<A> }

const isOverall = <A>(script: Script<A>): script is ReadonlyArray<A> => Array.isArray(script)

interface Queue<A> {
  readonly id: string | undefined
  readonly answers: ReadonlyArray<A>
  next: number
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** The position in a script. Ids are compared without regard to case, as UUIDs are. */
export class Cursor<A> {
  readonly #owner: string
  readonly #describe: (answer: A) => string
  readonly #queues: ReadonlyArray<Queue<A>>
  #asked = 0

  constructor(owner: string, script: Script<A>, describe: (answer: A) => string) {
    this.#owner = owner
    this.#describe = describe
    this.#queues = isOverall(script)
      ? [{ id: undefined, answers: script, next: 0 }]
      : Object.entries(script).map(([id, answers]) => ({ id: id.toLowerCase(), answers, next: 0 }))
  }

  /** The next answer for an id, or why there is none. */
  take(id: string): { readonly answer: A } | Misuse {
    this.#asked++
    const queue = this.#queues.find(candidate => candidate.id === undefined || candidate.id === id.toLowerCase())
    if (queue === undefined) {
      return new Misuse(
        `${this.#owner}: the script has no answers for ${id}, ${
          this.#queues.length === 0 ? "nor for any other id" : `only for ${this.#queues.map(({ id }) => id).join(", ")}`
        }`
      )
    }
    for (const answer of queue.answers.slice(queue.next, queue.next + 1)) {
      queue.next++
      return { answer }
    }
    return new Misuse(
      `${this.#owner}: the script has run out. It has ${counted(queue.answers.length, "answer")}${
        queue.id === undefined ? "" : ` for ${queue.id}`
      }, and this is request ${queue.id === undefined ? this.#asked : queue.next + 1}, for ${id}`
    )
  }

  /** What nobody asked for, one line each. */
  get unused(): ReadonlyArray<string> {
    return this.#queues.flatMap(({ answers, id, next }) =>
      answers.slice(next).map((answer, index) =>
        `${next + index + 1} of ${answers.length}${id === undefined ? "" : ` for ${id}`}: ${this.#describe(answer)}`
      )
    )
  }
}

/**
 * Ends a scope with a defect when answers are left. A scope that fails already is left alone, since an end before its time
 * leaves answers too and its own failure is the one to read.
 */
export const mustBeUsedUp = <A>(owner: string, cursor: Cursor<A>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.addFinalizer(exit =>
    Effect.suspend(() => {
      const { unused } = cursor
      return unused.length === 0 || Exit.isFailure(exit)
        ? Effect.void
        : Effect.die(
          new Misuse(
            `${owner}: nobody asked for ${counted(unused.length, "answer")} of the script:\n  ${unused.join("\n  ")}`
          )
        )
    })
  )
