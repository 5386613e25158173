/** The tarballs of `pnpm release:pack`. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { root, run } from "../versions/run.ts"

export const scope = "@effect-signalwire/"

const folder = join(root, "packed")

const paths = new Map(
  readdirSync(folder).flatMap(file => {
    const name = /^effect-signalwire-(?<name>[a-z-]+)-\d.*\.tgz$/.exec(file)?.groups?.["name"]
    return name === undefined ? [] : [[scope + name, join(folder, file)] as const]
  })
)

export const names: ReadonlyArray<string> = Array.from(paths.keys()).toSorted()

/** The tarballs by the names of the packages, for the overrides of a package manager. */
export const tarballs: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(paths, ([name, path]) => [name, `file:${path}`])
)

/** The files of a package, without the folder `package/` of the tarball. */
export const filesOf = async (name: string): Promise<ReadonlyArray<string>> => {
  const listed = await run("tar", ["--list", "--gzip", "--file", String(paths.get(name))], root)
  return listed.trim().split("\n").map(file => file.replace(/^package\//, ""))
}
