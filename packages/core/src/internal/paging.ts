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

/** The service sends none of these; a server that sends more in a row may never end. */
const maxUselessPages = 100

interface State {
  readonly token: PageOptions["resumeFrom"]
  /** Of the page before. */
  readonly ids: ReadonlyArray<string>
  /** How many pages in a row were empty, or equal to the one before. */
  readonly uselessPages: number
  readonly isLoop: boolean
}

const idsOf = (items: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  items.map(item => String(Reflect.get(Object(item), "id")))

const isEqual = (ids: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  ids.length === others.length && ids.every((id, index) => id === others[index])

/**
 * Each page is fetched when it is pulled. A link to a page that was read, and too many pages in a row that are empty or equal to the one before,
 * are `InvalidResponse`, after the items of the page.
 *
 * @param operation for errors
 */
export const pages = <A, E>(
  operation: string,
  fetch: (token: PageOptions["resumeFrom"]) => Effect.Effect<Page<A>, E>,
  resumeFrom: PageOptions["resumeFrom"]
): Stream.Stream<Page<A>, E | InvalidResponse> =>
  Stream.suspend(() => {
    const seen = new Set<string>(typeof resumeFrom === "string" ? [resumeFrom] : [])
    const loop = new InvalidResponse({ operation, reason: "SchemaMismatch", path: "links.next", expected: samePath })
    const initial: State = { token: resumeFrom, ids: [], uselessPages: 0, isLoop: false }
    return Stream.paginateEffect(initial, ({ ids: previous, isLoop, token, uselessPages }) => {
      const fetched: Effect.Effect<Page<A>, E | InvalidResponse> = isLoop ? Effect.fail(loop) : fetch(token)
      return Effect.flatMap(fetched, page => {
        if (page.next === null) return Effect.succeed([page, Option.none<State>()] as const)
        const ids = idsOf(page.items)
        const useless = ids.length === 0 || isEqual(ids, previous) ? uselessPages + 1 : 0
        const isLoop = seen.has(page.next) || useless > maxUselessPages
        seen.add(page.next)
        const next: State = { token: page.next, ids, uselessPages: useless, isLoop }
        return Effect.succeed([page, Option.some(next)] as const)
      })
    })
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
    const input = {
      // an undefined one would be an attribute of spans, and a parameter in the journal of tests
      ...Object.fromEntries(Object.entries({ ...filter, page_size }).filter(([, value]) => value !== undefined)),
      ...parametersOf(resumeFrom)
    } as unknown as Endpoint.Input<S>
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
