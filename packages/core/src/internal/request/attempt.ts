/** Runs one exchange within its time, over a transport's own `Exchange` or over any `HttpClient`. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Exchange from "../../Exchange.ts"
import type { Complete } from "../../RequestPolicy.ts"
import { Collector, type Received } from "../response/collector.ts"
import { causes, isBeforeSending } from "../response/transportErrors.ts"

type Fiber = RuntimeFiber<unknown, unknown>

/** The time that a call has left, in milliseconds. */
export interface TimeLeft {
  /** When the attempt is made. */
  readonly atStart: number
  readonly now: () => number
}

/**
 * Sends a request and reads its response. Never fails, and never takes longer than the policy's time for an attempt, from
 * the moment that there is a connection for it, nor longer than the time that is left. The body of an error status is waited
 * for no longer than a second.
 *
 * @param fiber the one that waits
 */
export type Run = (
  request: Exchange.Request,
  policy: Complete,
  left: TimeLeft,
  fiber: Fiber,
  clock: Clock.Clock
) => Effect.Effect<Received>

type Abort = (reason: Exchange.AbortReason) => void

/** Starts an exchange for the fiber that waits for it, and returns how to abort it. */
type Start = (collector: Collector, fiber: Fiber) => Abort

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

/** How long the body of an error status is waited for, from its head on: the status is what counts. */
const errorBodyMillis = 1000

/** A transport that throws has failed like any other. */
const begin = (start: Start, collector: Collector, fiber: Fiber): Abort => {
  try {
    return start(collector, fiber)
  } catch (cause) {
    collector.fail(cause)
    return nothing
  }
}

/**
 * Calls back in the asynchronous context of the code that runs now: `AsyncLocalStorage` of Node, Bun, Deno and workers keeps
 * the context in which `then` was called. A transport's callbacks run in that of whoever opened the connection.
 */
const inThisContext = (callback: () => void): () => void => {
  let resolve = nothing
  void new Promise<void>(resolved => {
    resolve = resolved
  }).then(callback)
  return resolve
}

/**
 * Interruption is caught here: a canceler that `Effect.async` is given takes 5 µs more for each request.
 *
 * What came of a request is released once it is settled. V8 makes functions that are assigned straight to a property, as
 * `Effect.async` and masks do, among the old objects: what they reach waits for a full collection, and was copied by two
 * scavenges before, which took 1.7 µs of each request.
 */
const runWithin = (
  start: Start,
  mayUncompress: boolean,
  policy: Complete,
  left: TimeLeft,
  fiber: Fiber,
  clock: Clock.Clock
): Effect.Effect<Received> =>
  Effect.uninterruptibleMask(restore => {
    let cancelTimer = nothing
    let abort: Abort = nothing
    const received = Effect.async<Received>(resume => {
      // not the value of the promise, which may be old by then and would keep it
      let result: Received | undefined
      const settle = inThisContext(() => {
        if (result !== undefined) resume(Effect.succeed(result))
        result = undefined
      })
      const attemptMillis = Duration.toMillis(policy.attemptTimeout)
      /** What the call had left when the attempt began; undefined while it waits for a connection. */
      let leftAtBegin: number | undefined
      /** What the call has left when the body of an error status is waited for no more. */
      let leftAtBodyEnd = -Infinity
      let isStarting = true
      const onBegin = (): void => {
        leftAtBegin ??= isStarting ? left.atStart : left.now()
      }
      const onErrorHead = (): void => {
        leftAtBodyEnd = (isStarting ? left.atStart : left.now()) - errorBodyMillis
        if (isStarting) return
        // a timer that ends at once is set again, for what is left then
        cancelTimer()
        setTimer(1)
      }
      const onSettled = (received: Received): void => {
        cancelTimer()
        cancelTimer = abort = nothing
        result = received
        settle()
      }
      const collector = new Collector(policy, onSettled, onBegin, onErrorHead, mayUncompress)
      let leftByTimers = left.atStart
      /**
       * A timer that was set before the attempt began is set again, for what is left of it then. While the call waits for a
       * connection, no timer is longer than an attempt: so none is later than the end of an attempt that began meanwhile.
       */
      const setTimer = (millis: number): void => {
        cancelTimer = startTimer(clock, fiber, Math.max(1, Math.floor(millis)), () => {
          leftByTimers -= millis
          // less than the clock says when the clock of a test waits for nothing
          const leftMillis = Math.min(left.now(), leftByTimers)
          const attemptLeft = leftAtBegin === undefined ? attemptMillis : attemptMillis - leftAtBegin + leftMillis
          const rest = Math.min(leftMillis, attemptLeft, leftMillis - leftAtBodyEnd)
          if (rest >= 1) return setTimer(rest)
          const stop = abort
          collector.timeOut(attemptLeft < leftMillis ? "attempt" : "deadline")
          stop("timeout")
        })
      }
      const stop = begin(start, collector, fiber)
      isStarting = false
      if (collector.isSettled) return
      abort = stop
      setTimer(Math.min(attemptMillis, left.atStart, left.atStart - leftAtBodyEnd))
      // it may have been settled by a clock that waits for nothing
      if (collector.isSettled) cancelTimer = nothing
    })
    return Effect.catchAllCause(restore(received), cause => {
      cancelTimer()
      abort("interruption")
      return Effect.failCause(cause)
    })
  })

const isEmptyBody = (error: HttpClientError.HttpClientError): boolean =>
  error._tag === "ResponseError" && error.reason === "EmptyBody"

const encoder = new TextEncoder()

/**
 * Chunk by chunk, whatever length was announced: it is not the length of what a transport has uncompressed. Where an
 * application's own client has read the body before, to log it for example, a `TypeError` says so, and the response keeps the
 * text.
 */
const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  receiver: Exchange.Receiver
): Effect.Effect<void, HttpClientError.HttpClientError> => {
  let isEmpty = true
  const receive = (chunk: Uint8Array): boolean => {
    isEmpty = false
    return receiver.data(chunk)
  }
  return Stream.runForEachWhile(response.stream, chunk => Effect.sync(() => receive(chunk))).pipe(
    Effect.catchIf(isEmptyBody, () => Effect.void),
    Effect.catchAllCause(cause =>
      isEmpty && causes(Cause.squash(cause)).some(error => error instanceof TypeError)
        ? Effect.matchEffect(response.text, {
          onFailure: () => Effect.failCause(cause),
          onSuccess: text => Effect.sync(() => void receive(encoder.encode(text)))
        })
        : Effect.failCause(cause)
    )
  )
}

/**
 * The response inside of an error: an application's own client may fail for statuses (`HttpClient.filterStatusOk` and the
 * like), which are this library's to classify. An error about the body of a 200 stays one.
 */
const responseIn = (error: unknown): HttpClientResponse.HttpClientResponse | undefined => {
  for (const cause of causes(error)) {
    if (!HttpClientError.isHttpClientError(cause) || cause._tag !== "ResponseError") continue
    if (cause.reason === "StatusCode" || cause.response.status !== 200) return cause.response
  }
  return undefined
}

/**
 * Runs a client's request into a collector. The scope aborts what is still under way when the collector has enough. Of all
 * transports, only fetch follows redirects by itself.
 */
const drive = (
  client: HttpClient.HttpClient.With<HttpClientError.HttpClientError, Scope.Scope>,
  request: Exchange.Request,
  collector: Collector
): Effect.Effect<void> =>
  client.execute(
    HttpClientRequest.make(request.method)(request.origin + request.path, { headers: request.headers })
  ).pipe(
    Effect.catchAllCause(cause => {
      const response = responseIn(Cause.squash(cause))
      return response === undefined ? Effect.failCause(cause) : Effect.succeed(response)
    }),
    Effect.flatMap(response =>
      collector.head(response.status, response.headers)
        ? Effect.zipRight(readBody(response, collector), Effect.sync(() => collector.end()))
        : Effect.void
    ),
    Effect.scoped,
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.catchAllCause(cause =>
      Effect.sync(() => {
        const error = Cause.squash(cause)
        if (isBeforeSending(error)) collector.unsent()
        collector.fail(error)
      })
    )
  )

/** Such a client does not tell when it has a connection and when it sends: both count as done at once. */
const overHttpClient = (client: HttpClient.HttpClient) => {
  const scoped = client.pipe(
    HttpClient.withScope,
    HttpClient.withTracerPropagation(false),
    HttpClient.withTracerDisabledWhen(() => true)
  )
  return (request: Exchange.Request): Start => (collector, fiber) => {
    collector.begin()
    collector.sent()
    return fork(drive(scoped, request, collector), fiber)
  }
}

const overExchange = (exchange: Exchange.Exchange) => (request: Exchange.Request): Start => collector =>
  exchange(request, collector)

/** Over the transport's own exchange, where there is one. */
export const make = (client: HttpClient.HttpClient): Run => {
  const exchange = Exchange.of(client)
  const isForeign = exchange === undefined
  const start = isForeign ? overHttpClient(client) : overExchange(exchange)
  return (request, ...within) => runWithin(start(request), isForeign, ...within)
}
