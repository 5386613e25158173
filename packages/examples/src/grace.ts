import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { ManagedRuntime } from "effect"

/** The runtime of a server. Its calls in progress have ten seconds to end when it is disposed. */
export const makeRuntime = () =>
  ManagedRuntime.make(NodeSignalWire.layerConfig({ policy: { shutdownGrace: "10 seconds" } }))
