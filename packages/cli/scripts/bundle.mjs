// Bundles the command for publishing, into files without dependencies, which load in a fraction of the time.
// node scripts/bundle.mjs [folder]; by default dist/bundle
import { build } from "esbuild"
import { rm, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { bundledFolders, licensesOf } from "../../../scripts/licenses.mjs"

const here = fileURLToPath(new URL("..", import.meta.url))
const published = join(here, "dist/bundle")
const outdir = resolve(process.argv[2] ?? published)

// chunks have a hash in their names: those of an earlier run must not be published
if (outdir === published) await rm(published, { recursive: true, force: true })

const common = {
  absWorkingDir: here,
  outdir,
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  conditions: ["@effect-signalwire/source"],
  // a native module, which is installed for exports to SQLite only
  external: ["better-sqlite3"],
  // undici is CommonJS, and requires modules of Node
  banner: {
    js: "import { createRequire as _require } from \"node:module\"; const require = _require(import.meta.url);"
  },
  metafile: true,
  logLevel: "warning"
}

/** Imports a module from a file beside it, which is built by itself. */
const beside = (filter, path) => ({
  name: path,
  setup: build => build.onResolve({ filter }, () => ({ path, external: true }))
})

const built = [
  // without static imports, and in the syntax of old versions of Node, so that they can run it
  await build({
    ...common,
    entryPoints: ["src/bin.ts"],
    target: "node8",
    supported: { "dynamic-import": true },
    banner: {},
    plugins: [beside(/^\.\/entry\.ts$/, "./entry.js")]
  }),
  await build({
    ...common,
    entryPoints: ["src/entry.ts"],
    splitting: true,
    plugins: [beside(/^@effect-signalwire\/sandbox\/main$/, "./sandbox.js")]
  }),
  // shares no files with the others, which would become more and smaller
  await build({ ...common, entryPoints: { sandbox: "../sandbox/src/main.ts" } })
]

// what the software bill of materials is made from
if (outdir === published) {
  const metafiles = built.map(({ metafile }) => metafile)
  const merged = key => Object.assign({}, ...metafiles.map(metafile => metafile[key]))
  await writeFile(
    join(here, "dist/metafile.json"),
    JSON.stringify({ inputs: merged("inputs"), outputs: merged("outputs") })
  )
}

// the licenses of the dependencies, and of what the console of the sandbox contains
const folders = bundledFolders(built.map(({ metafile }) => metafile)).map(folder => join(here, folder))
await writeFile(join(outdir, "LICENSES.txt"), await licensesOf(folders, join(here, "../sandbox/LICENSES.txt")))
