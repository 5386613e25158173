/** A list as a stream of its pages. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Page, PageToken } from "../Page.ts"
import { InvalidResponse } from "../SignalWireError.ts"
import { samePath } from "./response/expectations.ts"

/** The service sends none; a server that sends more of them in a row may never end. */
const maxEmptyPages = 100

interface State {
  readonly token: PageToken | undefined
  readonly emptyPages: number
}

/**
 * Each page is fetched when it is pulled. A page that leads back to one that was read, and too many empty pages in a row, are `InvalidResponse`.
 *
 * @param operation for errors
 */
export const pages = <A, E>(
  operation: string,
  fetch: (token: PageToken | undefined) => Effect.Effect<Page<A>, E>,
  resumeFrom: PageToken | undefined
): Stream.Stream<Page<A>, E | InvalidResponse> =>
  Stream.suspend(() => {
    const seen = new Set<PageToken>(resumeFrom === undefined ? [] : [resumeFrom])
    const loop = Effect.suspend(() =>
      Effect.fail(
        new InvalidResponse({ operation, reason: "SchemaMismatch", path: "links.next", expected: samePath })
      )
    )
    const initial: State = { token: resumeFrom, emptyPages: 0 }
    return Stream.paginateEffect(initial, ({ emptyPages, token }) =>
      Effect.flatMap(fetch(token), page => {
        if (page.next === null) return Effect.succeed([page, Option.none<State>()] as const)
        const empty = page.items.length === 0 ? emptyPages + 1 : 0
        if (seen.has(page.next) || empty > maxEmptyPages) return loop
        seen.add(page.next)
        return Effect.succeed([page, Option.some<State>({ token: page.next, emptyPages: empty })] as const)
      }))
  })

/** The items of all pages. */
export const items = <A, E>(
  operation: string,
  fetch: (token: PageToken | undefined) => Effect.Effect<Page<A>, E>,
  resumeFrom: PageToken | undefined
): Stream.Stream<A, E | InvalidResponse> => Stream.mapConcat(pages(operation, fetch, resumeFrom), ({ items }) => items)
