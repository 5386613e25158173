/** The log lines of a call. They have no texts of the server but the request id, and no parameters. */
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as LogLevel from "effect/LogLevel"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Call } from "./call.ts"

const isLogged = (fiber: RuntimeFiber<unknown, unknown>, level: LogLevel.LogLevel): boolean =>
  LogLevel.greaterThanEqual(level, fiber.getFiberRef(FiberRef.currentMinimumLogLevel))

const errorAnnotations = (error: SignalWireError): Record<string, unknown> => ({
  "error.type": error._tag,
  ...("status" in error ? { "http.response.status_code": error.status } : {}),
  ...("reason" in error ? { reason: error.reason } : {}),
  ...("phase" in error ? { phase: error.phase } : {}),
  ...("requestId" in error && error.requestId !== undefined ? { requestId: error.requestId } : {})
})

/** Logs an attempt that has failed and is retried. */
export const attemptFailed = (
  { compiled: { name }, fiber }: Call,
  attempt: number,
  error: SignalWireError,
  delayMillis: number
): Effect.Effect<void> =>
  isLogged(fiber, LogLevel.Debug)
    ? Effect.annotateLogs(
      Effect.logDebug(`${name}: attempt ${attempt} failed and is retried in ${delayMillis} ms`),
      { operation: name, attempt, delayMillis, ...errorAnnotations(error) }
    )
    : Effect.void

/**
 * Logs the end of a call: an error, and a call that needed retries.
 *
 * @param attempts 0 for a call without a request
 */
export const callEnded = (
  name: string,
  fiber: RuntimeFiber<unknown, unknown>,
  attempts: number,
  error: SignalWireError | undefined
): Effect.Effect<void> => {
  const annotations = { operation: name, attempts, ...(error === undefined ? {} : errorAnnotations(error)) }
  const failed = error !== undefined && isLogged(fiber, LogLevel.Debug)
    ? Effect.logDebug(`${name} failed`)
    : Effect.void
  const needed = attempts > 1 && isLogged(fiber, LogLevel.Warning)
    ? Effect.logWarning(
      error === undefined ? `${name} needed ${attempts} attempts` : `${name} failed after ${attempts} attempts`
    )
    : Effect.void
  return Effect.annotateLogs(Effect.zipRight(failed, needed), annotations)
}

/** Fails with an error, which is logged. */
export const fail = (
  name: string,
  fiber: RuntimeFiber<unknown, unknown>,
  attempts: number,
  error: SignalWireError
): Effect.Effect<never, SignalWireError> =>
  isLogged(fiber, attempts > 1 ? LogLevel.Warning : LogLevel.Debug)
    ? Effect.zipRight(callEnded(name, fiber, attempts, error), Effect.fail(error))
    : Effect.fail(error)
