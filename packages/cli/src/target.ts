/** The space that a command reads from. */
import type { RoomRecordings, RoomSession, RoomSessions } from "@effect-signalwire/core"
import type { NodeSignalWire } from "@effect-signalwire/node-runtime"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"
import type { CommandError } from "./CommandError.ts"
import type { Connection } from "./options.ts"

/** The space of the configuration. */
interface Space {
  readonly _tag: "Space"
  /** The scheme, host and port, such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** Where the origin comes from. */
  readonly variable: "SIGNALWIRE_SPACE" | "SIGNALWIRE_REST_BASE_URL" | "--space"
  /** The variable that contains a proxy; undefined for a space on this machine. `NO_PROXY` may exclude the space. */
  readonly proxy: string | undefined
}

/** A sandbox inside this process. */
interface Sandbox {
  readonly _tag: "Sandbox"
  readonly origin: string
  /** The ids of its sessions; the first one is shown by default. */
  readonly ids: ReadonlyArray<RoomSession.RoomSessionId>
}

export type Service = Space | Sandbox

export class Target extends Context.Tag("@effect-signalwire/cli/Target")<Target, Service>() {}

/** A target with its client. */
export type TargetLayer = Layer.Layer<
  Target | RoomSessions.RoomSessions | RoomRecordings.RoomRecordings,
  CommandError
>

/** Makes the client of a target. */
export type ClientLayer = (
  options: NodeSignalWire.ConfigOptions
) => Layer.Layer<RoomSessions.RoomSessions | RoomRecordings.RoomRecordings, ConfigError.ConfigError>

/** Makes the target of the options of a command. */
export type MakeTarget = (connection: Connection, client?: ClientLayer) => TargetLayer
