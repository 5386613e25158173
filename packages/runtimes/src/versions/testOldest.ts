/** Runs the tests of core, node-runtime and the examples in a copy with the oldest supported versions of Effect. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { copyTo } from "./copy.ts"
import { besideOldest, oldest } from "./oldest.ts"
import { pnpm, run } from "./run.ts"

const tested = ["core", "node-runtime", "examples"].map(name => `packages/${name}`)
/** The examples need the sandbox. Its own tests do not run here, since it requires newer versions. */
const packages = [...tested, "packages/sandbox"]

/** Overrides all versions of Effect in the dependency tree. */
const pin = async (folder: string): Promise<void> => {
  const file = join(folder, "pnpm-workspace.yaml")
  const overrides = Object.entries({ ...oldest, ...besideOldest }).map(([name, version]) => `  "${name}": ${version}\n`)
  const text = (await readFile(file, "utf8")).replace("strictPeerDependencies: true", "strictPeerDependencies: false")
  await writeFile(file, `${text}\noverrides:\n${overrides.join("")}`)
}

const folder = await mkdtemp(join(tmpdir(), "oldest-"))
try {
  await copyTo(folder, file => !file.startsWith("packages/") || packages.some(path => file.startsWith(`${path}/`)))
  await pin(folder)
  await pnpm(["install", "--no-frozen-lockfile", "--prefer-offline"], folder)
  const bin = join(folder, "node_modules/.bin/")
  await run(`${bin}tsc`, ["-b", ...packages], folder)
  console.log(await run(`${bin}vitest`, ["run", ...tested], folder))
} finally {
  await rm(folder, { recursive: true, force: true })
}
