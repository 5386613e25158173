// Bundles a module for Node with its dependencies, as applications do.
// node scripts/bundle.mjs BUNDLER ENTRY OUTFILE [recipe]; with `recipe`, by the recipe of docs/installation.md.
import { basename, dirname } from "node:path"

/** Adds `require` to an ESM bundle: undici is CommonJS, and requires modules of Node. */
const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`

const external = ["undici"]

/** External, since bundling Effect takes many times as long and tests nothing here. */
const effect = [/^effect\//, /^@effect\/platform\//]

// each bundler is loaded only where it is used, since loading all of them takes as long as a bundle
const withEsbuild = format => async (entry, outfile, hasRecipe) => {
  const { build } = await import("esbuild")
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format,
    logLevel: "error",
    ...(hasRecipe ? { banner: { js: banner } } : {})
  })
}

const withRollup = async (entry, outfile, hasRecipe) => {
  const { rollup } = await import("rollup")
  const { nodeResolve } = await import("@rollup/plugin-node-resolve")
  const { default: commonjs } = await import("@rollup/plugin-commonjs")
  const bundle = await rollup({
    input: entry,
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs()],
    logLevel: "silent",
    external: hasRecipe ? [...effect, ...external] : effect
  })
  await bundle.write({ file: outfile, format: "es", inlineDynamicImports: true })
}

const withVite = async (entry, outfile, hasRecipe) => {
  const { build } = await import("vite")
  await build({
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
}

const bundlers = {
  "esbuild --format=esm": withEsbuild("esm"),
  "esbuild --format=cjs": withEsbuild("cjs"),
  "rollup": withRollup,
  "Vite 7 with ssr.noExternal": withVite
}

const [bundler, entry, outfile, recipe] = process.argv.slice(2)
await bundlers[bundler](entry, outfile, recipe === "recipe")
