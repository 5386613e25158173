/** Runs one exchange within its time, over a transport's own `Exchange` or over any `HttpClient`. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Exchange from "../Exchange.ts"
import type { Complete } from "../RequestPolicy.ts"
import { type Received, Reception } from "./reception.ts"

type Fiber = RuntimeFiber<unknown, unknown>

/**
 * Sends a request and takes in its answer. Never fails, and never takes longer than `timeoutMillis`.
 *
 * @param fiber the one that waits
 */
export type Run = (
  request: Exchange.Request,
  policy: Complete,
  timeoutMillis: number,
  fiber: Fiber,
  clock: Clock.Clock
) => Effect.Effect<Received>

/** Starts an exchange for the fiber that waits for it, and returns how to give it up. */
type Start = (receiver: Exchange.Receiver, fiber: Fiber) => () => void

/**
 * Forks with all that a fiber has, and returns how to interrupt it: the region that waits may not be interruptible, what it
 * gives up must end all the same. `Effect.runtime` would cost more than a microsecond for each request, needed or not.
 */
const fork = (effect: Effect.Effect<void>, fiber: Fiber): () => void => {
  const runtime = Runtime.make({
    context: fiber.currentContext,
    fiberRefs: fiber.getFiberRefs(),
    runtimeFlags: Runtime.defaultRuntimeFlags
  })
  const forked = Runtime.runFork(runtime)(effect)
  return () => forked.unsafeInterruptAsFork(FiberId.none)
}

// compared only, never called
// oxlint-disable-next-line typescript/unbound-method
const liveSleep = Clock.make().sleep

/**
 * Effect's own clock sleeps by `setTimeout`: to do the same saves the two fibers of an `Effect.timeout`, which cost more than
 * the rest of a request. Any other clock, such as `TestClock`, is asked to sleep.
 */
const startTimer = (clock: Clock.Clock, fiber: Fiber, millis: number, onTimeout: () => void): () => void => {
  if (clock.sleep === liveSleep) {
    const timer = setTimeout(onTimeout, millis)
    return () => clearTimeout(timer)
  }
  return fork(Effect.andThen(Effect.sleep(millis), Effect.sync(onTimeout)), fiber)
}

const nothing = () => {}

/** A transport that throws has failed like any other. */
const begin = (start: Start, reception: Reception, fiber: Fiber): () => void => {
  try {
    return start(reception, fiber)
  } catch (cause) {
    reception.fail(cause)
    return nothing
  }
}

/**
 * Interruption is caught here: a canceler that `Effect.async` is given takes 5 µs more for each request.
 *
 * What came of a request is let go of when it is over. V8 makes functions that are assigned straight to a property, as
 * `Effect.async` and masks do, among the old objects: what they reach waits for a full collection, and was copied by two
 * scavenges before, which took 1.7 µs of each request.
 */
const runWithin = (
  start: Start,
  mayUncompress: boolean,
  policy: Complete,
  timeoutMillis: number,
  fiber: Fiber,
  clock: Clock.Clock
): Effect.Effect<Received> =>
  Effect.uninterruptibleMask(restore => {
    let stopTimer = nothing
    let giveUp = nothing
    let isOver = false
    const received = Effect.async<Received>(resume => {
      const reception = new Reception(policy, received => {
        isOver = true
        stopTimer()
        stopTimer = giveUp = nothing
        resume(Effect.succeed(received))
      }, mayUncompress)
      stopTimer = startTimer(clock, fiber, timeoutMillis, () => {
        const stop = giveUp
        reception.timeOut()
        stop()
      })
      // a clock of a test may wait for nothing
      if (isOver) return
      const stop = begin(start, reception, fiber)
      if (!isOver) giveUp = stop
    })
    return Effect.catchAllCause(restore(received), cause => {
      stopTimer()
      giveUp()
      return Effect.failCause(cause)
    })
  })

const isEmptyBody = (error: HttpClientError.HttpClientError): boolean =>
  error._tag === "ResponseError" && error.reason === "EmptyBody"

/** Chunk by chunk, whatever length was announced: it is not the length of what a transport has uncompressed. */
const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  receiver: Exchange.Receiver
): Effect.Effect<void, HttpClientError.HttpClientError> =>
  Stream.runForEachWhile(response.stream, chunk => Effect.sync(() => receiver.data(chunk)))

/**
 * Runs a client's request into a receiver. The scope aborts what is still under way when the receiver has enough. Of all
 * transports, only fetch follows redirects by itself.
 */
const drive = (
  client: HttpClient.HttpClient.With<HttpClientError.HttpClientError, Scope.Scope>,
  request: Exchange.Request,
  receiver: Exchange.Receiver
): Effect.Effect<void> =>
  client.execute(
    HttpClientRequest.make(request.method)(request.origin + request.path, { headers: request.headers })
  ).pipe(
    Effect.flatMap(response =>
      receiver.head(response.status, response.headers)
        ? readBody(response, receiver).pipe(
          Effect.catchIf(isEmptyBody, () => Effect.void),
          Effect.zipRight(Effect.sync(() => receiver.end()))
        )
        : Effect.void
    ),
    Effect.scoped,
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.catchAllCause(cause => Effect.sync(() => receiver.fail(Cause.squash(cause))))
  )

const overHttpClient = (client: HttpClient.HttpClient) => {
  const scoped = client.pipe(
    HttpClient.withScope,
    HttpClient.withTracerPropagation(false),
    HttpClient.withTracerDisabledWhen(() => true)
  )
  return (request: Exchange.Request): Start => (receiver, fiber) => fork(drive(scoped, request, receiver), fiber)
}

const overExchange = (exchange: Exchange.Exchange) => (request: Exchange.Request): Start => receiver =>
  exchange(request, receiver)

/** Over the transport's own exchange, where there is one. */
export const make = (client: HttpClient.HttpClient): Run => {
  const exchange = Exchange.of(client)
  const isForeign = exchange === undefined
  const start = isForeign ? overHttpClient(client) : overExchange(exchange)
  return (request, ...within) => runWithin(start(request), isForeign, ...within)
}
