/** The request pipeline: encode the parameters, send, read, decode or classify, retry. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import { identity } from "effect/Function"
import * as Random from "effect/Random"
import * as RuntimeFlags from "effect/RuntimeFlags"
import { InvalidRequest, type SignalWireError, TransportError } from "../../SignalWireError.ts"
import type { Request } from "../../Transport.ts"
import { returnToThisContext } from "../inThisContext.ts"
import { type Received, statusOf } from "../response/collector.ts"
import * as drift from "../response/drift.ts"
import * as attempts from "./attempt.ts"
import { Call, CallRequest, type Compiled, noDrifts } from "./call.ts"
import * as logging from "./logging.ts"
import { InvalidParameter, type Parameters } from "./parameters.ts"
import { leftMillis, progress } from "./progress.ts"
import * as responseInfo from "./responseInfo.ts"
import * as retry from "./retry.ts"
import { sleepUnless } from "./timer.ts"
import * as tracing from "./tracing.ts"

type Result = Either.Either<unknown, SignalWireError>

type Restore = attempts.Restore

const decode = (call: Call, attempt: number, received: Received): Result => {
  call.requestsSent += received.requestsSent
  call.recorder?.onAttempt(attempt, received)
  tracing.onReceived(call, received)
  const { decodeResponse, metrics } = call.compiled
  const result = decodeResponse(received, call, attempt)
  metrics?.decoded(call, statusOf(received), Either.isLeft(result) ? result.left : undefined)
  if (call.trace !== undefined) tracing.endAttempt(call, Either.isLeft(result) ? Exit.fail(result.left) : Exit.void)
  return result
}

/** After an attempt without a response, the other idle connections may be closed as well: the next one uses a new connection. */
const requestOf = (call: Call, previous: SignalWireError | undefined): Request =>
  previous?._tag === "SignalWireTransportError" || previous?._tag === "SignalWireRequestTimeout"
    ? { ...call.request, freshConnection: true }
    : call.request

/** The request is sent in the context of its span, which the tracer sets while it is dispatched, and not in that of the caller. */
const traced = (call: Call, trace: tracing.Trace, request: Request, attempt: number): Request => {
  const span = tracing.startAttempt(call, trace, request, attempt)
  const headers = call.compiled.client.propagatesTraces
    ? { ...tracing.headersOf(span), ...request.headers }
    : request.headers
  return new CallRequest({ ...request, headers, parentSpan: span, asyncContext: undefined })
}

const makeAttempt = (
  call: Call,
  attempt: number,
  previous: SignalWireError | undefined,
  restore: Restore
): Effect.Effect<unknown, SignalWireError> => {
  const { trace } = call
  const request = requestOf(call, previous)
  return attempts.run(
    call,
    attempt,
    trace === undefined ? request : traced(call, trace, request, attempt),
    restore,
    onReceived
  )
}

const onReceived: attempts.OnReceived = (call, attempt, received, restore) => {
  const result = decode(call, attempt, received)
  if (Either.isLeft(result)) return tracing.inSpan(call, retryOrFail(call, attempt, result.left, restore))
  const { client } = call.compiled
  if (attempt === 1) client.retryTokens.put(call.policy.retryBudget?.refill ?? 0)
  const reported = call.drifts === noDrifts ? result : Effect.zipRight(
    tracing.inSpan(
      call,
      restore(
        Effect.suspend(() => drift.report(call))
      )
    ),
    result
  )
  return attempt === 1 ? reported : Effect.zipRight(logging.callEnded(call, attempt, undefined), reported)
}

/**
 * Ends a call with its error.
 *
 * @param attempts 0 for a call that made no attempt
 */
const fail = (call: Call, attempts: number, error: SignalWireError): Effect.Effect<never, SignalWireError> =>
  Effect.suspend(() => {
    call.compiled.metrics?.failed(call.metricLabels, error)
    return logging.fail(call, attempts, error)
  })

const retryOrFail = (
  call: Call,
  attempt: number,
  error: SignalWireError,
  restore: Restore
): Effect.Effect<unknown, SignalWireError> => {
  const { client, method, metrics } = call.compiled
  const attempted = { policy: call.policy, error, attempt, method }
  client.rateLimiter?.onError(error, call)
  if (!retry.isAllowed(attempted)) return fail(call, attempt, error)
  return Effect.flatMap(Effect.all([Random.next, Random.next]), random => {
    const decision = retry.decide({ ...attempted, leftMillis: leftMillis(call), random })
    return decision !== undefined && client.retryTokens.take(decision.cost)
      ? Effect.zipRight(
        delay(call, attempt, error, decision, restore),
        Effect.suspend(() => {
          metrics?.retried(call, error)
          return makeAttempt(call, attempt + 1, error, restore)
        })
      )
      : fail(call, attempt, error)
  })
}

/** The delay fails when the layer of the client or of its transport is closed. The tokens of a retry that is not made are put back. */
const delay = (
  call: Call,
  attempt: number,
  error: SignalWireError,
  { cost, delayMillis }: retry.Retry,
  restore: Restore
): Effect.Effect<unknown, SignalWireError> => {
  const { lifecycle, rateLimiter, retryTokens, transport } = call.compiled.client
  const inContext = returnToThisContext()
  const closed = Effect.raceFirst(lifecycle.closed, transport.closed)
  const delayed = Effect.zipRight(
    logging.attemptFailed(call, attempt, error, delayMillis),
    Effect.flatMap(sleepUnless(closed, delayMillis, call), isClosed =>
      isClosed
        ? Effect.zipRight(inContext, new TransportError({ ...progress(call, attempt), reason: "Closed" }))
        : Effect.void)
  )
  const turn: Effect.Effect<unknown, SignalWireError> = rateLimiter === undefined
    ? delayed
    : Effect.zipRight(delayed, rateLimiter.turn(call, attempt, error))
  // an interruption that is pending already ends the delay before it begins
  return restore(turn).pipe(
    Effect.onError(() => Effect.sync(() => retryTokens.put(cost))),
    Effect.catchAll(error => fail(call, attempt, error))
  )
}

const attempted = (call: Call, restore: Restore): Effect.Effect<unknown, SignalWireError> => {
  const { rateLimiter } = call.compiled.client
  return rateLimiter === undefined
    ? makeAttempt(call, 1, undefined, restore)
    : Effect.matchEffect(restore(rateLimiter.turn(call, 0, undefined)), {
      onFailure: error => fail(call, 0, error),
      onSuccess: () => makeAttempt(call, 1, undefined, restore)
    })
}

/** No attempt starts after the end of the client: it would have a span. */
const run = (call: Call, restore: Restore): Effect.Effect<unknown, SignalWireError> => {
  const { compiled: { client: { lifecycle } }, recorder } = call
  if (lifecycle.isClosing) return fail(call, 0, new TransportError({ ...progress(call, 0), reason: "Closed" }))
  const effect = attempted(call, restore)
  return lifecycle.counted(recorder === undefined ? effect : responseInfo.recorded(effect, call, recorder))
}

/** The span starts where the call is uninterruptible already, so that its end is seen. */
const runTraced = (call: Call, restore: Restore): Effect.Effect<unknown, SignalWireError> =>
  Effect.suspend(() => {
    const trace = tracing.start(call)
    call.trace = trace
    return tracing.ended(call, trace, run(call, restore))
  })

/**
 * Calls an endpoint. The call is uninterruptible but where it waits, as with `Effect.uninterruptibleMask`, which would be one more
 * step of the fiber.
 */
export const start = (
  compiled: Compiled,
  parameters: Parameters
): Effect.Effect<unknown, SignalWireError> =>
  Effect.withFiberRuntime((fiber, { runtimeFlags }) => {
    const target = compiled.toTarget(parameters)
    if (target instanceof InvalidParameter) {
      const { expected, parameter } = target
      const error = new InvalidRequest({ operation: compiled.name, parameter, expected })
      responseInfo.clear(fiber)
      compiled.metrics?.failed(fiber.getFiberRef(FiberRef.currentMetricLabels), error)
      return logging.failInvalid(fiber, error)
    }
    // `run` only describes the call: nothing is started before the call is uninterruptible
    const call = new Call(compiled, parameters, target, fiber)
    const restore: Restore = RuntimeFlags.interruption(runtimeFlags) ? Effect.interruptible : identity
    return Effect.uninterruptible(tracing.isTraced(call) ? runTraced(call, restore) : run(call, restore))
  })
