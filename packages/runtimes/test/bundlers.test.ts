/** Bundles of an application with undici inside, on each Node; they need `tsc -b`. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Name, runtimes } from "../src/runtimes/Runtime.ts"

const runFile = promisify(execFile)

const folder = fileURLToPath(new URL("..", import.meta.url))
const program = `${folder}dist/programs/getSession.js`

interface Bundle {
  readonly bundler: string
  readonly file: string
  /** What Node says of a bundle that is made without the recipe of docs/installation.md. */
  readonly without: { readonly [name in Name]?: RegExp }
}

const everywhere = (error: RegExp) => ({ "Node 20": error, "Node 22": error, "Node 24": error })

/** undici loads it only where there is one, but a bundle in ESM imports it at once. */
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

/** What the bundle prints, and why it ends. */
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
      `a bundle made as docs/installation.md says gets a session on ${name}`,
      () =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* run(path, recipe), { stdout: "completed\n", stderr: "" })
        })
    )

    const error = bundle.without[name]
    it.live.skipIf(path === "" || isPlain)(
      `one made without that ${error === undefined ? "does too" : "fails"} on ${name}`,
      () =>
        Effect.gen(function*() {
          const { stderr, stdout } = yield* run(path, plain)
          if (error === undefined) assert.strictEqual(stdout, "completed\n", stderr)
          else assert.match(stderr, error)
        })
    )
  }
})
