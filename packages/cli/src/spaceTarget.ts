/** The space of the environment variables as a target. */
import { Credentials } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as report from "./report.ts"
import { Target, type TargetLayer } from "./target.ts"

const isSet = (name: string): Effect.Effect<boolean> =>
  Effect.match(Config.string(name), { onFailure: () => false, onSuccess: value => value.trim() !== "" })

/** The variables of a space that are set. */
export const variablesSet: Effect.Effect<ReadonlyArray<string>> = Effect.filter(
  ["SIGNALWIRE_SPACE", "SIGNALWIRE_REST_BASE_URL", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"],
  isSet
)

/** The proxy variable that is set. As for curl, names in lower case take precedence. */
const proxyVariable = Effect.map(
  Effect.findFirst(["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"], isSet),
  Option.getOrUndefined
)

/** @param advice the line that is added when a variable is missing */
export const layerWithAdvice = (advice: string): TargetLayer =>
  Layer.fresh(Layer.unwrapEffect(Effect.gen(function*() {
    const { origin } = yield* Credentials.fromConfig()
    const variable = (yield* isSet("SIGNALWIRE_REST_BASE_URL")) ? "SIGNALWIRE_REST_BASE_URL" : "SIGNALWIRE_SPACE"
    const proxy = Credentials.isLoopback(new URL(origin).hostname) ? undefined : yield* proxyVariable
    return Layer.merge(
      NodeSignalWire.layerConfig(proxy === undefined ? {} : { proxy: "environment" }),
      Layer.succeed(Target, { _tag: "Space", origin, variable, proxy })
    )
  }))).pipe(Layer.mapError(error => report.ofConfigError(error, advice)))

export const layer: TargetLayer = layerWithAdvice(
  "Without an account: npx @effect-signalwire/sandbox serves a space on this machine and prints the variables to set."
)
