/** An `HttpClient` over responses that were thought out beforehand, and what went wrong with them. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as journal from "./journal.ts"
import type { Misuse } from "./misuse.ts"
import { Cursor, mustBeUsedUp, type Script } from "./script.ts"
import { type Break, breakOff, play, type Reply } from "./wireResponse.ts"

export interface Stage {
  readonly client: HttpClient.HttpClient
  /**
   * Why a request failed with this code, if it is one that nobody thought of. A transport cannot end its caller, so the caller
   * asks. Who does not is told at the end of the scope.
   */
  readonly misuseOf: (code: string | undefined) => Misuse | undefined
}

/** Over whatever finds the response to a request. `code` is the failure where there is none. */
export const fromLookup = (
  lookup: (url: URL) => { readonly response: Reply | Break } | Misuse,
  code: string
): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.suspend(() => {
    let last: Misuse | undefined
    let isTold = false
    const client = HttpClient.make((request, url) =>
      Effect.zipRight(
        journal.countRequest,
        Effect.suspend(() => {
          const found = lookup(url)
          if ("response" in found) return play(request, found.response)
          last = found
          return breakOff(request, code)
        })
      )
    )
    const misuseOf = (failed: string | undefined) => {
      if (failed !== code) return undefined
      isTold = true
      return last
    }
    const tell = Effect.addFinalizer(exit =>
      last === undefined || (isTold && Exit.isFailure(exit)) ? Effect.void : Effect.die(last)
    )
    return Effect.as(tell, { client, misuseOf })
  })

/** The last segment of a path is the id. */
const idOf = (url: URL): string => decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf("/") + 1))

/** The request id of the response to the request number `n` of a script: always the same, and like those of the service. */
export const requestId = (n: number): string => `8c1f6f0e-52d4-4c3b-9a57-${String(n).padStart(12, "0")}`

const requestIdHeader = /^(?:x-|x-signalwire-|x-amzn-)?request-?id$/

/** The script's own request id wins, by whichever of these names. */
const withRequestId = (response: Reply | Break, n: number): Reply | Break =>
  response._tag === "Break" || Object.keys(response.headers).some(name => requestIdHeader.test(name))
    ? response
    : { ...response, headers: { ...response.headers, "x-request-id": requestId(n) } }

export const make = (owner: string, script: Script<Reply | Break>): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.suspend(() => {
    const cursor = new Cursor(owner, script, response => response.label)
    let requests = 0
    const lookup = (url: URL) => {
      const taken = cursor.take(idOf(url))
      requests++
      return "response" in taken ? { response: withRequestId(taken.response, requests) } : taken
    }
    return Effect.zipRight(mustBeUsedUp(owner, cursor), fromLookup(lookup, "SCRIPT_RAN_OUT"))
  })
