/** Lists of a client, as pages and as streams. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Endpoint from "../Endpoint.ts"
import type { of, Page, PageOptions, query } from "../Page.ts"
import type { Service as Client } from "../SignalWireClient.ts"
import { InvalidResponse } from "../SignalWireError.ts"
import { samePath } from "./response/expectations.ts"
import { parametersOf, toPage } from "./response/nextLink.ts"

/** The service sends none; a server that sends more of them in a row may never end. */
const maxEmptyPages = 100

interface State {
  readonly token: PageOptions["resumeFrom"]
  readonly emptyPages: number
}

/**
 * Each page is fetched when it is pulled. A page that leads back to one that was read, and too many empty pages in a row, are `InvalidResponse`.
 *
 * @param operation for errors
 */
const pages = <A, E>(
  operation: string,
  fetch: (token: PageOptions["resumeFrom"]) => Effect.Effect<Page<A>, E>,
  resumeFrom: PageOptions["resumeFrom"]
): Stream.Stream<Page<A>, E | InvalidResponse> =>
  Stream.suspend(() => {
    const seen = new Set<string>(typeof resumeFrom === "string" ? [resumeFrom] : [])
    const loop = Effect.suspend(() =>
      Effect.fail(new InvalidResponse({ operation, reason: "SchemaMismatch", path: "links.next", expected: samePath }))
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

type Item<S extends Endpoint.Spec> = Endpoint.Success<S> extends { readonly data: ReadonlyArray<infer A> } ? A : never

/** What a list takes beside its page. */
type Filter<S extends Endpoint.Spec> = Omit<Endpoint.Input<S>, keyof typeof query>

/** A list of one client. */
export interface List<S extends Endpoint.Spec> {
  readonly page: (filter: Filter<S>, options: PageOptions) => Effect.Effect<Page<Item<S>>, Endpoint.Error<S>>
  readonly items: (filter: Filter<S>, options: PageOptions) => Stream.Stream<Item<S>, Endpoint.Error<S>>
}

/** Prepares an endpoint of which the success is a page. */
export const make = <S extends Endpoint.Spec & { readonly success: ReturnType<typeof of> }>(
  client: Client,
  endpoint: Endpoint.Endpoint<S>
): List<S> => {
  const prepared = client.prepare(endpoint)
  const page: List<S>["page"] = (filter, { page_size, resumeFrom }) => {
    // the parameters of a page complete those of the endpoint, which its generic type cannot say
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const input = { ...filter, page_size, ...parametersOf(resumeFrom) } as unknown as Endpoint.Input<S>
    return Effect.map(prepared(input), toPage)
  }
  return {
    page,
    items: (filter, { page_size, resumeFrom }) =>
      Stream.mapConcat(
        pages(endpoint.name, token => page(filter, { page_size, resumeFrom: token }), resumeFrom),
        ({ items }) => items
      )
  }
}
