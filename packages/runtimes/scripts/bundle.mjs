// Bundles a module with its dependencies, as applications do: for Node, except where the name says otherwise.
// node scripts/bundle.mjs BUNDLER ENTRY OUTFILE [recipe]; with `recipe`, by the recipe of docs/installation.md.
import { basename, dirname } from "node:path"

/** Adds `require` to an ESM bundle: undici is CommonJS, and requires modules of Node. */
const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`

/** undici loads it only where it exists, but a bundle of rollup imports it when it starts. */
const ignore = ["node:sqlite"]

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
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs(hasRecipe ? { ignore } : {})],
    logLevel: "silent"
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
      rollupOptions: { output: { entryFileNames: basename(outfile) } },
      ...(hasRecipe ? { commonjsOptions: { ignore } } : {})
    },
    ssr: { noExternal: true }
  })
}

const withWebpack = async (entry, outfile) => {
  const { default: webpack } = await import("webpack")
  const compiler = webpack({
    mode: "production",
    target: "node20.19",
    entry,
    output: { path: dirname(outfile), filename: basename(outfile) }
  })
  await new Promise((resolve, reject) =>
    compiler.run((error, stats) => {
      if (error) reject(error)
      else if (stats.hasErrors()) reject(new Error(stats.toString("errors-only")))
      else resolve()
    })
  )
}

/** As wrangler does. */
const forWorkers = async (entry, outfile) => {
  const { build } = await import("esbuild")
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*"],
    logLevel: "error"
  })
}

const forBrowsers = async (entry, outfile) => {
  const { build } = await import("vite")
  await build({
    configFile: false,
    root: dirname(entry),
    logLevel: "silent",
    build: {
      outDir: dirname(outfile),
      emptyOutDir: false,
      target: "es2022",
      rollupOptions: { input: entry, output: { entryFileNames: basename(outfile), inlineDynamicImports: true } }
    }
  })
}

const bundlers = {
  "esbuild --format=esm": withEsbuild("esm"),
  "esbuild --format=cjs": withEsbuild("cjs"),
  "rollup": withRollup,
  "Vite 7 with ssr.noExternal": withVite,
  "webpack 5": withWebpack,
  "esbuild for workers": forWorkers,
  "Vite for browsers": forBrowsers
}

const [bundler, entry, outfile, recipe] = process.argv.slice(2)
await bundlers[bundler](entry, outfile, recipe === "recipe")
