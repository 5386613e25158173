/** Generates the table of operations in the README from `VideoApi`: run with `-u` after an endpoint was added. */
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import { OpenApi } from "@effect/platform"
import { assert, expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

/** The parameters of the query that select no items. */
const noFilters: ReadonlyArray<string> = ["page_number", "page_size", "page_token", "media_ttl"]

const lineOf = (path: string, method: "get" | "post", operation: OpenApi.OpenAPISpecOperation): string => {
  const filters = operation.parameters.flatMap(parameter =>
    parameter.in === "query" && !noFilters.includes(parameter.name) ? [`\`${parameter.name}\``] : []
  )
  const errors = Object.keys(operation.responses).filter(status => Number(status) >= 400)
  const target = (method === "get" ? "" : "POST ") + path.replace("/api/video", "")
  return ["", `\`${target}\``, filters.join(", "), errors.join(", "), ""].join(" | ").replace("|  |", "| |").trim()
}

const lines = Object.entries(OpenApi.fromApi(VideoApi).paths).flatMap(([path, item]) =>
  (["get", "post"] as const).flatMap(method => {
    const operation = item[method]
    return operation === undefined ? [] : [lineOf(path, method, operation)]
  })
)

const table = [
  "| path | filters | errors of the contract |",
  "|---|---|---|",
  ...lines,
  ""
].join("\n")

const readme = new URL("../README.md", import.meta.url)

it("the README of the sandbox lists every operation; `vitest -u` writes them", async () => {
  const pattern = /^\| path \| filters \|[^\n]*\n(?:\|[^\n]*\n)+/m
  const text = readFileSync(readme, "utf8")
  assert.match(text, pattern)
  await expect(text.replace(pattern, () => table)).toMatchFileSnapshot(readme.pathname)
})
