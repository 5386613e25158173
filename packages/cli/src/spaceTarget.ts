/** The space of the configuration as a target. */
import { Credentials, type RequestPolicy } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as environment from "./environment.ts"
import type { Connection } from "./options.ts"
import * as report from "./report.ts"
import { type MakeTarget, type Service, Target } from "./target.ts"

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

/** By default a call of 30 s has three attempts of 10 s. */
const maxAttemptsWithin = 3

/** The policy of `--timeout` and `--retries`; what was not given is not changed. */
export const policyOf = ({ retries, timeout }: Connection): RequestPolicy.Override => ({
  ...(retries === undefined ? {} : { maxRetries: retries }),
  ...(timeout === undefined ? {} : {
    deadline: timeout,
    attemptTimeout: Duration.times(timeout, 1 / Math.min((retries ?? 2) + 1, maxAttemptsWithin))
  })
})

/** What is known of the space before a client is made. */
export const describe = (connection: Connection): Effect.Effect<
  Extract<Service, { readonly _tag: "Space" }>,
  Effect.Effect.Error<ReturnType<typeof Credentials.fromConfig>>
> =>
  Effect.gen(function*() {
    const { origin } = yield* Credentials.fromConfig()
    const isBaseUrl = yield* isSet("SIGNALWIRE_REST_BASE_URL")
    const variable = isBaseUrl
      ? "SIGNALWIRE_REST_BASE_URL"
      : connection.space === undefined
      ? "SIGNALWIRE_SPACE"
      : "--space"
    const proxy = Credentials.isLoopback(new URL(origin).hostname) ? undefined : yield* proxyVariable
    return { _tag: "Space", origin, variable, proxy }
  })

/**
 * The target, and the variables of the options for what a command reads itself.
 *
 * @param advice the line that is added when a variable is missing
 */
export const makeWithAdvice = (advice: string): MakeTarget => (connection, client = NodeSignalWire.layerConfig) =>
  Layer.fresh(Layer.unwrapEffect(Effect.map(
    environment.make(connection),
    ({ provider }) =>
      Layer.unwrapEffect(Effect.map(describe(connection), target =>
        Layer.merge(
          client({
            policy: policyOf(connection),
            ...(target.proxy === undefined ? {} : { proxy: "environment" })
          }),
          Layer.succeed(Target, target)
        ))).pipe(
          Layer.mapError(error => report.ofConfigError(error, advice)),
          Layer.provideMerge(Layer.setConfigProvider(provider))
        )
  )))

export const adviceWithoutAccount =
  "Without an account: room-session sandbox serves a space on this machine, and prints the variables to set."

export const make: MakeTarget = makeWithAdvice(adviceWithoutAccount)
