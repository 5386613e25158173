/**
 * Spans in the OpenTelemetry conventions for HTTP clients: one for a call, with one child for each attempt.
 *
 * They are made and ended without operators of Effect, and are not the current span of the fiber while a call waits: with a tracer of
 * `@effect/opentelemetry`, each operator inside a span takes more than a microsecond.
 */
import * as HttpTraceContext from "@effect/platform/HttpTraceContext"
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { SignalWireError } from "../../SignalWireError.ts"
import type { Request } from "../../Transport.ts"
import { requestId } from "../response/classify.ts"
import { type Received, statusOf } from "../response/collector.ts"
import { builtInServices } from "./builtInServices.ts"
import type { Call } from "./call.ts"
import { interrupted } from "./metrics.ts"

type Fiber = RuntimeFiber<unknown, unknown>

const builtInTracer = Context.get(builtInServices, Tracer.Tracer)

/**
 * Whether a call has spans: when the application has a tracer, or when the trace is propagated. Effect's built-in tracer holds
 * spans in memory only for the code inside them, which is this library's, so it needs none.
 */
export const isTraced = ({ compiled: { client }, fiber }: Call): boolean =>
  fiber.getFiberRef(FiberRef.currentTracerEnabled) &&
  (client.propagatesTraces || Context.get(fiber.currentDefaultServices, Tracer.Tracer) !== builtInTracer)

/** The spans of a call. A class for the same reason as `CallRequest`. */
export class Trace {
  readonly span: Tracer.Span
  /** The span of the attempt in progress. */
  attempt: Tracer.Span | undefined
  attempts = 0
  /** The status of the last attempt; 0 where no headers arrived. */
  status = 0

  constructor(span: Tracer.Span) {
    this.span = span
  }
}

const now = (fiber: Fiber, clock: Clock.Clock): bigint =>
  fiber.getFiberRef(FiberRef.currentTracerTimingEnabled) ? clock.unsafeCurrentTimeNanos() : BigInt(0)

/** The nearest span whose propagation is not disabled, as with `Effect.makeSpan`. */
const visible = (span: Tracer.AnySpan | undefined): Option.Option<Tracer.AnySpan> => {
  if (span === undefined) return Option.none()
  if (!Context.get(span.context, Tracer.DisablePropagation)) return Option.some(span)
  return span._tag === "Span" ? Option.flatMap(span.parent, visible) : Option.none()
}

/** Makes a span as `Effect.makeSpan` does. */
const makeSpan = (
  name: string,
  parent: Option.Option<Tracer.AnySpan>,
  kind: Tracer.SpanKind,
  fiber: Fiber,
  clock: Clock.Clock
): Tracer.Span => {
  const links = Chunk.toReadonlyArray(fiber.getFiberRef(FiberRef.currentTracerSpanLinks))
  const span = Context.get(fiber.currentDefaultServices, Tracer.Tracer).span(
    name,
    parent,
    Context.empty(),
    [...links],
    now(fiber, clock),
    kind
  )
  HashMap.forEach(fiber.getFiberRef(FiberRef.currentTracerSpanAnnotations), (value, key) => span.attribute(key, value))
  return span
}

/** Starts the span of a call, with the attributes of the parameters. The payload is not one of them, since it may contain any data. */
export const start = ({ clock, compiled: { name }, fiber, parameters }: Call): Trace => {
  const span = makeSpan(name, visible(fiber.currentSpan), "internal", fiber, clock)
  for (const [key, value] of Object.entries(parameters)) {
    if (key !== "payload") span.attribute(key === "id" ? "signalwire.resource.id" : `signalwire.request.${key}`, value)
  }
  return new Trace(span)
}

/**
 * Starts the span of an attempt.
 *
 * @param number from 1
 */
export const startAttempt = (call: Call, trace: Trace, request: Request, number: number): Tracer.Span => {
  const { client: { server }, method, template } = call.compiled
  const span = makeSpan(`${method} ${template}`, Option.some(trace.span), "client", call.fiber, call.clock)
  span.attribute("http.request.method", request.method)
  span.attribute("url.full", request.origin + request.path)
  span.attribute("url.template", template)
  span.attribute("server.address", server.address)
  span.attribute("server.port", server.port)
  if (number > 1) span.attribute("http.request.resend_count", number - 1)
  trace.attempt = span
  trace.attempts = number
  trace.status = 0
  return span
}

export const headersOf = (span: Tracer.Span): Readonly<Record<string, string>> => HttpTraceContext.toHeaders(span)

const describeError = (span: Tracer.Span, error: SignalWireError): void => {
  span.attribute("error.type", error._tag)
  if (error._tag === "SignalWireTransportError") span.attribute("signalwire.transport_error.reason", error.reason)
  if (error._tag === "SignalWireInvalidResponse") span.attribute("signalwire.invalid_response.reason", error.reason)
  if (error._tag === "SignalWireRequestTimeout") span.attribute("signalwire.request_timeout.phase", error.phase)
}

const describeCause = (span: Tracer.Span, cause: Cause.Cause<SignalWireError>): void => {
  if (Cause.isInterruptedOnly(cause)) span.attribute("error.type", interrupted)
  else Option.map(Cause.failureOption(cause), error => describeError(span, error))
}

const describeStatus = (span: Tracer.Span, status: number): void => {
  if (status > 0) span.attribute("http.response.status_code", status)
}

/** The response of the attempt in progress. */
export const onReceived = ({ compiled: { client }, trace }: Call, received: Received): void => {
  const span = trace?.attempt
  if (trace === undefined || span === undefined) return
  trace.status = statusOf(received)
  if (received._tag !== "Response") return
  const id = requestId(received.response, client.containsSecret).requestId
  if (id !== undefined) span.attribute("signalwire.request_id", id)
}

/** Ends the span of the attempt in progress. */
export const endAttempt = ({ clock, fiber, trace }: Call, exit: Exit.Exit<unknown, SignalWireError>): void => {
  const span = trace?.attempt
  if (trace === undefined || span === undefined) return
  trace.attempt = undefined
  describeStatus(span, trace.status)
  if (Exit.isFailure(exit)) describeCause(span, exit.cause)
  span.end(now(fiber, clock), exit)
}

const end = (call: Call, trace: Trace, exit: Exit.Exit<unknown, SignalWireError>): void => {
  const { clock, fiber, requestsSent } = call
  const { attempts, span, status } = trace
  // an attempt whose decoder died has not ended its own
  endAttempt(call, exit)
  span.attribute("signalwire.attempts", attempts)
  span.attribute("signalwire.requests_sent", requestsSent)
  describeStatus(span, status)
  if (Exit.isFailure(exit)) describeCause(span, exit.cause)
  span.end(now(fiber, clock), exit)
}

/**
 * Ends the span of a call with its result.
 *
 * @param effect the call, which is uninterruptible, so that each of its ends is seen
 */
export const ended = (
  call: Call,
  trace: Trace,
  effect: Effect.Effect<unknown, SignalWireError>
): Effect.Effect<unknown, SignalWireError> => {
  // V8 allocates a function that is written as a property in its old generation
  const onFailure = (cause: Cause.Cause<SignalWireError>) => {
    const exit = Exit.failCause(cause)
    end(call, trace, exit)
    return exit
  }
  const onSuccess = (value: unknown) => {
    // without the value: a span that waits for its export would retain it
    end(call, trace, Exit.void)
    return Effect.succeed(value)
  }
  return Effect.matchCauseEffect(effect, { onFailure, onSuccess })
}

/** Runs log lines and reports in the span of a call. */
export const inSpan = <A, E>({ trace }: Call, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  trace === undefined ? effect : Effect.withParentSpan(effect, trace.span)

/**
 * Runs a function with another current span, which is the parent of spans that instrumentations of transports make. A tracer reads
 * the span of the fiber that it is given.
 */
export const withCurrentSpan = <A>(fiber: Fiber, span: Tracer.AnySpan, run: () => A): A => {
  // the fiber with another value of one property
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const current = Object.create(fiber, { currentSpan: { value: span } }) as Fiber
  return Context.get(fiber.currentDefaultServices, Tracer.Tracer).context(run, current)
}

/** The context of a fiber, with the span of a request as its current one. */
export const contextOf = (fiber: Fiber, { parentSpan }: Request): Context.Context<never> =>
  parentSpan === undefined
    ? fiber.currentContext
    : Context.merge(fiber.currentContext, Context.make(Tracer.ParentSpan, parentSpan))
