/** Who is asked for a session. */
import type { RoomSession } from "@effect-signalwire/core"

/** The space that the environment names. */
export interface Space {
  readonly _tag: "Space"
  /** Such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** Where the origin was read. */
  readonly variable: "SIGNALWIRE_SPACE" | "SIGNALWIRE_BASE_URL"
}

/** A sandbox inside this process. */
interface Sandbox {
  readonly _tag: "Sandbox"
  readonly origin: string
  /** Of its sessions; the first is the one to show when none is asked for. */
  readonly ids: ReadonlyArray<RoomSession.RoomSessionId>
}

export type Source = Space | Sandbox
