import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"

/** Spans and trace headers of OpenTelemetry for the requests of undici and fetch, but for those to one origin. */
export const instrumentationWithout = (signalWire: string) =>
  new UndiciInstrumentation({ ignoreRequestHook: ({ origin }) => origin === signalWire })
