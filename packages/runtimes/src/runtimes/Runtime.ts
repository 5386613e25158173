/** The runtimes of the checks, and whether each is installed. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

export type Name = "Node 20" | "Node 22" | "Node 24" | "Bun" | "Deno" | "workerd" | "Chromium"

export interface Runtime {
  readonly name: Name
  /** The path of the executable; undefined when it is not installed. */
  readonly path: string | undefined
}

/** The folder into which `pnpm runtimes:install` installs them. */
const folder = fileURLToPath(new URL("../../binaries/node_modules/", import.meta.url))

const firstOf = (...paths: ReadonlyArray<string>): string | undefined => paths.find(path => existsSync(path))

const ownVersion = `Node ${process.versions.node.split(".")[0]}`

const node = (name: Name, alias: string): Runtime => ({
  name,
  path: name === ownVersion ? process.execPath : firstOf(`${folder}${alias}/bin/node`)
})

export const runtimes: ReadonlyArray<Runtime> = [
  node("Node 20", "node-20"),
  node("Node 22", "node-22"),
  node("Node 24", "node-24"),
  { name: "Bun", path: firstOf(`${folder}@oven/bun-linux-x64/bin/bun`) },
  { name: "Deno", path: firstOf(`${folder}@deno/linux-x64-glibc/deno`) },
  { name: "workerd", path: firstOf(`${folder}@cloudflare/workerd-linux-64/bin/workerd`) },
  { name: "Chromium", path: firstOf("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") }
]
