/** The position in a script. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { Endpoint } from "../../Endpoint.ts"
import type { Parameters } from "../../internal/request/parameters.ts"
import { encodeParameters, labelOf, type Operation, type TextParameters } from "./operations.ts"
import { TestSetupError } from "./testSetupError.ts"

interface When<A> {
  readonly _tag: "When"
  readonly operation: string
  readonly parameters: Parameters
  readonly responses: ReadonlyArray<A>
}

/** The common form of the scripts of all layers. */
export type AnyScript<A> = ReadonlyArray<A> | ReadonlyArray<When<A>>

interface Queue<A> {
  /** Undefined for a queue that serves all calls. */
  readonly condition: { readonly name: string; readonly parameters: TextParameters } | undefined
  readonly responses: ReadonlyArray<A>
  used: number
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

const isWhen = <A>(item: A | When<A>): item is When<A> =>
  typeof item === "object" && item !== null && "_tag" in item && item._tag === "When"

const matches = ({ condition }: Queue<unknown>, { name, parameters }: Operation): boolean =>
  condition === undefined ||
  (condition.name === name &&
    Object.entries(condition.parameters).every(([key, text]) => parameters[key] === text))

const forCondition = ({ condition }: Queue<unknown>): string =>
  condition === undefined ? "" : ` for ${labelOf(condition.name, condition.parameters)}`

const toQueue = <A>(
  owner: string,
  endpoints: Readonly<Record<string, Endpoint>>,
  { operation, parameters, responses }: When<A>
): Either.Either<Queue<A>, TestSetupError> => {
  const endpoint = endpoints[operation]
  return endpoint === undefined
    ? Either.left(new TestSetupError(`${owner}: there is no operation ${operation}`))
    : Either.map(encodeParameters(owner, endpoint, parameters), parameters => ({
      condition: { name: operation, parameters },
      responses,
      used: 0
    }))
}

export class ScriptCursor<A> {
  readonly #owner: string
  readonly #queues: ReadonlyArray<Queue<A>>
  /** The unit that takes one response, for messages. */
  readonly #noun: string

  constructor(owner: string, queues: ReadonlyArray<Queue<A>>, noun: string) {
    this.#owner = owner
    this.#queues = queues
    this.#noun = noun
  }

  /** Takes the next response to an operation. */
  next(operation: Operation): Either.Either<A, TestSetupError> {
    const queue = this.#queues.find(queue => matches(queue, operation))
    if (queue === undefined) {
      const others = this.#queues.map(({ condition }) => condition && labelOf(condition.name, condition.parameters))
      return Either.left(
        new TestSetupError(
          `${this.#owner}: the script has no responses for ${operation.label}, only for ${others.join(", ")}`
        )
      )
    }
    const index = queue.used++
    const { responses } = queue
    return index < responses.length
      // the index is in range, and undefined can be a response
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      ? Either.right(responses[index] as A)
      : Either.left(
        new TestSetupError(
          `${this.#owner}: the script is exhausted. It has ${counted(responses.length, "response")}${
            forCondition(queue)
          }, and this is ${this.#noun} ${index + 1}: ${operation.label}`
        )
      )
  }

  /** Describes the unused responses, one line each. */
  unused(describe: (response: A) => string): ReadonlyArray<string> {
    return this.#queues.flatMap(queue =>
      queue.responses.slice(queue.used).map((response, index) =>
        `${queue.used + index + 1} of ${queue.responses.length}${forCondition(queue)}: ${describe(response)}`
      )
    )
  }
}

export interface Options<A> {
  /** The layer of the script, for messages. */
  readonly owner: string
  readonly endpoints: Readonly<Record<string, Endpoint>>
  /** The unit that takes one response, for messages. */
  readonly noun: "call" | "request"
  readonly describe: (response: A) => string
}

/**
 * Makes a cursor that ends its scope with a defect when responses are unused. A scope that has failed is not changed, since
 * the test did not reach the rest of the script.
 */
export const make = <A>(
  script: AnyScript<A>,
  { describe, endpoints, noun, owner }: Options<A>
): Effect.Effect<ScriptCursor<A>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const whens = script.filter(isWhen<A>)
    const queues = whens.length === 0
      // without conditions, each item is a response
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      ? [{ condition: undefined, responses: script as ReadonlyArray<A>, used: 0 }]
      : yield* Effect.orDie(Either.all(whens.map(when => toQueue(owner, endpoints, when))))
    const cursor = new ScriptCursor(owner, queues, noun)
    yield* Effect.addFinalizer(exit =>
      Effect.suspend(() => {
        const unused = cursor.unused(describe)
        return unused.length === 0 || Exit.isFailure(exit)
          ? Effect.void
          : Effect.die(
            new TestSetupError(
              `${owner}: ${counted(unused.length, "response")} of the script ${
                unused.length === 1 ? "was" : "were"
              } not used:\n  ${unused.join("\n  ")}`
            )
          )
      })
    )
    return cursor
  })
