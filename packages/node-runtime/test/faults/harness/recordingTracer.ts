/** A tracer that records its spans. */
import { Effect, Tracer } from "effect"

export interface RecordingTracer {
  readonly tracer: Tracer.Tracer
  /** In the order of their start. */
  readonly spans: ReadonlyArray<Tracer.Span>
}

/** Its spans are those of Effect's own tracer. */
export const make: Effect.Effect<RecordingTracer> = Effect.map(Effect.tracer, native => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (...args) => {
      const span = native.span(...args)
      spans.push(span)
      return span
    },
    context: run => run()
  })
  return { tracer, spans }
})
