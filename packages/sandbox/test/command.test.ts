import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, type Console, Effect, Fiber, Schedule } from "effect"
import { exitCode, run } from "../src/internal/command.ts"
import { send } from "./http.ts"

/** The lines that a command wrote. */
class Output {
  readonly out: Array<string> = []
  readonly err: Array<string> = []
}

const consoleOf = (lines: Output): Console.Console => {
  const append = (to: Array<string>) => (...args: ReadonlyArray<unknown>) =>
    Effect.sync(() => void to.push(...args.join(" ").split("\n")))
  const { unsafe, ...console } = Effect.runSync(Effect.console)
  return { ...console, unsafe, log: append(lines.out), error: append(lines.err) }
}

const command = (lines: Output, ...args: ReadonlyArray<string>) =>
  run(["node", "signalwire-sandbox", ...args]).pipe(
    Effect.withConsole(consoleOf(lines)),
    Effect.provide(NodeContext.layer)
  )

/** Starts the command and waits until it has printed its curl line. `curl` sends that request. */
const started = (lines: Output, ...args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const running = yield* Effect.fork(command(lines, "--port", "0", ...args))
    yield* Effect.repeat(Effect.sync(() => lines.out.length), {
      until: count => count > 0,
      schedule: Schedule.spaced("5 millis")
    })
    const curl = lines.out.map(line => /curl -u (\S+) (\S+)$/.exec(line)).find(match => match !== null)
    const [, user = "", url = ""] = curl ?? []
    const headers = { authorization: `Basic ${Buffer.from(user).toString("base64")}` }
    return { running, curl: send(url, { headers }) }
  })

describe("signalwire-sandbox", () => {
  it.live("signalwire-sandbox prints a curl line that gets a session, and exits with 0 when interrupted", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { curl, running } = yield* started(lines)
      assert.include((yield* curl).body, SandboxSpace.seeds[0].id)
      for (const { id } of SandboxSpace.seeds) assert.isTrue(lines.out.some(line => line.includes(id)))
      const exit = yield* Fiber.interrupt(running)
      assert.strictEqual(exitCode(exit), 0)
      assert.deepStrictEqual(lines.err, [])
    }))

  it.live("signalwire-sandbox prints the three variables with which a client reaches it", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { running } = yield* started(lines)
      const variables = lines.out.flatMap(line => {
        const [, name, value] = /^ {2}(SIGNALWIRE_\w+)=(.+)$/.exec(line) ?? []
        return name === undefined || value === undefined ? [] : [[name, value] as const]
      })
      const session = yield* Effect.flatMap(
        RoomSessions.RoomSessions,
        sessions => sessions.get(SandboxSpace.seeds[0].id)
      )
        .pipe(
          Effect.provide(NodeSignalWire.layerConfig()),
          Effect.withConfigProvider(ConfigProvider.fromMap(new Map(variables)))
        )
      assert.strictEqual(session.id, SandboxSpace.seeds[0].id)
      assert.deepStrictEqual(
        variables.map(([name]) => name),
        ["SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"]
      )
      yield* Fiber.interrupt(running)
    }))

  it.live("--respond gives the next requests a status each, then the usual response, and says so", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { curl, running } = yield* started(lines, "--respond", "500, 200,429")
      const responses = yield* Effect.replicateEffect(curl, 4)
      assert.deepStrictEqual(responses.map(({ status }) => status), [500, 200, 429, 200])
      assert.include(lines.out, "  The next responses have the statuses 500, 200, 429; later ones are as usual.")
      yield* Fiber.interrupt(running)
    }))

  it.live("--respond with anything but statuses of responses says what it expects, and exits with 2", () =>
    Effect.gen(function*() {
      for (const wrong of ["", "x", "199", "1000", "500,", "500;503", "5e2", "-500", "200.5"]) {
        const lines = new Output()
        const exit = yield* Effect.exit(command(lines, "--port", "0", "--respond", wrong))
        assert.strictEqual(exitCode(exit), 2, wrong)
        assert.deepStrictEqual(lines.err, [
          "--respond expects statuses from 200 to 999, separated by commas, such as 500,500",
          "See signalwire-sandbox --help"
        ])
      }
    }))

  it.live("without a terminal there are neither colors nor an empty last line", () =>
    Effect.gen(function*() {
      for (const args of [["--help"], ["--version"], ["--port", "x"]]) {
        const lines = new Output()
        yield* Effect.exit(command(lines, ...args))
        const texts = [...lines.out, ...lines.err]
        assert.notInclude(texts.join("\n"), "\u001b", args.join(" "))
        assert.notStrictEqual(texts.at(-1), "", args.join(" "))
        assert.notInclude(lines.err, "", args.join(" "))
      }
      const help = new Output()
      yield* command(help, "--help")
      assert.isTrue(help.out.some(line => line.includes("--respond") && line.includes("--port")))
      assert.include(help.out.join(" ").replaceAll(/\s+/g, " "), "default 4080")
    }))

  it.live("a port in use is one line on standard error, and exits with 1", () =>
    Effect.gen(function*() {
      const { url } = yield* SandboxSpace.SandboxSpace
      const lines = new Output()
      const { port } = new URL(url)
      const exit = yield* Effect.exit(command(lines, "--port", port))
      assert.strictEqual(exitCode(exit), 1)
      assert.deepStrictEqual(lines.err, [
        `signalwire-sandbox: Port ${port} of 127.0.0.1 is in use; choose another one, or 0 for any free port`
      ])
      assert.deepStrictEqual(lines.out, [])
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("a wrong command line exits with 2", () =>
    Effect.gen(function*() {
      for (const args of [["--port", "99999"], ["--port", "x"], ["--prt", "1"]]) {
        const lines = new Output()
        assert.strictEqual(exitCode(yield* Effect.exit(command(lines, ...args))), 2, args.join(" "))
        assert.include(lines.err, "See signalwire-sandbox --help")
      }
    }))
})
