/** Every output that may show a result: loggers, spans, metrics, JSON, `util.inspect`. */
import { Cause, Effect, type Exit, Logger, LogLevel, Metric, MetricState, Runtime, type Tracer } from "effect"
import { Console } from "node:console"
import { Writable } from "node:stream"
import { inspect } from "node:util"

/** What was written, by the name of the output. */
export type Written = Map<string, string>

const inspected = (value: unknown): string =>
  [true, false].map(customInspect => inspect(value, { depth: 10, showHidden: true, customInspect })).join("\n")

const json = (value: unknown): string => JSON.stringify(value) ?? ""

/** Writes all that an effect logs by each of the loggers of Effect. */
export const captureLogs = (written: Written) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  const write = (name: string) => (text: string) => void written.set(name, `${written.get(name) ?? ""}${text}\n`)
  const terminal = new Writable({
    write: (chunk, _, done) => {
      write("pretty logger")(String(chunk))
      done()
    }
  })
  const loggers = Logger.stringLogger.pipe(
    Logger.map(write("string logger")),
    Logger.zip(Logger.map(Logger.logfmtLogger, write("logfmt logger"))),
    Logger.zip(Logger.map(Logger.structuredLogger, entry => write("structured logger")(inspected(entry)))),
    Logger.zip(Logger.map(Logger.jsonLogger, write("JSON logger"))),
    Logger.zip(Logger.prettyLogger({ mode: "tty", colors: true })),
    Logger.map(() => undefined)
  )
  return Effect.consoleWith(console =>
    effect.pipe(
      Effect.provide(Logger.replace(Logger.defaultLogger, loggers)),
      Logger.withMinimumLogLevel(LogLevel.All),
      Effect.withConsole({ ...console, unsafe: new Console(terminal) })
    )
  )
}

const writeSpans = (spans: ReadonlyArray<Tracer.Span>, written: Written): void => {
  const text = spans.map(span => {
    const { attributes, context: _, parent: __, ...rest } = span
    return inspected({ ...rest, attributes: Object.fromEntries(attributes) })
  })
  written.set("spans", text.join("\n"))
}

/** The metrics that were written. Names and labels do not change. */
const writtenMetrics = new WeakSet<object>()

/** The metrics that are new since the last call. */
export const newMetrics = (): string => {
  const pairs = Metric.unsafeSnapshot().filter(({ metricKey }) => !writtenMetrics.has(metricKey))
  for (const { metricKey } of pairs) writtenMetrics.add(metricKey)
  return inspected(pairs)
}

/** Writes an exit and its spans to every output. */
export const write = <A, E>(
  exit: Exit.Exit<A, E>,
  spans: ReadonlyArray<Tracer.Span>,
  written: Written
): Effect.Effect<void> =>
  Effect.gen(function*() {
    writeSpans(spans, written)
    written.set("Exit as JSON", json(exit)).set("Exit inspected", inspected(exit)).set("Exit as text", String(exit))
    if (exit._tag === "Success") return yield* Effect.log("The call succeeded")
    const { cause } = exit
    const error = Cause.squash(cause)
    const fiberFailure = Runtime.makeFiberFailure(cause)
    if (error instanceof Error) {
      written.set("message", error.message).set("stack", error.stack ?? "")
      written.set("frequency of messages", inspected(MetricState.frequency(new Map([[error.message, 1]]))))
    }
    written
      .set("text", String(error))
      .set("error as JSON", json(error))
      .set("error inspected", inspected(error))
      .set("Cause as JSON", json(cause))
      .set("Cause inspected", inspected(cause))
      .set("Cause.pretty", Cause.pretty(cause, { renderErrorCause: true }))
      .set("FiberFailure as JSON", json(fiberFailure))
      .set("FiberFailure inspected", inspected(fiberFailure))
      .set("FiberFailure as text", String(fiberFailure))
    yield* Effect.logError("The call failed", cause).pipe(Effect.annotateLogs({ error }), Effect.withLogSpan("call"))
    yield* Effect.logError(error)
  }).pipe(captureLogs(written))
