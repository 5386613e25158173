import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Otlp from "@effect/opentelemetry/Otlp"
import { NodeHttpClient } from "@effect/platform-node"
import { Config, Effect, Layer, Logger, LogLevel } from "effect"

/** Sends traces, metrics and logs to an OpenTelemetry collector, by OTLP over HTTP. */
export const telemetry = Layer.unwrapEffect(
  Effect.map(
    Config.withDefault(Config.string("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://127.0.0.1:4318"),
    baseUrl => Otlp.layerJson({ baseUrl, resource: { serviceName: "meetings" }, shutdownTimeout: "10 seconds" })
  )
).pipe(Layer.provide(NodeHttpClient.layer))

/** The client is closed before the telemetry, which sends what is left when it is closed itself. */
export const live = NodeSignalWire.layerConfig().pipe(Layer.provideMerge(telemetry))

/** The status of a session, with the log lines of failed attempts, which are at debug. */
export const statusOf = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)).pipe(
    Effect.map(({ status }) => status),
    Logger.withMinimumLogLevel(LogLevel.Debug)
  )
