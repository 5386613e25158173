/**
 * Who may use what is served beside the API. A page of another site reaches a server on this machine too: by its address, or by a name of
 * its own that resolves to it (DNS rebinding). Browsers then send an `Origin`, or the name as `Host`.
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { isIP } from "node:net"

const nameOf = (authority: string): string | undefined =>
  URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`).hostname : undefined

/** An address cannot be rebound, only a name can. */
const isKnown = (name: string, hosts: ReadonlyArray<string>): boolean =>
  name === "localhost" || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0 || hosts.includes(name)

/** The host of an origin; undefined for `null`, an origin without one. */
const hostOf = (origin: string): string | undefined => URL.canParse(origin) ? new URL(origin).host : undefined

/** The sites from which a browser sends a request that it marks with `Sec-Fetch-Site`. */
const ownSites = ["same-origin", "none"]

/** A link of another site to a page, which changes nothing, and which the other site cannot read. */
const isLink = ({ headers, method }: HttpServerRequest.HttpServerRequest): boolean =>
  method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document"

/**
 * Why a request is rejected; undefined when it is not.
 *
 * @param isPage whether the request is for a page, to which other sites may have links
 * @param hosts the names by which the sandbox is addressed, besides localhost
 */
export const rejection = (
  request: HttpServerRequest.HttpServerRequest,
  hosts: ReadonlyArray<string>,
  isPage: boolean
): string | undefined => {
  const { headers } = request
  const { host = "", origin } = headers
  const name = nameOf(host)
  if (name === undefined || !isKnown(name, hosts)) {
    return "Host: expected an address, localhost or one of the host names of the sandbox"
  }
  // the default port of a scheme is in neither
  if (
    origin !== undefined &&
    hostOf(origin) !== new URL(`${origin.startsWith("https:") ? "https" : "http"}://${host}`).host
  ) {
    return "Origin: expected that of the sandbox itself"
  }
  const site = headers["sec-fetch-site"]
  return site === undefined || ownSites.includes(site) || isPage && isLink(request)
    ? undefined
    : "Sec-Fetch-Site: expected a request of the sandbox itself"
}
