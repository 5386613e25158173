/** A tracer that keeps all that spans are told. */
import { type Context, type Exit, Option, Tracer } from "effect"

class RecordedSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly spanId = Math.random().toString(16).slice(2).padEnd(16, "0").slice(0, 16)
  readonly traceId: string
  readonly name: string
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly kind: Tracer.SpanKind
  readonly sampled = true
  readonly attributes = new Map<string, unknown>()
  readonly events: Array<readonly [name: string, attributes: Record<string, unknown> | undefined]> = []
  status: Tracer.SpanStatus

  constructor(...[name, parent, context, links, startTime, kind]: Parameters<Tracer.Tracer["span"]>) {
    this.name = name
    this.parent = parent
    this.context = context
    this.links = [...links]
    this.kind = kind
    this.traceId = Option.isSome(parent) ? parent.value.traceId : this.spanId + this.spanId
    this.status = { _tag: "Started", startTime }
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
  }

  attribute(key: string, value: unknown): void {
    this.attributes.set(key, value)
  }

  event(name: string, _: bigint, attributes?: Record<string, unknown>): void {
    this.events.push([name, attributes])
  }

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    this.links.push(...links)
  }
}

export interface RecordingTracer {
  readonly tracer: Tracer.Tracer
  readonly spans: ReadonlyArray<Tracer.Span>
}

export const make = (): RecordingTracer => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (...begun) => {
      const span = new RecordedSpan(...begun)
      spans.push(span)
      return span
    },
    context: run => run()
  })
  return { tracer, spans }
}
