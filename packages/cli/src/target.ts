/** Where sessions come from: the space that the environment names. */
import { Credentials, type RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as report from "./report.ts"
import type { Source } from "./source.ts"

export class Target extends Context.Tag("@effect-signalwire/cli/Target")<Target, Source>() {}

/** What a target provides, and how it fails to. */
export type Live = Layer.Layer<Target | RoomSessions.RoomSessions, report.CommandFailed>

const isSet = (name: string): Effect.Effect<boolean> =>
  Effect.match(Config.string(name), { onFailure: () => false, onSuccess: value => value.trim() !== "" })

/** Which of the variables that name a space are set. */
export const variablesSet: Effect.Effect<ReadonlyArray<string>> = Effect.filter(
  ["SIGNALWIRE_SPACE", "SIGNALWIRE_REST_BASE_URL", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"],
  isSet
)

const isLoopback = (origin: string): boolean => /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/.test(new URL(origin).hostname)

/** As curl: those in lower case come first. */
const proxyVariable = Effect.map(
  Effect.findFirst(["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"], isSet),
  Option.getOrUndefined
)

/** @param advice what to say when a variable is missing */
export const spaceOr = (advice: string): Live =>
  Layer.fresh(Layer.unwrapEffect(Effect.gen(function*() {
    const { origin } = yield* Credentials.fromConfig()
    const variable = (yield* isSet("SIGNALWIRE_REST_BASE_URL")) ? "SIGNALWIRE_REST_BASE_URL" : "SIGNALWIRE_SPACE"
    const proxy = isLoopback(origin) ? undefined : yield* proxyVariable
    return Layer.merge(
      NodeSignalWire.layerConfig(proxy === undefined ? {} : { proxy: "environment" }),
      Layer.succeed(Target, { _tag: "Space", origin, variable, proxy })
    )
  }))).pipe(Layer.mapError(error => report.ofConfigError(error, advice)))

/** The space that the environment names. */
export const space: Live = spaceOr(
  "Without an account: npx @effect-signalwire/sandbox serves a space on this machine and prints what to set."
)
