/** Prints sessions by their ids. */
import { RoomSession, RoomSessions } from "@effect-signalwire/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as json from "./json.ts"
import { type Mode, pick } from "./modes.ts"
import type { Bodies } from "./raw.ts"
import * as report from "./report.ts"
import { withSignOfLife } from "./slow.ts"
import { Target } from "./target.ts"
import { ViewOptions } from "./terminal.ts"
import * as view from "./view.ts"

export const fields = Object.keys(RoomSession.RoomSessionSummary.fields)

export const fetch = (id: string) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    return yield* Effect.mapError(withSignOfLife(sessions.get(id)), error => report.ofError(error, target))
  })

/** Prints a session; `isFirst` is true for the first one of several. */
export const print = (session: RoomSession.RoomSessionSummary, { _tag, columns }: Mode, isFirst = true) => {
  switch (_tag) {
    case "Json":
      return Console.log(json.stringify(pick(session, columns)))
    case "Csv":
      return Effect.flatMap(Effect.promise(() => import("./csv.ts")), csv => {
        const names = columns ?? fields
        return Console.log(
          ((isFirst ? csv.header(names) : "") + csv.rows([session.toJSON()], names)).replace(/\n$/, "")
        )
      })
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
