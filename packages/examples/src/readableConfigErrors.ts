import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Cause, type ConfigError, Data, Layer } from "effect"

class InvalidConfiguration extends Data.TaggedError("InvalidConfiguration")<{ readonly message: string }> {}

const linesOf = (error: ConfigError.ConfigError): ReadonlyArray<string> =>
  error._op === "And" || error._op === "Or"
    ? [...linesOf(error.left), ...linesOf(error.right)]
    : [Cause.pretty(Cause.fail(error))]

/** The message of its error has a line for each problem of the configuration. */
export const live = NodeSignalWire.layerConfig({ prefix: "EU" }).pipe(
  Layer.mapError(error => new InvalidConfiguration({ message: ["Configuration:", ...linesOf(error)].join("\n") }))
)
