// Bundles a module for Node with its dependencies, as applications do.
// node scripts/bundle.mjs BUNDLER ENTRY OUTFILE [recipe]; with `recipe`, by the recipe of docs/installation.md.
import commonjs from "@rollup/plugin-commonjs"
import { nodeResolve } from "@rollup/plugin-node-resolve"
import * as esbuild from "esbuild"
import { basename, dirname } from "node:path"
import { rollup } from "rollup"
import * as vite from "vite"

/** Adds `require` to an ESM bundle: undici is CommonJS, and requires modules of Node. */
const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`

const external = ["undici"]

/** External, since bundling Effect takes many times as long and tests nothing here. */
const effect = [/^effect\//, /^@effect\/platform\//]

const withEsbuild = format => (entry, outfile, hasRecipe) =>
  esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format,
    logLevel: "error",
    ...(hasRecipe ? { banner: { js: banner } } : {})
  })

const withRollup = async (entry, outfile, hasRecipe) => {
  const bundle = await rollup({
    input: entry,
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs()],
    logLevel: "silent",
    external: hasRecipe ? [...effect, ...external] : effect
  })
  await bundle.write({ file: outfile, format: "es", inlineDynamicImports: true })
}

const withVite = (entry, outfile, hasRecipe) =>
  vite.build({
    configFile: false,
    logLevel: "silent",
    build: {
      ssr: entry,
      outDir: dirname(outfile),
      emptyOutDir: false,
      rollupOptions: { external: effect, output: { entryFileNames: basename(outfile) } }
    },
    ssr: { noExternal: true, ...(hasRecipe ? { external } : {}) }
  })

const bundlers = {
  "esbuild --format=esm": withEsbuild("esm"),
  "esbuild --format=cjs": withEsbuild("cjs"),
  "rollup": withRollup,
  "Vite 7 with ssr.noExternal": withVite
}

const [bundler, entry, outfile, recipe] = process.argv.slice(2)
await bundlers[bundler](entry, outfile, recipe === "recipe")
