import * as Effect from "effect/Effect"

const noop = () => {}

/**
 * Returns a function that calls back in the current asynchronous context: a callback of `then` runs in the `AsyncLocalStorage`
 * context in which `then` was called. A function that resumes a fiber is called by a transport, by a timer or by another call, each of
 * which has another context than the caller of the fiber.
 */
export const inThisContext = (callback: () => void): () => void => {
  let resolve = noop
  void new Promise<void>(resolved => {
    resolve = resolved
  }).then(callback)
  return resolve
}

/** Returns an effect after which a fiber continues in the current asynchronous context, whatever resumed the fiber before. */
export const returnToThisContext = (): Effect.Effect<void> => {
  let onReturn = noop
  const settle = inThisContext(() => onReturn())
  return Effect.async(resume => {
    onReturn = () => resume(Effect.void)
    settle()
  })
}
