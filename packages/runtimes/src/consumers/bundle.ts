/** Bundles a module by scripts/bundle.mjs, in a process of its own. */
import { join } from "node:path"
import { root, run } from "../versions/run.ts"

const folder = join(root, "packages/runtimes")

/** Returns the path of the bundle. With `recipe`, it is made as docs/installation.md says. */
export const bundle = async (
  bundler: string,
  entry: string,
  outfile: string,
  ...recipe: ReadonlyArray<"recipe">
): Promise<string> => {
  await run(process.execPath, ["scripts/bundle.mjs", bundler, entry, outfile, ...recipe], folder)
  return outfile
}
