/** Who is asked for a session. */
import type { RoomSession } from "@effect-signalwire/core"

/** The space that the environment names. */
interface Space {
  readonly _tag: "Space"
  /** Such as `https://acme.signalwire.com`. */
  readonly origin: string
  /** Where the origin was read. */
  readonly variable: "SIGNALWIRE_SPACE" | "SIGNALWIRE_REST_BASE_URL"
  /** The variable that names a proxy, unless the space is on this machine. `NO_PROXY` may except the space. */
  readonly proxy: string | undefined
}

/** A sandbox inside this process. */
interface Sandbox {
  readonly _tag: "Sandbox"
  readonly origin: string
  /** Of its sessions; the first is the one to show when none is asked for. */
  readonly ids: ReadonlyArray<RoomSession.RoomSessionId>
}

export type Source = Space | Sandbox
