/** The versions of Node that are supported: the one of this process, and those that `pnpm runtimes:install` has installed. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { folder } from "./packages.ts"

const majors = [20, 22, 24]

const isOwn = (major: number): boolean => process.versions.node.startsWith(`${major}.`)

/** The executables of the other versions. */
export const others = (): ReadonlyArray<string> =>
  majors.filter(major => !isOwn(major)).map(major => {
    const path = join(folder("runtimes"), `binaries/node_modules/node-${major}/bin/node`)
    if (!existsSync(path)) throw new Error(`Node ${major} is not installed: npx -y pnpm@10.34.8 runtimes:install`)
    return path
  })
