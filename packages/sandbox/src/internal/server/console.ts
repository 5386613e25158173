/**
 * The console page: what the sandbox serves at `/`, its files below `/_console`, and what it shows of this sandbox below the path of
 * the control endpoint. Of the sandbox, `/_console` has only the certificate, which every connection begins with.
 */
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Effect from "effect/Effect"
import { brotliDecompressSync } from "node:zlib"
import { connection } from "../console/connection.ts"
import { files } from "../console/files.ts"
import { path as root } from "../control/api.ts"
import type { State } from "./state.ts"

/** The path of the files of the page. */
export const path = "/_console"

/** The path of the page of an OpenAPI document. */
export const referencePath = `${path}/reference`

/** Only what the sandbox itself serves. Swagger UI has images in its style sheet. */
const policy = (images: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `img-src ${images}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")

const headers = {
  "cache-control": "no-store",
  "content-security-policy": `${policy("'self'")}; require-trusted-types-for 'script'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  pem: "application/x-pem-file"
}

const file = (name: string, text: string, more: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(text, {
    contentType: types[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain",
    headers: { ...headers, ...more }
  })

/** Loaded and decompressed for the first page that shows a document. */
const swaggerUi = (name: "swagger-ui.js" | "swagger-ui.css") =>
  Effect.map(
    Effect.promise(() => import("../console/swaggerUi.ts")),
    ({ files }) => file(name, brotliDecompressSync(Buffer.from(files[name], "base64")).toString())
  )

const json = (value: unknown) => HttpServerResponse.unsafeJson(value, { headers })

const own = (name: Exclude<keyof typeof files, "index.html" | "reference.html">) =>
  HttpRouter.get(`/${name}`, Effect.succeed(file(name, files[name])))

export const router = (state: State): HttpRouter.HttpRouter => {
  const pageFiles = HttpRouter.empty.pipe(
    own("console.css"),
    own("console.js"),
    own("icon.svg"),
    own("reference.js"),
    HttpRouter.get("/swagger-ui.js", swaggerUi("swagger-ui.js")),
    HttpRouter.get("/swagger-ui.css", swaggerUi("swagger-ui.css")),
    HttpRouter.get(
      "/reference",
      Effect.succeed(
        file("reference.html", files["reference.html"], { "content-security-policy": policy("'self' data:") })
      )
    )
  )
  const { ca } = state
  return HttpRouter.empty.pipe(
    HttpRouter.get("/", Effect.succeed(file("index.html", files["index.html"]))),
    HttpRouter.mount(
      path,
      ca === undefined ? pageFiles : HttpRouter.get(pageFiles, "/ca.pem", Effect.succeed(file("ca.pem", ca)))
    ),
    HttpRouter.get(`${root}/video.json`, Effect.sync(() => json(OpenApi.fromApi(VideoApi)))),
    HttpRouter.get(
      `${root}/connection.json`,
      Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) => json(connection(state, headers["host"] ?? "")))
    )
  )
}
