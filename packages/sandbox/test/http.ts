import type { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect, Redacted, Schedule } from "effect"

export interface Responded {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
})

export const credentials = (space: SandboxSpace.Service): Record<string, string> =>
  basic(space.projectId, Redacted.value(space.apiToken))

/** Sends a request by fetch, without the client. */
export const send = (url: string, init: RequestInit = {}): Effect.Effect<Responded> =>
  Effect.promise(async signal => {
    const response = await fetch(url, { ...init, signal })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()).toString("utf8")
    }
  })

export const sessionUrl = (space: SandboxSpace.Service, id: string): string =>
  `${space.url}/api/video/room_sessions/${id}`

/** Gets a session with the credentials of the sandbox. */
export const get = (space: SandboxSpace.Service, id: string, init: RequestInit = {}): Effect.Effect<Responded> =>
  send(sessionUrl(space, id), { ...init, headers: credentials(space) })

/** Waits until the sandbox has received this many requests. */
export const received = (space: SandboxSpace.Service, count: number): Effect.Effect<void> =>
  space.requests.pipe(
    Effect.repeat({ until: requests => requests.length >= count, schedule: Schedule.spaced("2 millis") }),
    Effect.asVoid
  )
