/** Generates the table of operations in the README from `VideoApi`: run with `-u` after an endpoint was added. */
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import { OpenApi } from "@effect/platform"
import { assert, expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

/** The parameters of the query that select no items. */
const noFilters: ReadonlyArray<string> = ["page_number", "page_size", "page_token", "media_ttl"]

const lineOf = ([path, { get }]: readonly [string, OpenApi.OpenAPISpecPathItem]): string => {
  const filters = (get?.parameters ?? []).flatMap(parameter =>
    parameter.in === "query" && !noFilters.includes(parameter.name) ? [`\`${parameter.name}\``] : []
  )
  const errors = Object.keys(get?.responses ?? {}).filter(status => status !== "200")
  return `| \`${path.replace("/api/video", "")}\` | ${[...filters].join(", ")} | ${errors.join(", ")} |`.replace(
    "|  |",
    "| |"
  )
}

const table = [
  "| path | filters | errors of the contract |",
  "|---|---|---|",
  ...Object.entries(OpenApi.fromApi(VideoApi).paths).map(lineOf),
  ""
].join("\n")

const readme = new URL("../README.md", import.meta.url)

it("the README of the sandbox lists every operation; `vitest -u` writes them", async () => {
  const pattern = /^\| path \| filters \|[^\n]*\n(?:\|[^\n]*\n)+/m
  const text = readFileSync(readme, "utf8")
  assert.match(text, pattern)
  await expect(text.replace(pattern, () => table)).toMatchFileSnapshot(readme.pathname)
})
