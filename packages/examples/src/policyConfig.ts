import { RequestPolicy } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Config, Effect, Layer } from "effect"

const { deadline, maxRetries } = RequestPolicy.defaults

/** A policy from variables of the application, such as `MEETINGS_DEADLINE="10 seconds"`. */
const policy = Config.all({
  deadline: Config.withDefault(Config.duration("MEETINGS_DEADLINE"), deadline),
  maxRetries: Config.withDefault(Config.integer("MEETINGS_MAX_RETRIES"), maxRetries)
})

export const live = Layer.unwrapEffect(Effect.map(policy, policy => NodeSignalWire.layerConfig({ policy })))
