import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"

/** Spans and trace headers of OpenTelemetry for the requests of undici and fetch, except those to one origin. */
export const instrumentationWithout = (signalWire: string) =>
  new UndiciInstrumentation({ ignoreRequestHook: ({ origin }) => origin === signalWire })
