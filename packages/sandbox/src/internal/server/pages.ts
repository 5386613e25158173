/** The pages of lists: the position of a page, its links and its body. */
import type { SignalWireError } from "@effect-signalwire/core"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { uuidOf } from "../space/uuid.ts"
import { split } from "./routes.ts"
import * as unprocessable from "./unprocessable.ts"

/** The parameters of a page in a query. */
export interface PageParams {
  readonly page_number?: number | undefined
  readonly page_size?: number | undefined
  readonly page_token?: string | undefined
}

const defaultPageSize = 50

const paging = ["page_number", "page_size", "page_token"]

const filters = ["room_id", "room_name", "room_name_matches", "status"]

/**
 * The token of the page that begins at a position: the position, and a digest of it and of the list. A list is its path with the
 * filters, so a token of another list is invalid. A position is one among all items, also those that do not match the filters, so
 * that a page begins where it did after items have changed.
 */
const tokenOf = (list: string, start: number): string =>
  `PA${start.toString(36)}-${uuidOf(`${list} ${start}`).slice(0, 8)}`

/** The position at which a page begins; undefined for a token that is not one of this list. */
const startOf = (list: string, token: string, count: number): number | undefined => {
  const start = Number.parseInt(/^PA([0-9a-z]+)-/.exec(token)?.[1] ?? "", 36)
  return start > 0 && start < count && token === tokenOf(list, start) ? start : undefined
}

/** At most `count` entries that match, from a position in steps of 1 or -1. */
const scan = <E>({ items, matches = () => true }: List<E>, from: number, step: 1 | -1, count: number) => {
  const found: Array<{ readonly position: number; readonly entry: E }> = []
  for (let position = from; found.length < count; position += step) {
    const entry = items[position]
    if (entry === undefined) break
    if (matches(entry)) found.push({ position, entry })
  }
  return found
}

/** The origin by which the client addresses the sandbox, which may be `localhost` or a proxy. */
const originOf = ({ headers: { host } }: HttpServerRequest.HttpServerRequest, url: string): string =>
  host !== undefined && /^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}`)
    ? `${new URL(url).protocol}//${host}`
    : url

interface Item {
  readonly toJSON: () => object
}

/** A list: all entries, which of them it has, and what they are now. */
export interface List<E> {
  readonly items: ReadonlyArray<E>
  readonly matches?: (entry: E) => boolean
  readonly view: (entry: E) => Item
}

/** The contract has them only in events of a recording or a member, where they are never null. */
const neverNull = ["room_recording_id", "room_participant_id"]

/** Each state of an item is encoded once. */
const encoded = new WeakMap<Item, string>()

const toJson = (item: Item): string => {
  const known = encoded.get(item)
  if (known !== undefined) return known
  const fields = Object.entries(item.toJSON()).filter(([name, value]) => value !== null || !neverNull.includes(name))
  const json = JSON.stringify(Object.fromEntries(fields))
  encoded.set(item, json)
  return json
}

/**
 * Responds with a page of a list.
 *
 * @param url the address of the sandbox, for a request without a valid `Host`
 */
export const respond = <E>(
  url: string,
  entries: List<E>,
  { page_number: number = 0, page_size: size = defaultPageSize, page_token: token }: PageParams
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  SignalWireError.UnprocessableContent,
  HttpServerRequest.HttpServerRequest
> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, request => {
    if (number > 0 && token === undefined) return Effect.fail(unprocessable.pageTokenIsMissing)
    const { path, query } = split(request.url)
    const others = [...new URLSearchParams(query)].filter(([name]) => !paging.includes(name))
    const given = others.filter(([name]) => filters.includes(name)).toSorted(([a], [b]) => a < b ? -1 : 1)
    const list = `${path.toLowerCase()}?${new URLSearchParams(given).toString()}`
    const start = token === undefined ? 0 : startOf(list, token, entries.items.length)
    if (start === undefined) return Effect.fail(unprocessable.pageTokenIsInvalid)

    const origin = originOf(request, url)
    const link = (number: number, start: number): string => {
      const parameters = new URLSearchParams(others)
      parameters.set("page_number", String(number))
      parameters.set("page_size", String(size))
      if (start > 0) parameters.set("page_token", tokenOf(list, start))
      return `${origin}${path}?${parameters.toString()}`
    }
    // one item more than the page has, to know whether there is a page after it
    const found = scan(entries, start, 1, size + 1)
    const next = found[size]
    const before = scan(entries, start - 1, -1, size + 1)
    // the first page has no token
    const previous = before.length > size ? before[size - 1]?.position ?? 0 : 0
    const links = {
      self: link(start === 0 ? 0 : number, start),
      first: link(0, 0),
      ...(next === undefined ? {} : { next: link(number + 1, next.position) }),
      ...(before.length > 0 ? { prev: link(previous === 0 ? 0 : Math.max(0, number - 1), previous) } : {})
    }
    const data = found.slice(0, size).map(({ entry }) => toJson(entries.view(entry)))
    return Effect.succeed(
      HttpServerResponse.text(`{"links":${JSON.stringify(links)},"data":[${data.join(",")}]}`, {
        contentType: "application/json"
      })
    )
  })
