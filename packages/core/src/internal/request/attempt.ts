/** Runs one attempt: dispatches its request and waits for the response, within the times of the attempt, the call and an error body. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { AbortReason, Request, Service as Transport } from "../../Transport.ts"
import { Collector, type CollectorObserver, type Received } from "../response/collector.ts"
import { type Call, leftMillis } from "./call.ts"
import { startTimer } from "./timer.ts"

/** How long the body of an error status is waited for, from its headers on: the status is what counts. */
const errorBodyMillis = 1000

type Abort = (reason: AbortReason) => void

const nothing = () => {}

/**
 * Calls back in the asynchronous context of the code that runs now: `AsyncLocalStorage` of Node, Bun, Deno and workers keeps
 * the context in which `then` was called. A transport's callbacks run in that of the call that opened the connection.
 */
const inThisContext = (callback: () => void): () => void => {
  let resolve = nothing
  void new Promise<void>(resolved => {
    resolve = resolved
  }).then(callback)
  return resolve
}

/** A transport that throws is a transport with an error. */
const dispatch = (transport: Transport, request: Request, collector: Collector): Abort => {
  try {
    return transport.dispatch(request, collector)
  } catch (cause) {
    collector.onError(cause)
    return nothing
  }
}

/** An exception in a timer would end the process. */
const abortQuietly = (abort: Abort, reason: AbortReason): void => {
  try {
    abort(reason)
  } catch {
    // the attempt is settled
  }
}

/** All times are in milliseconds, and relative to the call's deadline, so that one clock reading compares them. */
class Attempt implements CollectorObserver {
  readonly #call: Call
  readonly #attemptMillis: number
  readonly #leftAtStart: number
  /** What the call had left when the time of the attempt began; undefined while it waits for a connection. */
  #leftAtConnection: number | undefined
  /** What the call has left when the body of an error status is no longer waited for. */
  #leftAtBodyEnd = -Infinity
  /** What the call has left if each timer took as long as it was set for. */
  #leftByTimers: number
  #isStarting = true
  #cancelTimer = nothing
  #abort: Abort = nothing
  #collector: Collector | undefined
  #received: Received | undefined
  #resume: (received: Received) => void = nothing
  #settle = nothing

  constructor(call: Call, number: number) {
    this.#call = call
    this.#attemptMillis = Duration.toMillis(call.policy.attemptTimeout)
    this.#leftAtStart = this.#leftByTimers = number === 1 ? call.deadlineMillis : leftMillis(call)
  }

  start(request: Request, resume: (received: Received) => void): void {
    const { compiled: { client: { transport }, successStatus }, policy } = this.#call
    this.#resume = resume
    this.#settle = inThisContext(() => this.#onSettledInContext())
    const collector = new Collector(policy, this, transport.mayDecompress, successStatus)
    this.#collector = collector
    const abort = dispatch(transport, request, collector)
    this.#isStarting = false
    if (collector.isSettled) return
    this.#abort = abort
    this.#setTimer(Math.min(this.#attemptMillis, this.#leftAtStart, this.#leftAtStart - this.#leftAtBodyEnd))
    // a test clock that never waits has settled it by now
    if (collector.isSettled) this.#cancelTimer = nothing
  }

  interrupt(): void {
    this.#cancelTimer()
    abortQuietly(this.#abort, "interruption")
  }

  onConnection(): void {
    this.#leftAtConnection ??= this.#left()
  }

  onErrorHeaders(): void {
    this.#leftAtBodyEnd = this.#left() - errorBodyMillis
    if (this.#isStarting) return
    // a timer that ends at once is set again, for what is left then
    this.#cancelTimer()
    this.#setTimer(1)
  }

  onSettled(received: Received): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#abort = nothing
    this.#collector = undefined
    this.#received = received
    this.#settle()
  }

  #onSettledInContext(): void {
    const received = this.#received
    this.#received = undefined
    if (received !== undefined) this.#resume(received)
  }

  #left(): number {
    return this.#isStarting ? this.#leftAtStart : leftMillis(this.#call)
  }

  /**
   * A timer that was set before the attempt's time began is set again, for what is left of it then. While the call waits for a
   * connection, no timer is longer than an attempt: so none is later than the end of an attempt that began meanwhile.
   */
  #setTimer(millis: number): void {
    const { clock, fiber } = this.#call
    this.#cancelTimer = startTimer(clock, fiber, Math.max(1, Math.floor(millis)), () => this.#onTimer(millis))
  }

  #onTimer(millis: number): void {
    this.#leftByTimers -= millis
    // the timers tell more than a test clock that never waits
    const left = Math.min(leftMillis(this.#call), this.#leftByTimers)
    const attemptLeft = this.#leftAtConnection === undefined
      ? this.#attemptMillis
      : this.#attemptMillis - this.#leftAtConnection + left
    const rest = Math.min(left, attemptLeft, left - this.#leftAtBodyEnd)
    if (rest >= 1) {
      this.#setTimer(rest)
      return
    }
    const abort = this.#abort
    this.#collector?.onTimeout(attemptLeft < left ? "attempt" : "deadline")
    abortQuietly(abort, "timeout")
  }
}

/**
 * Never fails, and never takes longer than the policy's time for an attempt, from the moment that there is a connection for it,
 * nor longer than the call has left. The body of an error status is waited for no longer than a second.
 *
 * Interruption is caught here: a canceler that `Effect.async` is given takes 5 µs more for each request.
 *
 * @param number from 1
 */
export const run = (call: Call, number: number, request: Request): Effect.Effect<Received> =>
  Effect.uninterruptibleMask(restore => {
    const attempt = new Attempt(call, number)
    const received = Effect.async<Received>(resume => {
      attempt.start(request, received => resume(Effect.succeed(received)))
    })
    return Effect.catchAllCause(restore(received), cause => {
      attempt.interrupt()
      return Effect.failCause(cause)
    })
  })
