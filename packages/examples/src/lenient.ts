import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect } from "effect"

/** A field that may be null and cannot be read is null. Each is a warning in the log and a count; here it is an alert too. */
export const lenient = NodeSignalWire.layerConfig({
  decoding: "lenient",
  onDrift: ({ expected, path }) => Effect.logError(`SignalWire sends another ${path}: expected ${expected}`)
})
