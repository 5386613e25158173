/** The tarballs of `pnpm release:pack`. */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { root, run } from "../versions/run.ts"

export const scope = "@effect-signalwire/"

export interface Tarball {
  /** The name of the package. */
  readonly name: string
  readonly path: string
}

/** Finds the tarballs in a folder. */
export const tarballsIn = (folder: string): ReadonlyArray<Tarball> =>
  (existsSync(folder) ? readdirSync(folder) : []).toSorted().flatMap(file => {
    const name = /^effect-signalwire-(?<name>[a-z-]+)-\d.*\.tgz$/.exec(file)?.groups?.["name"]
    return name === undefined ? [] : [{ name: scope + name, path: join(folder, file) }]
  })

/** Those of this repository. */
export const tarballs: ReadonlyArray<Tarball> = tarballsIn(join(root, "packed"))

const inPackage = /^package\//

/** The files of a tarball, without the folder `package/` which contains them all. */
export const filesOf = async ({ path }: Tarball): Promise<ReadonlyArray<string>> =>
  (await run("tar", ["--list", "--gzip", "--file", path], root)).trim().split("\n").map(file =>
    file.replace(inPackage, "")
  )

/** Unpacks a tarball into an empty folder, and returns the folder of the package. */
export const unpack = async ({ path }: Tarball, folder: string): Promise<string> => {
  await run("tar", ["--extract", "--gzip", "--file", path, "--directory", folder], root)
  return join(folder, "package")
}
