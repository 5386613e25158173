import { SandboxSpace } from "@effect-signalwire/sandbox"
import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { type Console, Effect, Fiber, Schedule } from "effect"
import { readFileSync } from "node:fs"
import { exitCode, run } from "../src/internal/command.ts"
import { version } from "../src/internal/version.ts"
import { send } from "./http.ts"

/** What a command wrote, each line of a text as one. */
class Written {
  readonly out: Array<string> = []
  readonly err: Array<string> = []
}

const written = (lines: Written): Console.Console => {
  const note = (to: Array<string>) => (...args: ReadonlyArray<unknown>) =>
    Effect.sync(() => void to.push(...args.join(" ").split("\n")))
  const { unsafe, ...console } = Effect.runSync(Effect.console)
  return { ...console, unsafe, log: note(lines.out), error: note(lines.err) }
}

const command = (lines: Written, ...args: ReadonlyArray<string>) =>
  run(["node", "signalwire-sandbox", ...args]).pipe(
    Effect.withConsole(written(lines)),
    Effect.provide(NodeContext.layer)
  )

describe("signalwire-sandbox", () => {
  it.live("prints a curl line that gets a session, and lets go of its port when interrupted", () =>
    Effect.gen(function*() {
      const lines = new Written()
      const running = yield* Effect.fork(command(lines, "--port", "0"))
      yield* Effect.repeat(Effect.sync(() => lines.out.length), {
        until: count => count > 0,
        schedule: Schedule.spaced("5 millis")
      })
      const curl = lines.out.map(line => /curl -u (\S+) (\S+)$/.exec(line)).find(match => match !== null)
      const [, user = "", url = ""] = curl ?? []
      const headers = { authorization: `Basic ${Buffer.from(user).toString("base64")}` }
      assert.include((yield* send(url, { headers })).body, SandboxSpace.seeds[0].id)
      for (const { id } of SandboxSpace.seeds) assert.isTrue(lines.out.some(line => line.includes(id)))
      const exit = yield* Fiber.interrupt(running)
      assert.strictEqual(exitCode(exit), 0)
      assert.deepStrictEqual(lines.err, [])
    }))

  it.live("says in one line that a port is in use, and exits with 1", () =>
    Effect.gen(function*() {
      const { url } = yield* SandboxSpace.SandboxSpace
      const lines = new Written()
      const { port } = new URL(url)
      const exit = yield* Effect.exit(command(lines, "--port", port))
      assert.strictEqual(exitCode(exit), 1)
      assert.deepStrictEqual(lines.err, [
        `signalwire-sandbox: Port ${port} of 127.0.0.1 is in use; choose another one, or 0 for any that is free`
      ])
      assert.deepStrictEqual(lines.out, [])
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("exits with 2 for a wrong command line", () =>
    Effect.gen(function*() {
      for (const args of [["--port", "99999"], ["--port", "x"], ["--prt", "1"]]) {
        const lines = new Written()
        assert.strictEqual(exitCode(yield* Effect.exit(command(lines, ...args))), 2, args.join(" "))
        assert.include(lines.err, "See signalwire-sandbox --help")
      }
    }))

  it("has the version of its package", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
    assert.deepInclude(manifest, { version })
  })
})
