/** The tracer of an application: the SDK of OpenTelemetry for Node, with an exporter that sends nothing. */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { insideOf } from "../effectDriver.ts"

const exporter = {
  export: (_: unknown, done: (result: { readonly code: number }) => void) => done({ code: 0 }),
  shutdown: () => Promise.resolve()
}

const sdk = NodeSdk.layer(() => ({
  resource: { serviceName: "bench" },
  spanProcessor: new BatchSpanProcessor(exporter),
  tracerConfig: { sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.01) }) }
}))

const runtime = await Effect.runPromise(Scope.extend(Layer.toRuntime(sdk), Effect.runSync(Scope.make())))

/** The calls have spans, of which one in a hundred is sampled. */
export const traced = insideOf(Effect.provide(runtime))
