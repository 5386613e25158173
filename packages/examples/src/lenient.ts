import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect } from "effect"

/** A nullable field that cannot be decoded is null. Each is logged as a warning and counted; here it is also logged as an error. */
export const lenient = NodeSignalWire.layerConfig({
  decoding: "lenient",
  onDrift: ({ expected, path }) => Effect.logError(`SignalWire sends another ${path}: expected ${expected}`)
})
