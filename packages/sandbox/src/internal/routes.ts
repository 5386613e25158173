/** Which endpoint a request is for. Paths are exact, as those of the service are; the platform's router is lenient. */
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpApi from "@effect/platform/HttpApi"

interface Route {
  readonly method: string
  readonly path: RegExp
}

const routes: Array<Route> = []
HttpApi.reflect(VideoApi, {
  onGroup: () => {},
  onEndpoint: ({ endpoint: { method, path } }) =>
    routes.push({ method, path: new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`) })
})

/** The path and the query of a request target, which has an origin in front of them when a proxy sent it. */
export const split = (target: string): { readonly path: string; readonly query: string } => {
  const local = target.replace(/^https?:\/\/[^/?]*/i, "")
  const mark = local.indexOf("?")
  const [path, query] = mark === -1 ? [local, ""] : [local.slice(0, mark), local.slice(mark)]
  return { path: path === "" ? "/" : path, query }
}

/** The methods of a path; none where there is no endpoint. */
export const methodsOf = (path: string): ReadonlyArray<string> =>
  routes
    .filter(route => route.path.test(path))
    .flatMap(({ method }) => method === "GET" ? ["GET", "HEAD"] : [method])

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The same path in a form that the platform's router reads as it is: it takes `;` and `#` for the end of a path. */
export const normalize = (path: string): string =>
  path.split("/").map(segment => encodeURIComponent(decode(segment))).join("/")
