/** What changed in a session. */
import type { RoomSession } from "@effect-signalwire/core"
import * as format from "../format.ts"

type Session = RoomSession.RoomSessionSummary

/** Fields whose changes are not shown. */
const ignored: ReadonlySet<string> = new Set(["duration", "updated_at", "preview_url", "cost_in_dollars"])

const show = (value: unknown): string => {
  if (value === null || value === undefined) return "—"
  return format.printable(typeof value === "string" ? value : JSON.stringify(value))
}

/** The fields that differ, such as `locked: false → true`. */
export const between = (previous: Session, next: Session): ReadonlyArray<string> => {
  const [before, after] = [Object.entries(previous.toJSON()), next.toJSON()]
  return before
    .filter(([name, value]) => !ignored.has(name) && JSON.stringify(value) !== JSON.stringify(Reflect.get(after, name)))
    .map(([name, value]) => `${name}: ${show(value)} → ${show(Reflect.get(after, name))}`)
}
