/** Where sessions come from: the space that the environment names. */
import { Credentials, type RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as report from "./report.ts"
import type { Source, Space } from "./source.ts"
import * as words from "./words.ts"

export class Target extends Context.Tag("@effect-signalwire/cli/Target")<Target, Source>() {}

/** What a target provides, and how it fails to. */
export type Live = Layer.Layer<Target | RoomSessions.RoomSessions, report.CommandFailed>

const names = ["SIGNALWIRE_SPACE", "SIGNALWIRE_BASE_URL", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"]

const isSet = (name: string) =>
  Effect.map(Config.option(Config.string(name)), Option.exists(value => value.trim() !== ""))

interface Variables {
  readonly set: ReadonlyArray<string>
  /** Those that a space needs and that are not set. */
  readonly missing: ReadonlyArray<string>
  /** The one that the address is read from. */
  readonly address: Space["variable"]
}

export const variables: Effect.Effect<Variables, report.CommandFailed> = Effect.filter(names, isSet).pipe(
  Effect.mapError(report.ofConfigError),
  Effect.map(set => {
    const [address, unneeded] = set.includes("SIGNALWIRE_BASE_URL")
      ? ["SIGNALWIRE_BASE_URL", "SIGNALWIRE_SPACE"] as const
      : ["SIGNALWIRE_SPACE", "SIGNALWIRE_BASE_URL"] as const
    return { set, missing: names.filter(name => name !== unneeded && !set.includes(name)), address }
  })
)

export const notSet = (missing: ReadonlyArray<string>, advice: string): report.CommandFailed =>
  new report.CommandFailed({
    lines: [`${words.list(missing)} ${missing.length === 1 ? "is" : "are"} not set.`, advice]
  })

/** The space that the environment names, whose variables are known to be there. */
export const connect = (variable: Space["variable"]): Live =>
  Layer.unwrapEffect(
    Credentials.fromConfig.pipe(
      Effect.map(({ origin, pathPrefix, projectId, apiToken }) =>
        Layer.merge(
          NodeSignalWire.layer({ baseUrl: origin + pathPrefix, projectId, apiToken }),
          Layer.succeed(Target, { _tag: "Space", origin, variable })
        )
      )
    )
  ).pipe(Layer.mapError(report.ofConfigError))

/** The space that the environment names. */
export const space: Live = Layer.fresh(Layer.unwrapEffect(
  Effect.flatMap(variables, ({ address, missing }) =>
    missing.length === 0
      ? Effect.succeed(connect(address))
      : Effect.fail(notSet(
        missing,
        "Set SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN to your space, project and API token."
      )))
))
