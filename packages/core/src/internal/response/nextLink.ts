/** The link of a page to the next one. It is never followed itself: what it says of the next page goes into a request of the client. */
import type { Page, PageToken } from "../../Page.ts"
import type { Request } from "../../Transport.ts"

/** Longer than any link of the service, and cheap to parse. */
const maxLength = 4096

/** Printable ASCII: `URL` would skip blanks and control characters. It would read a backslash as a slash. */
const isClean = (link: string): boolean => link.length <= maxLength && /^[!-[\]-~]+$/.test(link)

/** Empty at the end of a list, where it may be null as well. */
const nextOf = (body: object): string => {
  const links: unknown = Reflect.get(body, "links")
  const next: unknown = Reflect.get(Object(links), "next")
  return typeof next === "string" ? next : ""
}

/** A gateway is another host, and its upstream names its own host in the links. */
const isService = ({ hostname, protocol }: URL): boolean =>
  protocol === "https:" && hostname.endsWith(".signalwire.com")

const isHttp = ({ protocol }: URL): boolean => protocol === "https:" || protocol === "http:"

/** What the request for the next page can have. */
const hasValidParameters = (search: URLSearchParams): boolean =>
  (search.get("page_token") ?? "") !== "" &&
  /^\d{1,9}$/.test(search.get("page_number") ?? "0") &&
  /^(?:[1-9]\d{0,2}|1000)$/.test(search.get("page_size") ?? "1")

/**
 * Whether the link to the next page, if there is one, leads to the list that was requested. Behind a gateway it can have any host.
 *
 * @param request that the body is the response to
 * @param pathPrefix of a gateway, which the service does not know
 */
export const isSameList = (
  body: object,
  { origin, path }: Pick<Request, "origin" | "path">,
  pathPrefix: string
): boolean => {
  const link = nextOf(body)
  if (link === "") return true
  const base = new URL(path, origin)
  if (!isClean(link) || !URL.canParse(link, base)) return false
  const url = new URL(link, base)
  return (url.origin === base.origin || (isHttp(url) && !isService(base))) &&
    [url.pathname, pathPrefix + url.pathname].includes(base.pathname) && url.username === "" && url.password === "" &&
    hasValidParameters(url.searchParams)
}

const parameters = ["page_number", "page_size", "page_token"]

/** Of a link that was checked; the host of a relative one does not matter. */
const tokenOf = (link: string): PageToken => {
  const { searchParams } = new URL(link, "https://localhost")
  const token = new URLSearchParams(
    parameters.flatMap(name => {
      const value = searchParams.get(name)
      return value === null ? [] : [[name, value]]
    })
  )
  // a brand has no constructor of its own
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return token.toString() as PageToken
}

export const toPage = <A>(body: { readonly data: ReadonlyArray<A> }): Page<A> => {
  const link = nextOf(body)
  return { items: body.data, next: link === "" ? null : tokenOf(link) }
}

/** The parameters of the request for a page. A whole link has them after its question mark. Of a value that is no token they are invalid. */
export const parametersOf = (token: unknown) => {
  if (token === undefined || token === null) return {}
  if (typeof token !== "string") return { page_token: token }
  const given = new URLSearchParams(token.slice(token.indexOf("?") + 1))
  const number = given.get("page_number")
  const size = given.get("page_size")
  return {
    page_token: given.get("page_token") ?? "",
    ...(number === null ? {} : { page_number: Number(number) }),
    ...(size === null ? {} : { page_size: Number(size) })
  }
}
