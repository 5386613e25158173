import { type Context, Effect, type Exit, Option, Tracer } from "effect"

/** A span that records its attributes and its end. Ids are those of W3C trace contexts. */
export class RecordedSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly sampled = true
  readonly traceId: string
  readonly spanId: string
  readonly attributes = new Map<string, unknown>()
  readonly links: ReadonlyArray<Tracer.SpanLink>
  status: Tracer.SpanStatus
  readonly name: string
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly kind: Tracer.SpanKind

  constructor(
    index: number,
    ...[name, parent, context, links, startTime, kind]: Parameters<Tracer.Tracer["span"]>
  ) {
    this.name = name
    this.parent = parent
    this.context = context
    this.links = links
    this.kind = kind
    this.status = { _tag: "Started", startTime }
    this.traceId = Option.getOrElse(Option.map(parent, span => span.traceId), () => "0".repeat(31) + "1")
    this.spanId = String(index).padStart(16, "0")
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
  }

  attribute(key: string, value: unknown): void {
    this.attributes.set(key, value)
  }

  event(): void {}

  addLinks(): void {}
}

/** Runs effects with a tracer that records its spans, in the order in which they start. */
export const recordSpans = () => {
  const spans: Array<RecordedSpan> = []
  const tracer = Tracer.make({
    span: (...args) => {
      const span = new RecordedSpan(spans.length + 1, ...args)
      spans.push(span)
      return span
    },
    context: run => run()
  })
  return { spans, tracer, traced: Effect.withTracer(tracer) }
}
