/** Bundles of an application with undici inside, on each version of Node. They need `tsc -b`. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Name, runtimes } from "../src/runtimes/Runtime.ts"

const runFile = promisify(execFile)

const folder = fileURLToPath(new URL("..", import.meta.url))
const program = `${folder}dist/programs/getSession.js`

interface Bundle {
  readonly bundler: string
  readonly file: string
  /** The error of Node for a bundle without the recipe of docs/installation.md. */
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
  { bundler: "Vite 7 with ssr.noExternal", file: "vite.mjs", without: { "Node 20": sqlite } }
]

const make = async ({ bundler, file }: Bundle, ...recipe: ReadonlyArray<string>): Promise<string> => {
  const outfile = `${folder}dist/bundles/${recipe.join("")}${file}`
  await runFile(process.execPath, [`${folder}scripts/bundle.mjs`, bundler, program, outfile, ...recipe], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "" }
  })
  return outfile
}

/** The output of the bundle, or its error. */
const run = (node: string, bundle: string) =>
  Effect.gen(function*() {
    const { apiToken, projectId, url } = yield* SandboxSpace.SandboxSpace
    const args = [bundle, url, projectId, Redacted.value(apiToken), SandboxSpace.seeds[0].id]
    return yield* Effect.promise(() =>
      runFile(node, args, { env: { ...process.env, NODE_OPTIONS: "" } }).catch((error: unknown) => ({
        stdout: "",
        stderr: String(error)
      }))
    )
  }).pipe(Effect.provide(SandboxSpace.layerTest))

it("docs/installation.md has the recipes of these bundles", () => {
  const document = readFileSync(`${folder}../../docs/installation.md`, "utf8")
  const script = readFileSync(`${folder}scripts/bundle.mjs`, "utf8")
  const banner = /const banner = (`.*`)/.exec(script)?.[1]
  const external = /const external = (\[.*\])/.exec(script)?.[1]
  assert.include(document, `format: "esm",\n  banner: { js: ${banner} }`)
  assert.include(document, `ssr: { noExternal: true, external: ${external} }`)
  assert.include(document, `input: "src/main.js", external: ${external}, plugins`)
})

describe.each(bundles)("$bundler", bundle => {
  const isPlain = Object.keys(bundle.without).length === 0
  let plain = ""
  let recipe = ""
  beforeAll(async () => {
    const made = isPlain ? [make(bundle)] : [make(bundle), make(bundle, "recipe")]
    ;[plain = "", recipe = plain] = await Promise.all(made)
  })

  for (const { name, path = "" } of runtimes.filter(({ name }) => name.startsWith("Node"))) {
    it.live.skipIf(path === "")(
      `a bundle by ${bundle.bundler} with the recipe of docs/installation.md gets a session on ${name}`,
      () =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* run(path, recipe), { stdout: "completed\n", stderr: "" })
        })
    )

    if (isPlain) continue
    const error = bundle.without[name]
    it.live.skipIf(path === "")(
      `a bundle by ${bundle.bundler} without the recipe ${error === undefined ? "gets a session" : "fails"} on ${name}`,
      () =>
        Effect.gen(function*() {
          const { stderr, stdout } = yield* run(path, plain)
          if (error === undefined) assert.strictEqual(stdout, "completed\n", stderr)
          else assert.match(stderr, error)
        })
    )
  }
})
