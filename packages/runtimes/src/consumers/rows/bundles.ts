/** Bundles of an application with all its dependencies, on each version of Node. */
import { join } from "node:path"
import { type Name, runtimes } from "../../runtimes/Runtime.ts"
import { run } from "../../versions/run.ts"
import { expectOutput, type Row } from "../Row.ts"
import { newestApplication } from "../application.ts"
import { bundle } from "../bundle.ts"
import { environment, expectedOutput, writeVariant } from "../programs.ts"

interface Bundle {
  readonly bundler: string
  readonly file: string
  /** The error of Node for a bundle without the recipe of docs/installation.md; a bundler without any needs no recipe. */
  readonly without: { readonly [name in Name]?: RegExp }
}

const everywhere = (error: RegExp) => ({ "Node 20": error, "Node 22": error, "Node 24": error })

/** undici loads it only where it exists, but an ESM bundle imports it when it starts. */
const sqlite = /No such built-in module: node:sqlite/

const bundles: ReadonlyArray<Bundle> = [
  {
    bundler: "esbuild --format=esm",
    file: "esbuild.mjs",
    without: everywhere(/Dynamic require of "node:\w+" is not supported/)
  },
  { bundler: "esbuild --format=cjs", file: "esbuild.cjs", without: {} },
  { bundler: "rollup", file: "rollup.mjs", without: { "Node 20": sqlite } },
  { bundler: "Vite 7 with ssr.noExternal", file: "vite.mjs", without: { "Node 20": sqlite } },
  { bundler: "webpack 5", file: "webpack.cjs", without: {} }
]

/** Bundles at the first call, for the rows of each version of Node. */
const shared = ({ bundler, file }: Bundle, ...recipe: ReadonlyArray<"recipe">): () => Promise<string> => {
  let made: Promise<string> | undefined
  const make = async (): Promise<string> => {
    const path = await newestApplication()
    const entry = await writeVariant(path, "import.mjs")
    return bundle(bundler, entry, join(path, "bundles", recipe.join("") + file), ...recipe)
  }
  return () => made ??= make()
}

const runBundle = async (node: string, file: string): Promise<string> =>
  run(node, [file], join(file, ".."), await environment())

export const bundleRows: ReadonlyArray<Row> = bundles.flatMap(made => {
  const hasRecipe = Object.keys(made.without).length > 0
  const plain = shared(made)
  const recipe = hasRecipe ? shared(made, "recipe") : plain
  return runtimes.filter(({ name }) => name.startsWith("Node")).flatMap(({ name, path }) => {
    const skip = path === undefined ? `${name} is not installed (pnpm runtimes:install)` : undefined
    const node = String(path)
    const error = made.without[name]
    return [
      {
        name: `bundle: ${made.bundler}, ${name}`,
        skip,
        run: async () => expectOutput(await runBundle(node, await recipe()), expectedOutput)
      },
      ...(hasRecipe
        ? [{
          name: `bundle: ${made.bundler} without the recipe ${error === undefined ? "works" : "fails"}, ${name}`,
          skip,
          run: async () => {
            const output = await runBundle(node, await plain()).catch(String)
            if (error === undefined) expectOutput(output, expectedOutput)
            else if (!error.test(output)) throw new Error(output)
          }
        }]
        : [])
    ]
  })
})
