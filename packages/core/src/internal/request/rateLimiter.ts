/** The limit on the requests of a client; see `RequestPolicy.RateLimit`. All times are milliseconds of a monotonic clock. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RateLimit } from "../../RequestPolicy.ts"
import { RateLimited, RequestTimeout, type SignalWireError, TransportError } from "../../SignalWireError.ts"
import { inThisContext } from "../inThisContext.ts"
import type { Call } from "./call.ts"
import { monotonicMillis, progress } from "./progress.ts"
import { cancelTimer, fork, startTimer, type Timer } from "./timer.ts"

/** The longest pause after a 429, so that a wrong `Retry-After` does not stop a client for days. */
const maxPauseMillis = 60_000

const noop = () => {}

/** The turn of a call: the milliseconds that it waited, or the error with which it ends. */
type Turn = Effect.Effect<number, SignalWireError>

const immediately: Turn = Effect.succeed(0)

/**
 * Calls back at a time, and returns the function that cancels it. A timer can fire early while the event loop is busy, and is
 * then set again. A clock that has not moved when its timer fires is a test clock that does not sleep.
 */
const startTimerUntil = ({ clock, fiber }: Call, atMillis: number, callback: () => void): () => void => {
  let timer: Timer | undefined
  const set = (): void => {
    const now = monotonicMillis(clock)
    if (now >= atMillis) {
      callback()
      return
    }
    const onTimer = () => (monotonicMillis(clock) > now ? set() : callback())
    timer = startTimer(clock, fiber, Math.max(1, Math.ceil(atMillis - now)), onTimer)
  }
  set()
  return () => cancelTimer(timer)
}

/** A call in the queue. */
class Waiter {
  previous: Waiter | undefined
  next: Waiter | undefined
  turn: Turn | undefined
  cancelDeadline = noop
  readonly resume: () => void
  readonly call: Call
  readonly attempts: number
  readonly error: SignalWireError | undefined
  readonly sinceMillis: number
  isQueued = true

  constructor(
    call: Call,
    attempts: number,
    error: SignalWireError | undefined,
    resume: (turn: Turn) => void
  ) {
    this.call = call
    this.attempts = attempts
    this.error = error
    this.sinceMillis = monotonicMillis(call.clock)
    this.resume = inThisContext(() => {
      if (this.turn !== undefined) resume(this.turn)
    })
  }
}

const deadlineOf = (call: Call): number => call.startMillis + call.deadlineMillis

/**
 * A sliding log with a FIFO queue (intrusive doubly linked list). Only the first call of the queue has a turn. It takes its turn in
 * its own fiber and then passes it on, so an interrupted call has taken nothing.
 */
export class RateLimiter {
  readonly #limit: number
  readonly #intervalMillis: number
  /** The times of the last `limit` requests; a ring from `#oldest` once it is full. */
  readonly #sent: Array<number> = []
  #oldest = 0
  /** No request is sent before. */
  #pausedUntil = -Infinity
  #first: Waiter | undefined
  #last: Waiter | undefined
  #cancelTimer = noop
  #stopWatching = noop

  constructor({ interval, limit }: RateLimit<Duration.Duration>) {
    this.#limit = limit
    this.#intervalMillis = Duration.toMillis(interval)
  }

  /**
   * Waits until the call may send a request, and counts it. Returns the milliseconds that it waited. It fails at the deadline, when the
   * layer of the transport is closed, and, at once, when the deadline is before the end of a pause.
   *
   * @param attempts the number of attempts of the call so far
   * @param error the error of the attempt that is retried; the error of the call when the deadline is before the end of a pause
   */
  turn(call: Call, attempts: number, error: SignalWireError | undefined): Turn {
    return Effect.suspend(() => {
      const now = monotonicMillis(call.clock)
      if (this.#first === undefined && this.#freeAt() <= now) {
        this.#count(now)
        return immediately
      }
      return Effect.async<number, SignalWireError>(resume => {
        const waiter = new Waiter(call, attempts, error, resume)
        this.#enqueue(waiter)
        return Effect.sync(() => this.#remove(waiter))
      })
    })
  }

  /** After a 429 with `Retry-After` no call sends a request until then. */
  onError(error: SignalWireError, { clock }: Call): void {
    if (error._tag !== "SignalWireRateLimited" || error.retryAfter === undefined) return
    const now = monotonicMillis(clock)
    const pausedUntil = now + Math.min(Duration.toMillis(error.retryAfter), maxPauseMillis)
    if (pausedUntil <= this.#pausedUntil) return
    this.#pausedUntil = pausedUntil
    this.#forEach(waiter => this.#failInPause(waiter))
    this.#next()
  }

  /** The time from which the next request may be sent. */
  #freeAt(): number {
    const oldest = this.#sent.length < this.#limit ? undefined : this.#sent[this.#oldest]
    return oldest === undefined ? this.#pausedUntil : Math.max(this.#pausedUntil, oldest + this.#intervalMillis)
  }

  #count(now: number): void {
    this.#sent[this.#oldest] = now
    this.#oldest = (this.#oldest + 1) % this.#limit
  }

  #enqueue(waiter: Waiter): void {
    const { call } = waiter
    const previous = this.#last
    this.#last = waiter
    waiter.previous = previous
    if (previous === undefined) this.#first = waiter
    else previous.next = waiter
    if (this.#failInPause(waiter)) return
    if (previous === undefined) this.#watch(call)
    // the time of its turn is first, for a test clock that does not sleep
    if (waiter === this.#first) this.#next()
    waiter.cancelDeadline = startTimerUntil(call, deadlineOf(call), () => {
      this.#fail(waiter, new RequestTimeout({ ...progress(call, waiter.attempts), phase: "deadline" }))
    })
  }

  /** A call that would end in the pause fails at once. */
  #failInPause(waiter: Waiter): boolean {
    const { attempts, call, error } = waiter
    const now = monotonicMillis(call.clock)
    if (this.#pausedUntil <= now || this.#pausedUntil < deadlineOf(call)) return false
    const retryAfter = Duration.millis(Math.ceil(this.#pausedUntil - now))
    this.#fail(waiter, error ?? new RateLimited({ ...progress(call, attempts), retryAfter }))
    return true
  }

  #watch({ compiled: { client: { lifecycle, transport } }, fiber }: Call): void {
    const closed = Effect.map(Effect.raceFirst(lifecycle.closed, transport.closed), () =>
      this.#forEach(waiter => {
        this.#fail(waiter, new TransportError({ ...progress(waiter.call, waiter.attempts), reason: "Closed" }))
      }))
    this.#stopWatching = fork(closed, fiber)
  }

  /** From the last to the first, so that no call becomes the first when those before it are removed. */
  #forEach(callback: (waiter: Waiter) => void): void {
    let waiter = this.#last
    while (waiter !== undefined) {
      const { previous } = waiter
      callback(waiter)
      waiter = previous
    }
  }

  /** Sets the timer of the first call in the queue. */
  #next(): void {
    this.#cancelTimer()
    this.#cancelTimer = noop
    const waiter = this.#first
    if (waiter === undefined) {
      this.#stopWatching()
      this.#stopWatching = noop
      return
    }
    if (waiter.turn !== undefined) return
    const take = Effect.sync(() => {
      const now = monotonicMillis(waiter.call.clock)
      this.#count(now)
      this.#remove(waiter)
      return now - waiter.sinceMillis
    })
    this.#cancelTimer = startTimerUntil(waiter.call, this.#freeAt(), () => this.#settle(waiter, take))
  }

  #fail(waiter: Waiter, error: SignalWireError): void {
    if (waiter.turn !== undefined) return
    this.#settle(waiter, Effect.fail(error))
    this.#remove(waiter)
  }

  #settle(waiter: Waiter, turn: Turn): void {
    waiter.turn = turn
    waiter.cancelDeadline()
    waiter.resume()
  }

  #remove(waiter: Waiter): void {
    if (!waiter.isQueued) return
    waiter.isQueued = false
    waiter.cancelDeadline()
    const { next, previous } = waiter
    if (next === undefined) this.#last = previous
    else next.previous = previous
    if (previous !== undefined) previous.next = next
    else {
      this.#first = next
      this.#next()
    }
  }
}
