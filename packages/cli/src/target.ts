/** The space that a command reads from. */
import type { RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"
import type { CommandError } from "./CommandError.ts"

/** The space of the environment variables. */
interface Space {
  readonly _tag: "Space"
  /** The scheme, host and port, such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** The variable that contains the origin. */
  readonly variable: "SIGNALWIRE_SPACE" | "SIGNALWIRE_REST_BASE_URL"
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
export type TargetLayer = Layer.Layer<Target | RoomSessions.RoomSessions, CommandError>
