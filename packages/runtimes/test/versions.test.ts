import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { installLines, nameAndVersion } from "../src/consumers/installLines.ts"
import { oldest } from "../src/versions/oldest.ts"
import { root } from "../src/versions/run.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

describe("install commands", () => {
  const catalog = new Map(
    Array.from(read("pnpm-workspace.yaml").matchAll(/^ {2}"?([\w@/.-]+)"?: ([\d.]+)$/gm), ([, name, version]) => [
      name,
      version
    ])
  )

  for (const { document, manager, packages } of installLines) {
    it(`${document}: \`${manager} ${packages.join(" ")}\` has the tested version of every package of Effect`, () => {
      for (const [name, version] of packages.map(nameAndVersion)) {
        if (!/^(?:effect$|@effect\/)/.test(name)) continue
        assert.isDefined(version, `npm takes Effect 4 for ${name} without a version`)
        assert.isTrue(`${catalog.get(name)}.`.startsWith(`${version}.`), `${name} is tested as ${catalog.get(name)}`)
      }
    })
  }

  it("install commands are found in README, in those of the packages and in docs", () => {
    const documents = installLines.map(({ document }) => document)
    for (const document of ["README.md", "packages/core/README.md", "docs/installation.md", "docs/testing.md"]) {
      assert.include(documents, document)
    }
  })
})

describe("peer ranges", () => {
  it.each(["core", "node-runtime"])("the peer ranges of %s begin with the versions of test:oldest", name => {
    const { peerDependencies } = JSON.parse(read(`packages/${name}/package.json`))
    assert.deepStrictEqual(peerDependencies, {
      "@effect/platform": `>=${oldest["@effect/platform"]} <0.98.0`,
      effect: `^${oldest.effect}`
    })
  })
})

describe("bundles", () => {
  it("docs/installation.md has the recipes of the bundles of the consumer matrix", () => {
    const document = read("docs/installation.md")
    const script = read("packages/runtimes/scripts/bundle.mjs")
    const banner = /const banner = (`.*`)/.exec(script)?.[1]
    const ignore = /const ignore = (\[.*\])/.exec(script)?.[1]
    assert.include(document, `format: "esm",\n  banner: { js: ${banner} }`)
    assert.include(document, `commonjs({ ignore: ${ignore} })`)
    assert.include(document, `commonjsOptions: { ignore: ${ignore} }`)
  })
})
