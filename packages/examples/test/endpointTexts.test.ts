/** The texts about what the library has, and what it does not have. They become false when an endpoint is added. */
import { VideoApi } from "@effect-signalwire/core/VideoApi"
import { OpenApi } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

const root = new URL("../../../", import.meta.url)

const { paths, tags } = OpenApi.fromApi(VideoApi)

/** They show the declaration of an endpoint that the library does not have. */
const examples = ["packages/examples/src/endpoint.ts", "docs/endpoints.md", "packages/core/src/Endpoint.ts"]

/** They say which resources the library has. */
const overviews = [
  "README.md",
  "docs/endpoints.md",
  "docs/errors.md",
  "docs/faq.md",
  "docs/migration.md",
  "docs/testing.md",
  "packages/core/README.md",
  "packages/node-runtime/src/NodeSignalWire.ts",
  "packages/sandbox/README.md"
]

const declaredPath = /Endpoint\.(?:get|post)\("\w+\.\w+", "(?<path>[^"]+)"/

describe("texts about endpoints", () => {
  it.each(examples)("the endpoint that %s declares is one that the library does not have", file => {
    const path = declaredPath.exec(readFileSync(new URL(file, root), "utf8"))?.groups?.["path"] ?? ""
    assert.match(path, /^\/./)
    assert.notInclude(
      Object.keys(paths),
      `/api/video${path.replaceAll(/:(\w+)/g, "{$1}")}`,
      `the library has ${path} now: use an endpoint that it does not have in ${
        examples.join(", ")
      } and packages/examples/test/endpoint.test.ts`
    )
  })

  it("the texts that say which resources the library has are about all of them", () => {
    assert.deepStrictEqual(
      tags.map(({ name }) => name),
      ["roomSessions", "roomRecordings"],
      `there is another resource: add it to ${overviews.join(", ")}, and then to this test`
    )
  })
})
