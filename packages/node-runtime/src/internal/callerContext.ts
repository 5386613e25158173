/** The asynchronous context of a fiber, such as the store of an `AsyncLocalStorage`. */
import * as Effect from "effect/Effect"

const noop = () => {}

/**
 * Runs an effect that waits for another fiber, and continues in the asynchronous context in which it was begun. A fiber continues
 * in the context of the code that resumes it, but a callback of `then` runs in that in which `then` was called.
 */
export const inCallerContext = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let [settle, onReturn] = [noop, noop]
    void new Promise<void>(resolve => {
      settle = resolve
    }).then(() => onReturn())
    const back = Effect.async<void>(resume => {
      onReturn = () => resume(Effect.void)
      settle()
    })
    return Effect.flatMap(Effect.exit(effect), exit => Effect.zipRight(back, exit))
  })
