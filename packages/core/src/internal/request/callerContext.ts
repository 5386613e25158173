/** The asynchronous context of callers. docs/decisions/asynchronous-context.md says why it matters. */

const noop = () => {}

/**
 * Returns a function that calls back in the current asynchronous context: a callback of `then` runs in the `AsyncLocalStorage`
 * context in which `then` was called. A transport's callbacks run in the context of the call that opened the connection.
 */
export const inThisContext = (callback: () => void): () => void => {
  let resolve = noop
  void new Promise<void>(resolved => {
    resolve = resolved
  }).then(callback)
  return resolve
}
