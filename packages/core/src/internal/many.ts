/** Many calls of `get` as a stream. */
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { GetError, GetManyOptions, GetManyResult, Service } from "../RoomSessions.ts"
import { InvalidRequest, type Unauthorized } from "../SignalWireError.ts"
import { afterInput } from "./afterInput.ts"
import { inThisContext } from "./inThisContext.ts"
import { invalidRequest, namesOf } from "./options.ts"
import { isLive } from "./request/timer.ts"

/** Half of the default `maxConnections`, so that other calls of the client find a connection. */
const defaultConcurrency = 16

/** While the next result of the order is missing, this many times `concurrency` ids are pulled in advance. */
const orderFactor = 4

type Get = Service["get"]

/** An id with its result, once there is one. */
interface Entry<Id> {
  readonly id: Id
  result: GetManyResult<Id>["result"] | undefined
}

const isComplete = <Id>(entry: Entry<Id> | undefined): entry is GetManyResult<Id> => entry?.result !== undefined

type PullIds<Id, E> = Effect.Effect<Chunk.Chunk<Id>, Option.Option<E>>

/** The ids that were not taken. Those of a stream are here chunk by chunk. */
class Ids<Id, E> {
  #iterator: Iterator<Id> | undefined
  readonly #pull: PullIds<Id, E>
  /** Whether there is no id until `pull` has run. */
  needsPull: boolean
  /** Why there are no further ids; empty where it is not an error. */
  end: Cause.Cause<E> | undefined

  constructor(iterator: Iterator<Id> | undefined, pull: PullIds<Id, E>) {
    this.#iterator = iterator
    this.#pull = pull
    this.needsPull = iterator === undefined
  }

  next(): IteratorYieldResult<Id> | undefined {
    try {
      const next = this.#iterator?.next()
      if (next?.done === false) return next
      this.needsPull = this.end === undefined
    } catch (error) {
      this.end = Cause.die(error)
    }
    this.#iterator = undefined
    return undefined
  }

  get pull(): Effect.Effect<void> {
    return Effect.matchCause(this.#pull, {
      onSuccess: chunk => {
        this.needsPull = false
        this.#iterator = chunk[Symbol.iterator]()
      },
      onFailure: cause => {
        this.needsPull = false
        this.end = Option.getOrElse(Cause.flipCauseOption(cause), () => Cause.empty)
      }
    })
  }

  /** Ends a generator, whose `finally` then runs. */
  close(): void {
    this.#iterator?.return?.()
  }
}

/**
 * How long the rate limiter of the client rejects calls after a 429, which was not the response to this call. Without a wait, all
 * ids would be rejected at once.
 */
const pauseOf = (cause: Cause.Cause<GetError>): Duration.Duration | undefined => {
  const error = Option.getOrUndefined(Cause.failureOption(cause))
  return error?._tag === "SignalWireRateLimited" && error.attempts === 0 ? error.retryAfter : undefined
}

/** The error of an id, or the cause that ends the stream. */
const resultOf = (
  cause: Cause.Cause<GetError>
): Either.Either<Exclude<GetError, Unauthorized>, Cause.Cause<Unauthorized>> => {
  const defects = Cause.keepDefects(cause)
  if (Option.isSome(defects)) return Either.left(defects.value)
  return Either.match(Cause.failureOrCause(cause), {
    onLeft: error => error._tag === "SignalWireUnauthorized" ? Either.left(Cause.fail(error)) : Either.right(error),
    onRight: interruption => Either.left(interruption)
  })
}

interface Options {
  readonly concurrency: number
  readonly unordered: boolean
  readonly isLive: boolean
}

type Fork = (effect: Effect.Effect<void>) => Fiber.RuntimeFiber<void>

/**
 * One run of the stream. A worker is a fiber that calls `get` for one id after the other, and waits where no id can be taken. The ids that
 * are taken and not consumed are limited, so a slow consumer slows the calls down.
 */
class Run<Id extends string, E> {
  readonly #get: Get
  readonly #ids: Ids<Id, E>
  readonly #options: Options
  readonly #fork: Fork
  readonly #fibers = new Set<Fiber.RuntimeFiber<void>>()
  /** The workers that wait. */
  readonly #waiting: Array<(work: Effect.Effect<void>) => void> = []
  /** In the order of emission: the entries that were taken or, without an order, those that are complete. */
  readonly #queue: Array<Entry<Id>> = []
  /** The entries of each call in flight, by the id in lower case. */
  readonly #inFlight = new Map<unknown, Array<Entry<Id>>>()
  /** How many ids were taken and not consumed. A chunk of results is consumed when the next one is pulled. */
  #taken = 0
  #emitted = 0
  #isPulling = false
  #cause: Cause.Cause<Unauthorized> | undefined
  #isChanged = false
  #wakeConsumer: (() => void) | undefined

  constructor(get: Get, ids: Ids<Id, E>, options: Options, fork: Fork) {
    this.#get = get
    this.#ids = ids
    this.#options = options
    this.#fork = fork
  }

  get pull(): Effect.Effect<Chunk.Chunk<GetManyResult<Id>>, Option.Option<Unauthorized | E>> {
    return Effect.suspend(() => {
      this.#taken -= this.#emitted
      this.#emitted = 0
      return this.#next()
    })
  }

  get interrupt(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.#cause ??= Cause.empty
      return Fiber.interruptAll(this.#fibers)
    })
  }

  get closeIds(): Effect.Effect<void> {
    return Effect.sync(() => this.#ids.close())
  }

  #next(): Effect.Effect<Chunk.Chunk<GetManyResult<Id>>, Option.Option<Unauthorized | E>> {
    this.#isChanged = false
    this.#startCalls()
    this.#pullIds()
    const results = this.#removeComplete()
    if (results.length > 0) {
      this.#emitted = results.length
      return Effect.succeed(Chunk.unsafeFromArray(results))
    }
    const end: Cause.Cause<Unauthorized | E> | undefined = this.#cause ??
      (this.#taken === 0 ? this.#ids.end : undefined)
    if (end === undefined) return Effect.flatMap(this.#change, () => this.#next())
    return Effect.failCause(Cause.isEmpty(end) ? Cause.fail(Option.none()) : Cause.map(end, Option.some))
  }

  /** Removes the next results from the queue: at most a quarter of `concurrency`, so that calls continue while they are consumed. */
  #removeComplete(): Array<GetManyResult<Id>> {
    const max = Math.ceil(this.#options.concurrency / 4)
    const results: Array<GetManyResult<Id>> = []
    for (const entry of this.#queue) {
      if (results.length === max || !isComplete(entry)) break
      results.push(entry)
    }
    this.#queue.splice(0, results.length)
    return results
  }

  /** Waits until a call is complete or ids were pulled. */
  get #change(): Effect.Effect<void> {
    return Effect.async(resume => {
      const wake = inThisContext(() => resume(Effect.void))
      // the fiber may have yielded before this
      if (this.#isChanged) wake()
      else this.#wakeConsumer = wake
    })
  }

  #onChange(): void {
    this.#isChanged = true
    const wake = this.#wakeConsumer
    this.#wakeConsumer = undefined
    if (wake === undefined) return
    // with a test clock, a macrotask would come after the adjustment of the clock
    if (this.#options.isLive) afterInput(wake)
    else wake()
  }

  #startCalls(): void {
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      const resume = this.#waiting.pop()
      if (resume === undefined) this.#run(this.#work(entry))
      else resume(this.#work(entry))
    }
  }

  #pullIds(): void {
    if (!this.#ids.needsPull || this.#isPulling || !this.#hasSpace) return
    this.#isPulling = true
    this.#run(Effect.map(this.#ids.pull, () => {
      this.#isPulling = false
      this.#onChange()
    }))
  }

  #run(effect: Effect.Effect<void>): void {
    const fiber = this.#fork(effect)
    this.#fibers.add(fiber)
    fiber.addObserver(exit => {
      this.#fibers.delete(fiber)
      if (Exit.isFailure(exit)) this.#end(exit.cause)
    })
  }

  get #hasSpace(): boolean {
    const { concurrency, unordered } = this.#options
    const isNextMissing = !unordered && this.#queue.length > 0 && !isComplete(this.#queue[0])
    return this.#cause === undefined && this.#inFlight.size < concurrency &&
      this.#taken < (isNextMissing ? concurrency * orderFactor : concurrency)
  }

  /** Takes the next id that is not in flight. */
  #take(): Entry<Id> | undefined {
    while (this.#hasSpace) {
      const next = this.#ids.next()
      if (next === undefined) return undefined
      const entry: Entry<Id> = { id: next.value, result: undefined }
      this.#taken++
      if (!this.#options.unordered) this.#queue.push(entry)
      const key = keyOf(entry.id)
      const entries = this.#inFlight.get(key)
      if (entries === undefined) {
        this.#inFlight.set(key, [entry])
        return entry
      }
      entries.push(entry)
    }
    return undefined
  }

  #work(entry: Entry<Id>): Effect.Effect<void> {
    return Effect.matchCauseEffect(this.#get(entry.id), {
      onSuccess: session => this.#onResult(entry, Either.right(session)),
      onFailure: cause => {
        const pause = pauseOf(cause)
        if (pause !== undefined) return Effect.zipRight(Effect.sleep(pause), Effect.suspend(() => this.#work(entry)))
        const result = resultOf(cause)
        return Either.isRight(result)
          ? this.#onResult(entry, Either.left(result.right))
          : Effect.sync(() => this.#end(result.left))
      }
    })
  }

  #onResult({ id }: Entry<Id>, result: Entry<Id>["result"]): Effect.Effect<void> {
    const key = keyOf(id)
    const entries = this.#inFlight.get(key) ?? []
    this.#inFlight.delete(key)
    for (const entry of entries) entry.result = result
    if (this.#options.unordered) this.#queue.push(...entries)
    this.#onChange()
    const next = this.#take()
    return next === undefined ? this.#workLater : this.#work(next)
  }

  get #workLater(): Effect.Effect<void> {
    return Effect.async(resume => {
      this.#waiting.push(resume)
    })
  }

  #end(cause: Cause.Cause<Unauthorized>): void {
    this.#cause ??= cause
    this.#onChange()
  }
}

/** Equal for ids that differ in upper and lower case. */
const keyOf = (id: unknown): unknown => (typeof id === "string" ? id.toLowerCase() : id)

type AnyIds<Id, E, R> = Iterable<Id> | Stream.Stream<Id, E, R>

const isStream = <Id, E, R>(ids: AnyIds<Id, E, R>): ids is Stream.Stream<Id, E, R> => Stream.StreamTypeId in ids

const makeIds = <Id, E, R>(ids: AnyIds<Id, E, R>): Effect.Effect<Ids<Id, E>, never, R | Scope.Scope> =>
  isStream(ids)
    ? Effect.zipWith(
      Stream.toPull(ids),
      Effect.context<R>(),
      (pull, context) => new Ids(undefined, Effect.provide(pull, context))
    )
    : Effect.sync(() => new Ids(ids[Symbol.iterator](), Effect.fail(Option.none())))

/** A text is an `Iterable` of its characters. */
const isIds = (ids: unknown): boolean =>
  typeof ids === "object" && ids !== null && (Symbol.iterator in ids || Stream.StreamTypeId in ids)

const optionNames = namesOf<GetManyOptions>({ concurrency: true, unordered: true })

const operation = "RoomSessions.getMany"

const invalid = (parameter: string, expected: string): Stream.Stream<never, InvalidRequest> =>
  Stream.fail(new InvalidRequest({ operation, parameter, expected }))

const run = <Id extends string, E, R>(get: Get, ids: AnyIds<Id, E, R>, options: Omit<Options, "isLive">) =>
  Stream.suspend(() => {
    let closeIds: Effect.Effect<void> = Effect.void
    const results = Stream.fromPull(Effect.gen(function*() {
      const runtime = yield* Effect.runtime()
      const clock = yield* Effect.clock
      const run = new Run(
        get,
        yield* makeIds(ids),
        { ...options, isLive: isLive(clock) },
        // the fibers of a runtime can be interrupted even if the consumer cannot
        Runtime.runFork(Runtime.make({ ...runtime, runtimeFlags: Runtime.defaultRuntimeFlags }))
      )
      closeIds = run.closeIds
      yield* Effect.addFinalizer(() => run.interrupt)
      return run.pull
    }))
    // `finally` of a generator may throw, and the defect of a finalizer of the stream within would be lost
    return Stream.ensuring(results, Effect.suspend(() => closeIds))
  })

/** Makes `RoomSessions.getMany`. */
export const make = (get: Get): Service["getMany"] => (ids, options = {}) => {
  if (!isIds(ids)) return invalid("ids", "an Iterable or a Stream of ids")
  const error = invalidRequest({ operation }, options, optionNames)
  if (error !== undefined) return Stream.fail(error)
  const { concurrency = defaultConcurrency, unordered = false } = options
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    return invalid("concurrency", "a whole number of at least 1")
  }
  return typeof unordered === "boolean"
    ? run(get, ids, { concurrency, unordered })
    : invalid("unordered", "true or false")
}
