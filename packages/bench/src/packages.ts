/** Bundles modules of this workspace with esbuild. */
import { build, type BuildOptions, type Metafile } from "esbuild"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

/** The folder of a package. */
export const folder = (name: string): string => fileURLToPath(new URL(`../../${name}/`, import.meta.url))

export interface Bundle {
  readonly bytes: number
  readonly gzip: number
  readonly metafile: Metafile
}

const common = {
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  conditions: ["@effect-signalwire/source"],
  write: false,
  metafile: true,
  logLevel: "error",
  absWorkingDir: folder("core")
} satisfies BuildOptions

/** Bundles the code of a module as if it were a file in the folder of core. */
export const bundle = async (code: string, options: BuildOptions = {}): Promise<Bundle> => {
  const { metafile, outputFiles } = await build({
    ...common,
    minify: true,
    ...options,
    outfile: "bundle.js",
    write: false,
    metafile: true,
    stdin: { contents: code, resolveDir: folder("core"), loader: "ts" }
  })
  const contents = outputFiles[0]?.contents ?? new Uint8Array()
  return { bytes: contents.length, gzip: gzipSync(contents, { level: 9 }).length, metafile }
}

/** The modules of other packages that a module and the files of its own package import statically. */
export const packagesImported = async (entryPoint: string): Promise<ReadonlyArray<string>> => {
  const { metafile } = await build({
    ...common,
    platform: "node",
    packages: "external",
    entryPoints: [entryPoint],
    outfile: "bundle.js"
  })
  const imports = Object.values(metafile.inputs).flatMap(input => input.imports)
  const names = imports.flatMap(({ external, kind, path }) =>
    external === true && kind === "import-statement" && !path.startsWith("node:") ? [path] : []
  )
  return [...new Set(names)].toSorted()
}
