import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { Layer } from "effect"

/** Prints each span when it ends, and the metrics every minute and at the end. */
export const telemetry = NodeSdk.layer(() => ({
  resource: { serviceName: "meetings" },
  spanProcessor: new SimpleSpanProcessor(new ConsoleSpanExporter()),
  metricReader: new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })
}))

export const live = NodeSignalWire.layerConfig().pipe(Layer.provideMerge(telemetry))
