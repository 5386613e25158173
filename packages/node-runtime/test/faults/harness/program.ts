/** Programs of the tests, bundled from the sources: a process loads a bundle in a fraction of the time. */
import { buildSync } from "esbuild"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export interface Program {
  readonly file: string
  readonly remove: () => void
}

/** Bundles a program of this folder. */
export const bundle = (name: string): Program => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const file = join(folder, `${name}.mjs`)
  buildSync({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@effect-signalwire/source"],
    // undici is CommonJS, and requires modules of Node
    banner: {
      js: "import { createRequire as _require } from \"node:module\"; const require = _require(import.meta.url);"
    }
  })
  return { file, remove: () => rmSync(folder, { recursive: true }) }
}
