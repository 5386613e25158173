/** An `HttpClient` over answers that were thought out beforehand, and what went wrong with them. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as journal from "./journal.ts"
import type { Misuse } from "./misuse.ts"
import { Cursor, mustBeUsedUp, type Script } from "./script.ts"
import { type Break, breakOff, play, type Reply } from "./wireAnswer.ts"

export interface Stage {
  readonly client: HttpClient.HttpClient
  /** The first request that nobody thought of, once. A transport cannot end its caller, so the caller looks here. */
  readonly takeMisuse: () => Misuse | undefined
}

/** Over whatever finds the answer to a request. `code` is the failure where there is none. */
export const fromLookup = (
  lookup: (url: URL) => { readonly answer: Reply | Break } | Misuse,
  code: string
): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.suspend(() => {
    let misuse: Misuse | undefined
    const takeMisuse = () => {
      const taken = misuse
      misuse = undefined
      return taken
    }
    const client = HttpClient.make((request, url) =>
      Effect.zipRight(
        journal.countRequest,
        Effect.suspend(() => {
          const found = lookup(url)
          if ("answer" in found) return play(request, found.answer)
          misuse ??= found
          return breakOff(request, code)
        })
      )
    )
    return Effect.as(
      Effect.addFinalizer(() =>
        Effect.suspend(() => {
          const taken = takeMisuse()
          return taken === undefined ? Effect.void : Effect.die(taken)
        })
      ),
      { client, takeMisuse }
    )
  })

/** The last segment of a path is the id. */
const idOf = (url: URL): string => decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf("/") + 1))

export const make = (owner: string, script: Script<Reply | Break>): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.suspend(() => {
    const cursor = new Cursor(owner, script, answer => answer.label)
    return Effect.zipRight(
      mustBeUsedUp(owner, cursor),
      fromLookup(url => cursor.take(idOf(url)), "SCRIPT_RAN_OUT")
    )
  })
