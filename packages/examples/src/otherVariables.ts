import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Config } from "effect"

/** Reads the space from `SIGNALWIRE_SPACE_URL`. The names of the other variables are the default ones. */
export const live = NodeSignalWire.layerConfig({ space: Config.string("SIGNALWIRE_SPACE_URL") })
