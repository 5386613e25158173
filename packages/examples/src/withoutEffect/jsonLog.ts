import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Layer, Logger, ManagedRuntime } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"

/** The id of the current request of the application. */
export const requestId = new AsyncLocalStorage<string>()

/** In place of the default logger of Effect: a line of JSON, with the id of the request that the line is about. */
const jsonLog = Logger.replace(
  Logger.defaultLogger,
  Logger.map(Logger.structuredLogger, line => {
    console.log(JSON.stringify({ requestId: requestId.getStore() ?? null, ...line }))
  })
)

export const runtime = ManagedRuntime.make(Layer.merge(NodeSignalWire.layerConfig(), jsonLog))
