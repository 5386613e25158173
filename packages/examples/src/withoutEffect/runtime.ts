import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { ManagedRuntime } from "effect"

/** The one runtime of the process, with its one pool of connections. */
export const runtime = ManagedRuntime.make(NodeSignalWire.layerConfig())
