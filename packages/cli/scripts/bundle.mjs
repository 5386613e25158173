// Bundles the command for publishing, into files without dependencies, which load in a fraction of the time.
// node scripts/bundle.mjs [folder]; by default dist/bundle
import { build } from "esbuild"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

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

// the licenses of the dependencies
const folders = new Set(
  built.flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap(input =>
    /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []
  )
)
const notices = await Promise.all(
  [...folders].toSorted().map(async folder => {
    const { license, name, version } = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"))
    const file = (await readdir(join(here, folder))).find(entry => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? "" : await readFile(join(here, folder, file), "utf8")
    return `${name} ${version} (${license})\n\n${text}`
  })
)
await writeFile(join(outdir, "LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`))
