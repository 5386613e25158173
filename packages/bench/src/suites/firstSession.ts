/** Time from the start of a process to its first session, of bundles and of modules. */
import * as esbuild from "esbuild"
import { mkdir } from "node:fs/promises"
import * as module from "node:module"
import { join } from "node:path"
import { folder } from "../packages.ts"
import { runNode, startServer } from "../processes.ts"
import { interleave } from "../statistics.ts"
import { baseline, ours } from "../subjects.ts"
import { compare } from "./compare.ts"
import type { Suite } from "./suite.ts"

const bundles = join(folder("bench"), "dist/bundles")

/** Bundles a program of dist/programs by the recipe of docs/installation.md. */
const bundle = async (name: string): Promise<string> => {
  const outfile = join(bundles, `${name}.mjs`)
  await mkdir(bundles, { recursive: true })
  await esbuild.build({
    entryPoints: [join(folder("bench"), `dist/programs/${name}.js`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    minify: true,
    logLevel: "error",
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` }
  })
  return outfile
}

/** Node 22 and later. */
const hasCompileCache = Reflect.has(module, "enableCompileCache")

const cache = { NODE_COMPILE_CACHE: join(bundles, "cache") }

const names = ["pool", "effectAlone", "effectWithSchema", "ours"] as const

const rounds = 21

export const firstSession: Suite = {
  name: "first-session",
  everyNode: true,
  run: async ({ progress, quick }) => {
    const server = await startServer()
    const measured = compare()
    const programs = await Promise.all(names.map(async name => ({
      name,
      bundled: await bundle(name),
      modules: join(folder("bench"), `dist/programs/${name}.js`)
    })))
    // the first run writes the cache
    for (const { bundled, modules } of programs) {
      // oxlint-disable no-await-in-loop -- one process at a time
      await runNode([bundled, server.target.origin], { env: cache })
      await runNode([modules, server.target.origin], { env: cache })
      // oxlint-enable no-await-in-loop
    }
    await interleave(quick ? 1 : rounds, programs, async ({ bundled, modules, name }, round) => {
      progress(`first-session: round ${round + 1}, ${name}`)
      const run = async (column: string, file: string, env?: Readonly<Record<string, string>>) => {
        const { millis } = await runNode([file, server.target.origin], { env })
        measured.add(name, column, millis)
      }
      await run("bundled", bundled)
      await run("modules", modules)
      if (hasCompileCache) {
        await run("cached", bundled, cache)
        await run("modules, cached", modules, cache)
      }
    })
    server.stop()
    const row = (name: string, column: string, reference: typeof names[number]) => ({
      name,
      cells: [measured.cell(reference, column), measured.cell("ours", column, reference)]
    })
    const start = (title: string, column: string) => ({
      name: title,
      cells: (["ours", "effectWithSchema", "pool"] as const).map(name => measured.cell(name, column))
    })
    return [{
      title: "First session",
      note: `Milliseconds of a process that gets one session, from its start to its end. Bundles are by esbuild, ` +
        `minified. Effect alone is ${baseline.name} inside an effect; Schema is that with a decoder of four fields. ` +
        `Medians of ${rounds} rounds in turn.`,
      columns: [{ name: "reference", digits: 0 }, { name: ours.name, digits: 0 }],
      rows: [
        row("bundled, to Effect alone, bundled", "bundled", "effectAlone"),
        row("bundled, to Effect and Schema, bundled", "bundled", "effectWithSchema"),
        row("bundled, to undici, bundled", "bundled", "pool"),
        ...hasCompileCache
          ? [
            row("bundled, with a compile cache, to Effect alone, the same", "cached", "effectAlone"),
            row("bundled, with a compile cache, to Effect and Schema, the same", "cached", "effectWithSchema")
          ]
          : [],
        row("modules, to Effect and Schema", "modules", "effectWithSchema"),
        row("modules, to undici", "modules", "pool")
      ]
    }, {
      title: "First session by the form of the program",
      note: `Milliseconds as above: the modules of node_modules, and one file made by esbuild, each without and with ` +
        `NODE_COMPILE_CACHE, which a run before has written. Medians of ${rounds} rounds in turn.`,
      columns: [ours.name, "Effect and Schema", "undici"].map(name => ({ name, digits: 0 })),
      rows: [
        start("modules", "modules"),
        ...hasCompileCache ? [start("modules, with a compile cache", "modules, cached")] : [],
        start("one file", "bundled"),
        ...hasCompileCache ? [start("one file, with a compile cache", "cached")] : []
      ]
    }]
  }
}
