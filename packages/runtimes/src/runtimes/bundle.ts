/** Bundles each program from the sources into one file. */
import { build, type BuildOptions } from "esbuild"
import { fileURLToPath } from "node:url"

export type Program = "fetch" | "nodeRuntime" | "browser" | "worker"

/** Inside the package, so that external modules are resolved. */
const folder = fileURLToPath(new URL("../../dist/programs/", import.meta.url))

const external = ["node:*", "undici"]

const options: BuildOptions = {
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["@effect-signalwire/source", "import"],
  logLevel: "error",
  external
}

const compile = async (program: Program): Promise<string> => {
  const outfile = `${folder}${program}.mjs`
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL(`../programs/${program}.ts`, import.meta.url))],
    outfile
  })
  return outfile
}

/** The compiled programs. Each is compiled only once, since another runtime may be reading the file. */
const compiled = new Map<Program, Promise<string>>()

/** Returns the path of the compiled program. */
export const bundle = (program: Program): Promise<string> => {
  const file = compiled.get(program) ?? compile(program)
  compiled.set(program, file)
  return file
}
