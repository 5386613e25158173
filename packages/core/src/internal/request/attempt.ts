/** Runs one attempt: dispatches the request and collects the response, within the time limits of the attempt, the call and an error body. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Request } from "../../Transport.ts"
import { toMillis } from "../duration.ts"
import { inThisContext } from "../inThisContext.ts"
import { Collector, type CollectorObserver, errorBodyMillis, type Received } from "../response/collector.ts"
import { type Abort, abortQuietly } from "./abort.ts"
import type { Call } from "./call.ts"
import { leftMillis } from "./progress.ts"
import { cancelTimer, startTimer, type Timer } from "./timer.ts"
import * as tracing from "./tracing.ts"
import * as transform from "./transform.ts"

const noop = () => {}

/** Makes an effect interruptible where the caller is. */
export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Decodes a received response. A success is the result of the call; any other effect continues the call, and must run
 * uninterruptibly.
 */
export type OnReceived = (
  call: Call,
  number: number,
  received: Received,
  restore: Restore
) => Effect.Effect<unknown, SignalWireError>

type Resume = (result: Effect.Effect<unknown>) => void

/** Ends the wait for a response, so that the call continues outside of it. */
const endOfWait = Effect.die("The call continues")

/** An exception of a transport or of a transform is an error of the attempt. */
const dispatch = (call: Call, request: Request, collector: Collector): Abort => {
  try {
    return request.parentSpan === undefined
      ? transform.dispatch(call, request, collector)
      : tracing.withCurrentSpan(call.fiber, request.parentSpan, () => transform.dispatch(call, request, collector))
  } catch (cause) {
    collector.onError(cause)
    return noop
  }
}

/** An exception of the code that handles a response, such as that of an application's tracer, is a defect of the call. */
const caught = (makeEffect: () => Effect.Effect<unknown, SignalWireError>): Effect.Effect<unknown, SignalWireError> => {
  try {
    return makeEffect()
  } catch (defect) {
    return Effect.die(defect)
  }
}

/** All times are milliseconds before the deadline of the call, so that one clock reading compares them. */
class Attempt implements CollectorObserver {
  readonly #call: Call
  readonly #number: number
  readonly #restore: Restore
  readonly #attemptMillis: number
  readonly #leftAtStart: number
  /** The time left when the attempt got its connection; undefined while it is queued for one. */
  #leftAtConnection: number | undefined
  /** The time left when the time for an error body ends. */
  #leftAtBodyEnd = -Infinity
  /** The time left by the timers alone, as if each took exactly as long as it was set for. */
  #leftByTimers: number
  #isStarting = true
  #timer: Timer | undefined
  #timerMillis = 0
  #abort: Abort = noop
  #collector: Collector | undefined
  #received: Received | undefined
  #onReceived: OnReceived | undefined
  #resume: Resume = noop
  #settle = noop
  /** The rest of the call after a response that was not its result. */
  #rest: Effect.Effect<unknown, SignalWireError> | undefined

  constructor(call: Call, number: number, restore: Restore, onReceived: OnReceived) {
    this.#call = call
    this.#number = number
    this.#restore = restore
    this.#onReceived = onReceived
    this.#attemptMillis = toMillis(call.policy.attemptTimeout)
    const isAtStart = number === 1 && call.compiled.client.rateLimiter === undefined
    this.#leftAtStart = this.#leftByTimers = isAtStart ? call.deadlineMillis : leftMillis(call)
  }

  start(request: Request, resume: Resume): void {
    const { compiled: { client: { transport }, metrics, successStatus }, policy } = this.#call
    this.#resume = resume
    if (this.#call.request.asyncContext === undefined) this.#settle = inThisContext(() => this.#onSettledInContext())
    const collector = new Collector(policy, this, transport.mayDecompress, successStatus)
    this.#collector = collector
    metrics?.started(this.#call)
    const abort = dispatch(this.#call, request, collector)
    this.#isStarting = false
    if (collector.isSettled) return
    this.#abort = abort
    this.#setTimer(Math.min(this.#attemptMillis, this.#leftAtStart, this.#leftAtStart - this.#leftAtBodyEnd))
    // with a test clock that does not sleep, the timer may have settled the attempt already
    if (collector.isSettled) this.#timer = undefined
  }

  /** Continues after the wait, which an interruption has ended if no response has. */
  continue(cause: Cause.Cause<never>): Effect.Effect<unknown, SignalWireError> {
    if (this.#rest !== undefined) return this.#rest
    // a response that is decoded already is the end of the attempt, even if an interruption came before the fiber resumed
    if (this.#onReceived !== undefined) this.#interrupt()
    return Effect.failCause(cause)
  }

  #interrupt(): void {
    const { compiled: { metrics }, trace } = this.#call
    this.#onReceived = this.#received = undefined
    if (this.#collector !== undefined) {
      this.#call.requestsSent += this.#collector.requestsSent
      if (trace !== undefined) trace.status = this.#collector.status
      metrics?.settled(this.#call, this.#leftAtStart)
    }
    metrics?.interrupted(this.#call)
    this.#collector = undefined
    cancelTimer(this.#timer)
    abortQuietly(this.#abort, "interruption")
  }

  onConnection(): void {
    this.#leftAtConnection ??= this.#left()
  }

  onQueued(): void {
    this.#leftAtConnection = undefined
  }

  onErrorHeaders(): void {
    this.#leftAtBodyEnd = this.#left() - errorBodyMillis
    if (this.#isStarting) return
    // this timer fires immediately and is set again for the time that is left then
    cancelTimer(this.#timer)
    this.#setTimer(1)
  }

  onSettled(received: Received): void {
    // a transport of an application may report its abort
    if (this.#collector === undefined) return
    this.#call.compiled.metrics?.settled(this.#call, this.#leftAtStart)
    cancelTimer(this.#timer)
    this.#timer = undefined
    this.#abort = noop
    this.#collector = undefined
    this.#received = received
    const { asyncContext } = this.#call.request
    if (asyncContext === undefined) {
      this.#settle()
      return
    }
    try {
      asyncContext.runInAsyncScope(() => this.#onSettledInContext())
    } catch {
      // an exception of a transport: the call settles all the same, once
      this.#onSettledInContext()
    }
  }

  #onSettledInContext(): void {
    const received = this.#received
    const onReceived = this.#onReceived
    if (received === undefined || onReceived === undefined) return
    this.#received = this.#onReceived = undefined
    const resume = this.#resume
    this.#resume = noop
    const next = caught(() => onReceived(this.#call, this.#number, received, this.#restore))
    if (Either.isEither(next) && Either.isRight(next)) {
      resume(Effect.succeed(next.right))
    } else {
      this.#rest = next
      resume(endOfWait)
    }
  }

  #left(): number {
    return this.#isStarting ? this.#leftAtStart : leftMillis(this.#call)
  }

  /**
   * A timer that fires before the end of the attempt, since it was set before the attempt had a connection, is set again for the
   * time that is left. No timer is longer than an attempt, so none fires after the end of an attempt that got its connection
   * meanwhile.
   */
  #setTimer(millis: number): void {
    const { clock, fiber } = this.#call
    this.#timerMillis = millis
    this.#timer = startTimer(clock, fiber, Math.max(1, Math.floor(millis)), () => this.#onTimer())
  }

  #onTimer(): void {
    this.#leftByTimers -= this.#timerMillis
    // with a test clock that does not sleep, only the timers show that time has passed
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
 * Runs one attempt. It settles within `attemptTimeout`, from its connection on, and within the deadline of the call. Reading the
 * body of an error ends a second after its headers.
 *
 * Interruption is caught here, since a canceler of `Effect.async` takes 5 µs more for each request. The response is decoded before
 * the fiber resumes, so that a fiber whose call succeeds has one step less.
 *
 * @param number from 1
 * @param restore makes the attempt interruptible where the caller of the call is: the effect itself must run uninterruptibly
 */
export const run = (
  call: Call,
  number: number,
  request: Request,
  restore: Restore,
  onReceived: OnReceived
): Effect.Effect<unknown, SignalWireError> => {
  const attempt = new Attempt(call, number, restore, onReceived)
  const result = Effect.async<unknown>(resume => attempt.start(request, resume))
  return Effect.catchAllCause(restore(result), cause => attempt.continue(cause))
}
