/** Installs the packed tarball, and runs the command as an application of the system. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile, execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { environmentOf } from "../harness.ts"

const folder = mkdtempSync(join(tmpdir(), "room-session-packed-"))
const executable = join(folder, "node_modules/.bin/room-session")
const [session] = SandboxSpace.seeds

/** The pnpm that runs the tests, which applies `publishConfig`; npm does not. */
const pnpm = (args: ReadonlyArray<string>): void => {
  const cwd = fileURLToPath(new URL("../..", import.meta.url))
  const path = process.env["npm_execpath"] ?? ""
  if (path.includes("pnpm")) execFileSync(process.execPath, [path, ...args], { cwd, stdio: "pipe" })
  else execFileSync("npx", ["-y", "pnpm@10.34.8", ...args], { cwd, stdio: "pipe" })
}

beforeAll(() => {
  pnpm(["pack", "--pack-destination", folder])
  writeFileSync(join(folder, "package.json"), "{ \"private\": true }")
  const tarball = readdirSync(folder).find(name => name.endsWith(".tgz")) ?? ""
  // there are no dependencies, so nothing is downloaded
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, tarball)], {
    cwd: folder,
    stdio: "pipe"
  })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  Effect.promise(() =>
    new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>(resolve =>
      execFile(
        executable,
        args,
        { env: { PATH: process.env["PATH"], ...env }, cwd: folder },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr })
      )
    )
  )

it.live("the installed command runs, and has no dependencies", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    const manifest = JSON.parse(
      readFileSync(join(folder, "node_modules/@effect-signalwire/cli/package.json"), "utf8")
    )
    assert.isUndefined(manifest.dependencies)
    assert.deepStrictEqual(readdirSync(join(folder, "node_modules")).filter(name => !name.startsWith(".")), [
      "@effect-signalwire"
    ])

    assert.deepStrictEqual(yield* run(["-v"]), { code: 0, stdout: `${manifest.version}\n`, stderr: "" })
    assert.strictEqual(JSON.parse((yield* run([session.id, "--json"], env)).stdout).id, session.id)
    assert.include((yield* run(["list", "--csv", "--columns", "id"], env)).stdout, session.id)
    assert.strictEqual((yield* run(["doctor"], env)).code, 0)
    assert.strictEqual((yield* run(["export", "--format", "csv", "--out", "sessions.csv"], env)).code, 0)
    assert.include(readFileSync(join(folder, "sessions.csv"), "utf8"), session.id)
    assert.include((yield* run(["export", "--format", "sqlite", "--out", "a.sqlite"], env)).stderr, "better-sqlite3")
    assert.match((yield* run(["help", "watch"])).stdout, /Usage\n {2}room-session watch \[options\] \[<id>\]\n/)
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("the installed command serves a sandbox", () =>
  Effect.gen(function*() {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(executable, ["sandbox", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] })),
      child => Effect.sync(() => child.kill())
    )
    const url = yield* Effect.async<string>(resume => {
      let text = ""
      child.stdout.on("data", chunk => {
        text += String(chunk)
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
        if (url !== undefined) resume(Effect.succeed(url))
      })
    })
    const env = { SIGNALWIRE_PROJECT_ID: "sandbox-project", SIGNALWIRE_API_TOKEN: "sandbox-token" }
    const { stdout } = yield* run(["list", "--json", "--space", new URL(url).host], env)
    assert.include(stdout, session.id)
  }).pipe(Effect.scoped))
