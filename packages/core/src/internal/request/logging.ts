/** The log lines of a call. They have no texts of the server but the request id. */
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as LogLevel from "effect/LogLevel"
import type { InvalidRequest, SignalWireError } from "../../SignalWireError.ts"
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

/** The payload is not one of them, since it may contain any data. */
const callAnnotations = ({ compiled: { client, name }, parameters }: Call): Record<string, unknown> => {
  const { payload: _, ...others } = parameters
  return { operation: name, ...others, "server.address": client.server.address }
}

/** Logs an attempt that has failed and is retried. */
export const attemptFailed = (
  call: Call,
  attempt: number,
  error: SignalWireError,
  delayMillis: number
): Effect.Effect<void> =>
  isLogged(call.fiber, LogLevel.Debug)
    ? Effect.annotateLogs(
      Effect.logDebug(`${call.compiled.name}: attempt ${attempt} failed and is retried in ${delayMillis} ms`),
      { ...callAnnotations(call), attempt, delayMillis, ...errorAnnotations(error) }
    )
    : Effect.void

/** Logs the end of a call: an error, and a call that needed retries. */
export const callEnded = (call: Call, attempts: number, error: SignalWireError | undefined): Effect.Effect<void> => {
  const { compiled: { name }, fiber } = call
  const failed = error !== undefined && isLogged(fiber, LogLevel.Debug)
    ? Effect.logDebug(`${name} failed`)
    : Effect.void
  const needed = attempts > 1 && isLogged(fiber, LogLevel.Warning)
    ? Effect.logWarning(
      error === undefined ? `${name} needed ${attempts} attempts` : `${name} failed after ${attempts} attempts`
    )
    : Effect.void
  return Effect.annotateLogs(Effect.zipRight(failed, needed), {
    ...callAnnotations(call),
    attempts,
    ...(error === undefined ? {} : errorAnnotations(error))
  })
}

/**
 * Fails with an error, which is logged.
 *
 * @param attempts 0 for a call that made no attempt
 */
export const fail = (
  call: Call,
  attempts: number,
  error: SignalWireError
): Effect.Effect<never, SignalWireError> =>
  isLogged(call.fiber, attempts > 1 ? LogLevel.Warning : LogLevel.Debug)
    ? Effect.zipRight(callEnded(call, attempts, error), Effect.fail(error))
    : Effect.fail(error)

/** Fails with an error of the parameters, which is logged without them: any text may be given in place of an id. */
export const failInvalid = (
  fiber: RuntimeFiber<unknown, unknown>,
  error: InvalidRequest
): Effect.Effect<never, InvalidRequest> =>
  isLogged(fiber, LogLevel.Debug)
    ? Effect.logDebug(`${error.operation} failed`).pipe(
      Effect.annotateLogs({ operation: error.operation, attempts: 0, ...errorAnnotations(error) }),
      Effect.zipRight(Effect.fail(error))
    )
    : Effect.fail(error)
