/**
 * Writes the version of each package into its sources: `node scripts/versions.mjs`, which a release runs after
 * `changeset version`. With `--check` it writes nothing, and fails when a source is stale.
 *
 * A generated constant works the same in a bundle, in a browser and in sources that are run directly: none of them can be
 * relied on to find a package.json.
 */
import { readFile, writeFile } from "node:fs/promises"

const modules = {
  core: "src/internal/version.ts",
  sandbox: "src/internal/version.ts",
  cli: "src/version.ts"
}

const check = process.argv.includes("--check")

for (const [name, module] of Object.entries(modules)) {
  const folder = new URL(`../packages/${name}/`, import.meta.url)
  const { version } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"))
  const text = `/** Generated from package.json by scripts/versions.mjs. */\nexport const version = ${
    JSON.stringify(version)
  }\n`
  if (!check) await writeFile(new URL(module, folder), text)
  else if (await readFile(new URL(module, folder), "utf8") !== text) {
    console.error(
      `packages/${name}/${module} is not version ${version} of its package.json: run node scripts/versions.mjs`
    )
    process.exitCode = 1
  }
}
