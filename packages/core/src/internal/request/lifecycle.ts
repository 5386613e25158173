/** The end of a client: calls in progress may continue for the grace of its policy, new calls fail. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import { inThisContext } from "../inThisContext.ts"

const noop = () => {}

export class Lifecycle {
  readonly #grace: Duration.Duration
  readonly #hasGrace: boolean
  readonly #closed = Deferred.unsafeMake<void>(FiberId.none)
  #isClosing = false
  /** The calls in progress; not counted without a grace. */
  #calls = 0
  #onIdle = noop

  constructor(grace: Duration.Duration) {
    this.#grace = grace
    this.#hasGrace = Duration.toMillis(grace) > 0
  }

  /** Settles at the end of the grace, or when no call is in progress any more. */
  get closed(): Effect.Effect<void> {
    return Deferred.await(this.#closed)
  }

  /** Whether new calls fail. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Counts a call in progress. Without a grace it adds no step, since a step takes memory of every call that waits. */
  counted<A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> {
    if (!this.#hasGrace) return call
    return Effect.uninterruptibleMask(restore => {
      this.#calls++
      return Effect.ensuring(restore(call), this.#onSettled)
    })
  }

  readonly #onSettled = Effect.sync(() => {
    this.#calls--
    if (this.#calls === 0) this.#onIdle()
  })

  /** Waits in the asynchronous context of the code that closes the layer, and not in that of the last call. */
  readonly #idle = Effect.async<void>(resume => {
    if (this.#calls === 0) resume(Effect.void)
    else this.#onIdle = inThisContext(() => resume(Effect.void))
  })

  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.#isClosing = true
    const wait = this.#calls === 0
      ? Effect.void
      // finalizers are uninterruptible, and the loser of a race must be interruptible
      : Effect.raceFirst(Effect.interruptible(this.#idle), Effect.interruptible(Effect.sleep(this.#grace)))
    return Effect.zipRight(wait, Deferred.succeed(this.#closed, undefined))
  })
}
