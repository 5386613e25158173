import { RoomSessions } from "@effect-signalwire/core"
import { Duration, Effect } from "effect"

/** An application's own service over room sessions. */
export class Invoices extends Effect.Service<Invoices>()("Invoices", {
  effect: Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const line = (id: string) =>
      Effect.map(
        sessions.get(id),
        ({ display_name, duration, status }) =>
          status === "completed" && duration !== null
            ? `${display_name}: ${Duration.toMinutes(duration)} min`
            : `${display_name}: open`
      )
    return { line }
  })
}) {}
