/** Prints sessions by their ids. */
import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { type Mode, pick } from "./modes.ts"
import { printCsv, printJson } from "./print.ts"
import type { Bodies } from "./raw.ts"
import * as report from "./report.ts"
import { withSignOfLife } from "./slow.ts"
import { Target } from "./target.ts"
import { type Streams, ViewOptions } from "./terminal.ts"
import * as view from "./view.ts"

export const fields = Object.keys(RoomSession.RoomSessionSummary.fields)

export const fetch = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    return yield* Effect.mapError(withSignOfLife(sessions.get(id)), error => report.ofError(error, target))
  })

/** Prints a session; `isFirst` is true for the first one of several. */
export const print = (
  session: RoomSession.RoomSessionSummary,
  { _tag, columns }: Mode,
  isFirst = true
): Effect.Effect<void, never, Streams | ViewOptions> => {
  switch (_tag) {
    case "Json":
      return printJson([pick(session, columns)])
    case "Csv":
      return printCsv([session.toJSON()], columns ?? fields, isFirst)
    default:
      return Effect.flatMap(
        ViewOptions,
        options => Console.log(`${isFirst ? "" : "\n"}${view.render(session, options, columns)}`)
      )
  }
}

/** Prints the body of a session, which need not match the contract. */
export const printRaw = (id: string, bodies: Bodies, isFirst = true) =>
  Effect.gen(function*() {
    const { raw } = yield* Effect.promise(() => import("./features.ts"))
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    yield* withSignOfLife(sessions.get(id)).pipe(
      Effect.catchIf(
        error => error._tag === "SignalWireInvalidResponse" && error.reason === "SchemaMismatch",
        () => Effect.void
      ),
      Effect.mapError(error => report.ofError(error, target)),
      Effect.ensuring(raw.print(bodies, isFirst))
    )
  })
