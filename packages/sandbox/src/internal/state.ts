/** The state of one sandbox. */
import type { RoomSession } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import type { Journal } from "./journal.ts"
import type { ScriptedResponse } from "./script.ts"

export interface State {
  /** The sessions by id in lower case. */
  readonly sessions: ReadonlyMap<string, RoomSession.RoomSessionSummary>
  readonly isAuthorized: (header: string | undefined) => boolean
  readonly journal: Journal
  /** The responses to the next requests; each request removes the first. */
  readonly script: Array<ScriptedResponse>
}

/** The sessions by id. Two sessions with one id are an error in the test setup, so they are a defect. */
export const byId = (
  sessions: ReadonlyArray<RoomSession.RoomSessionSummary>
): Effect.Effect<State["sessions"]> => {
  const map = new Map<string, RoomSession.RoomSessionSummary>()
  for (const session of sessions) {
    const id = session.id.toLowerCase()
    if (map.has(id)) return Effect.dieMessage(`SandboxSpace: two of the given sessions have the id ${id}`)
    map.set(id, session)
  }
  return Effect.succeed(map)
}
