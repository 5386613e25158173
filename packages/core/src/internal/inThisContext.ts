const noop = () => {}

/**
 * Returns a function that calls back in the current asynchronous context: a callback of `then` runs in the `AsyncLocalStorage`
 * context in which `then` was called. A fiber that another fiber or a transport resumes would continue in the context of those.
 */
export const inThisContext = (callback: () => void): () => void => {
  let resolve = noop
  void new Promise<void>(resolved => {
    resolve = resolved
  }).then(callback)
  return resolve
}
