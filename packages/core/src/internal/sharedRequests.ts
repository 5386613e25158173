/** One request for all concurrent callers that ask for the same. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Exit from "effect/Exit"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRefs from "effect/FiberRefs"
import * as Predicate from "effect/Predicate"
import * as RequestPolicy from "../RequestPolicy.ts"
import { inThisContext } from "./inThisContext.ts"
import { fork } from "./request/timer.ts"

type Caller = RuntimeFiber<unknown, unknown>

/** `Equal` compares a plain object, such as a retry budget, by reference. */
const comparable = (value: unknown): unknown =>
  Predicate.isRecord(value) && !Equal.isEqual(value) ? Data.struct(value) : value

const isSame = (one: unknown, other: unknown): boolean => Equal.equals(comparable(one), comparable(other))

/**
 * Callers share a request only if it has the same policy as a request of their own would have. Each use of `RequestPolicy.with` makes
 * an object of its own, so the options are compared.
 */
const mayShare = (caller: Caller, first: FiberRefs.FiberRefs): boolean => {
  const own = Object.entries(caller.getFiberRef(RequestPolicy.currentOverride) ?? {})
  const others = Object.entries(FiberRefs.getOrDefault(first, RequestPolicy.currentOverride) ?? {})
  return own.length === others.length &&
    own.every(([key, value]) => others.some(([name, other]) => name === key && isSame(value, other)))
}

const noop = () => {}

class SharedRequest<A, E> {
  readonly first: FiberRefs.FiberRefs
  /** Each continues one caller. */
  readonly callers = new Set<() => void>()
  exit: Exit.Exit<A, E> | undefined
  interrupt = noop

  constructor(first: FiberRefs.FiberRefs) {
    this.first = first
  }
}

export class SharedRequests<A, E> {
  readonly #byKey = new Map<string, Array<SharedRequest<A, E>>>()

  /**
   * Waits for the request of this key that is in progress, or makes it.
   *
   * The request runs in a fiber of its own, with the context, the spans and the asynchronous context of its first caller. An interrupted
   * caller does not interrupt it while there are others.
   *
   * @param onJoin runs before the request, and is told whether it was in progress
   */
  get(
    key: string,
    caller: Caller,
    request: Effect.Effect<A, E>,
    onJoin: (isInProgress: boolean) => void
  ): Effect.Effect<A, E> {
    return Effect.async<A, E>(resume => {
      const inProgress = this.#byKey.get(key)?.find(({ first }) => mayShare(caller, first))
      onJoin(inProgress !== undefined)
      const shared = inProgress ?? this.#add(key, caller)
      const onSettled = inThisContext(() => {
        if (shared.exit !== undefined) resume(shared.exit)
      })
      shared.callers.add(onSettled)
      if (inProgress === undefined) this.#start(key, shared, caller, request)
      return Effect.sync(() => {
        shared.callers.delete(onSettled)
        if (shared.callers.size > 0 || shared.exit !== undefined) return
        this.#remove(key, shared)
        shared.interrupt()
      })
    })
  }

  #add(key: string, caller: Caller): SharedRequest<A, E> {
    const shared = new SharedRequest<A, E>(caller.getFiberRefs())
    const others = this.#byKey.get(key)
    if (others === undefined) this.#byKey.set(key, [shared])
    else others.push(shared)
    return shared
  }

  #start(key: string, shared: SharedRequest<A, E>, caller: Caller, request: Effect.Effect<A, E>): void {
    const settled = Effect.map(Effect.exit(request), exit => {
      shared.exit = exit
      this.#remove(key, shared)
      for (const onSettled of shared.callers) onSettled()
    })
    shared.interrupt = fork(settled, caller)
  }

  #remove(key: string, shared: SharedRequest<A, E>): void {
    const others = (this.#byKey.get(key) ?? []).filter(other => other !== shared)
    if (others.length === 0) this.#byKey.delete(key)
    else this.#byKey.set(key, others)
  }
}
