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

/** The version that the container file of the sandbox installs. */
const containerFile = new URL("../packages/sandbox/Containerfile", import.meta.url)

const check = process.argv.includes("--check")

const write = async (file, text, version) => {
  if (!check) await writeFile(file, text)
  else if (await readFile(file, "utf8") !== text) {
    const name = file.pathname.slice(file.pathname.lastIndexOf("packages/"))
    console.error(`${name} is not version ${version} of its package.json: run node scripts/versions.mjs`)
    process.exitCode = 1
  }
}

for (const [name, module] of Object.entries(modules)) {
  const folder = new URL(`../packages/${name}/`, import.meta.url)
  const { version } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"))
  const text = `/** Generated from package.json by scripts/versions.mjs. */\nexport const version = ${
    JSON.stringify(version)
  }\n`
  await write(new URL(module, folder), text, version)
  if (name === "sandbox") {
    const containers = await readFile(containerFile, "utf8")
    await write(containerFile, containers.replace(/^ARG VERSION=.*$/m, `ARG VERSION=${version}`), version)
  }
}
