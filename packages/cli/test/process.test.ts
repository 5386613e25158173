/** The published files, bundled from the sources into a folder of the test, run as a process. */
import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { environmentOf } from "./harness.ts"

const folder = mkdtempSync(join(tmpdir(), "room-session-"))
const [session] = SandboxSpace.seeds

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL("../scripts/bundle.mjs", import.meta.url)), folder])
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

const run = (
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
  onSpawn?: (child: ChildProcess) => void,
  output: "pipe" | number = "pipe"
) =>
  Effect.promise(() =>
    new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>(resolve => {
      const child = spawn(process.execPath, [join(folder, "bin.js"), ...args], {
        env,
        stdio: ["ignore", output, "pipe"]
      })
      let [stdout, stderr] = ["", ""]
      child.stdout?.on("data", chunk => stdout += String(chunk))
      child.stderr?.on("data", chunk => stderr += String(chunk))
      child.on("close", code => resolve({ code, stdout, stderr }))
      onSpawn?.(child)
    })
  )

it("the bundle comes with the licences of what is inside", () => {
  assert.include(readdirSync(folder), "LICENSES.txt")
})

it.live("prints JSON, cards and failures without colours into pipes", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    const json = yield* run(["get", session.id, "--json"], { ...env, FORCE_COLOR: "3" })
    const encoded = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
    assert.deepStrictEqual(json, { code: 0, stdout: `${JSON.stringify(encoded)}\n`, stderr: "" })

    const card = yield* run(["get", session.id], { ...env, TZ: "Europe/Berlin", FORCE_COLOR: "3" })
    assert.match(card.stdout, /\+0[12]:00 \(/)
    assert.notInclude(card.stdout, "\u001b")
    assert.deepStrictEqual({ code: card.code, stderr: card.stderr }, { code: 0, stderr: "" })

    const failed = yield* run(["get", "42"], env)
    assert.deepStrictEqual({ code: failed.code, stdout: failed.stdout }, { code: 1, stdout: "" })
    assert.match(failed.stderr, /^room-session: [^\n]+\n[^\n]+\n$/)

    const misused = yield* run(["get"], env)
    assert.deepStrictEqual(misused, {
      code: 2,
      stdout: "",
      stderr: "Missing argument <id>\nSee room-session --help\n"
    })
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

/** A device whose disk is always full. */
const full = "/dev/full"

it.live.skipIf(!existsSync(full))(
  "says that its output could not be written, and ends with 1",
  () =>
    Effect.gen(function*() {
      const env = environmentOf(yield* SandboxSpace.SandboxSpace)
      const file = yield* Effect.acquireRelease(
        Effect.sync(() => openSync(full, "w")),
        file => Effect.sync(() => closeSync(file))
      )
      for (const args of [["get", session.id], ["get", session.id, "--json"], ["--help"], ["--version"]]) {
        const { code, stderr } = yield* run(args, env, undefined, file)
        assert.match(stderr, /^room-session: the output could not be written \(ENOSPC\)\.\n[^\n]+\n$/, args.join(" "))
        assert.strictEqual(code, 1, args.join(" "))
      }
    }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest))
)

it.live("ends quietly with 0 when its reader has gone", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    for (const args of [["get", session.id], ["get", session.id, "--json"], ["--version"]]) {
      const ran = yield* run(args, env, child => child.stdout?.destroy())
      assert.deepStrictEqual(ran, { code: 0, stdout: "", stderr: "" }, args.join(" "))
    }
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  it.live(`ends with ${code} at ${signal}, long before its deadline`, () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.answerNext({ delay: "30 seconds" })
      const received = Effect.repeat(Effect.delay(sandbox.requests, "20 millis"), {
        until: requests => requests.length > 0
      })
      let child: ChildProcess | undefined
      const [ran] = yield* Effect.all([
        run(["get", session.id], environmentOf(sandbox), started => child = started),
        Effect.map(received, () => child?.kill(signal))
      ], { concurrency: "unbounded" })
      assert.deepStrictEqual(ran, { code, stdout: "", stderr: "" })
    }).pipe(Effect.provide(SandboxSpace.layerTest)), 29_000)
}
