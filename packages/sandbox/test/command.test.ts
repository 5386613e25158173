import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Chunk, ConfigProvider, type Console, Duration, Effect, Fiber, Schedule, Schema, Stream } from "effect"
import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { exitCode, run } from "../src/internal/command/command.ts"
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

const until = (lines: ReadonlyArray<string>, count: number) =>
  Effect.repeat(Effect.sync(() => lines.length), {
    until: length => length >= count,
    schedule: Schedule.spaced("5 millis")
  })

const parse = Schema.decodeSync(Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown })))

const decodeEnvironment = Schema.decodeUnknownSync(Schema.Record({ key: Schema.String, value: Schema.String }))

/** Runs with the client of production, which reads the environment. */
const byEnvironment = <A, E>(
  environment: Readonly<Record<string, string>>,
  effect: Effect.Effect<A, E, RoomSessions.RoomSessions>
) =>
  effect.pipe(
    Effect.provide(NodeSignalWire.layerConfig()),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(environment))))
  )

const getByEnvironment = (environment: Readonly<Record<string, string>>) =>
  byEnvironment(
    environment,
    Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(SandboxSpace.seeds[0].id))
  )

/** Starts the command with `--json`, and waits for its first line. */
const startedJson = (lines: Output, ...args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const running = yield* Effect.fork(command(lines, "--port", "0", "--json", ...args))
    yield* until(lines.out, 1)
    const environment = decodeEnvironment(parse(lines.out[0] ?? "")["environment"])
    const list = byEnvironment(
      environment,
      Effect.flatMap(RoomSessions.RoomSessions, sessions => Stream.runCollect(sessions.list()))
    )
    return { running, environment, curl: list, list: Effect.map(list, Chunk.toReadonlyArray) }
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

  it.live("the log has a line for each request: time, method, path with query, status, attempt and duration", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { curl, running } = yield* started(lines, "--respond", "503")
      const before = lines.out.length
      yield* curl
      yield* curl
      yield* until(lines.out, before + 2)
      const path = `/api/video/room_sessions/${SandboxSpace.seeds[0].id}`
      assert.match(lines.out[before] ?? "", new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  GET ${path}  503  \\d+ ms$`))
      assert.match(lines.out[before + 1] ?? "", new RegExp(` GET ${path}  200  attempt 2  \\d+ ms$`))
      yield* Fiber.interrupt(running)
    }))

  it.live("--control prints the address of the console, with the token that changes the sandbox", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { running } = yield* started(lines, "--control")
      const [, url = "", token = ""] = /^ {2}(http:\S+\/)#token=(\S+)$/m.exec(lines.out.join("\n")) ?? []
      const page = yield* send(url)
      assert.include(page.body, "<title>SignalWire sandbox</title>")
      const headers = { authorization: `Bearer ${token}` }
      assert.strictEqual((yield* send(`${url}_sandbox/faults`, { method: "DELETE", headers })).status, 204)
      yield* Fiber.interrupt(running)
    }))

  it.live("--json prints the sandbox and each request as a document of one line", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { curl, running } = yield* startedJson(lines, "--control")
      const [first] = lines.out.map(line => parse(line))
      assert.strictEqual(first?.["type"], "started")
      assert.match(
        JSON.stringify(first?.["control"]),
        /"url":"http:\/\/127\.0\.0\.1:\d+\/_sandbox","token":"[\w-]{24}"/
      )
      yield* curl
      yield* until(lines.out, 2)
      assert.deepInclude(parse(lines.out[1] ?? ""), { type: "request", operation: "RoomSessions.list", status: 200 })
      assert.deepStrictEqual(lines.err, [])
      yield* Fiber.interrupt(running)
    }))

  it.live("--export prints only lines for a shell on standard output, and the log on standard error", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const running = yield* Effect.fork(command(lines, "--port", "0", "--export"))
      yield* until(lines.out, 4)
      assert.match(
        lines.out.join("\n"),
        /^unset SIGNALWIRE_REST_BASE_URL\nexport SIGNALWIRE_SPACE='127\.0\.0\.1:\d+'\nexport SIGNALWIRE_PROJECT_ID='sandbox-project'\nexport SIGNALWIRE_API_TOKEN='sandbox-token'$/
      )
      yield* send(`http://${/'(127.*)'/.exec(lines.out[1] ?? "")?.[1]}/api/video/room_sessions`)
      yield* until(lines.err, 1)
      assert.match(lines.err[0] ?? "", /GET \/api\/video\/room_sessions {2}401/)
      yield* Fiber.interrupt(running)
    }))

  it.live("--tls serves over TLS, with a file of the certificate that a client of the environment trusts", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { environment, running } = yield* startedJson(lines, "--tls")
      assert.match(environment["SIGNALWIRE_REST_BASE_URL"] ?? "", /^https:\/\/127\.0\.0\.1:/)
      const file = environment["SIGNALWIRE_REST_CA_FILE"] ?? ""
      const session = yield* getByEnvironment(environment)
      assert.strictEqual(session.id, SandboxSpace.seeds[0].id)
      assert.isTrue(existsSync(file))
      yield* Fiber.interrupt(running)
      assert.isFalse(existsSync(file))
    }))

  it.live("--sessions has the sessions of a file in YAML, JSON or NDJSON, and --scenario changes them", () =>
    Effect.gen(function*() {
      const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"))
      const write = (name: string, text: string) => {
        writeFileSync(join(folder, name), text)
        return join(folder, name)
      }
      const [designReview] = SandboxSpace.seeds
      const listed = JSON.stringify({ ...designReview.toJSON(), cost_in_dollars: 1.5, room: { id: "x" } })
      const files = [
        write(
          "sessions.yaml",
          `- { id: ${designReview.id}, name: design-review, status: completed }\n- { name: other }\n`
        ),
        write("sessions.json", `{ "sessions": [${JSON.stringify(designReview)}, { "name": "other" }], "members": [] }`),
        write("sessions.ndjson", `${listed}\n{ "name": "other" }\n`)
      ]
      const scenario = write("scenario.yaml", "steps:\n  - { at: 0 seconds, do: start, session: kick-off }\n")
      for (const file of files) {
        const lines = new Output()
        const { environment, list, running } = yield* startedJson(lines, "--sessions", file, "--scenario", scenario)
        assert.strictEqual((yield* getByEnvironment(environment)).name, "design-review", file)
        const names = (yield* list).map(({ name }) => name)
        assert.deepStrictEqual(names, ["design-review", "other", "kick-off"])
        yield* Fiber.interrupt(running)
      }
      const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
        .concat(
          ["b", "c", "d", "e"].map((name, index) =>
            `${name}: &${name} [${Array(10).fill(`*${"abcd"[index]}`).join(", ")}]`
          )
        )
        .join("\n")
      const busy = "repeat: true\nsteps:\n - { at: 1 nanos, do: start, session: x }"
      const invalid = [
        [["--sessions", write("a.yaml", "- { name: 5 }")], "sessions.0.name: Expected string, actual 5"],
        [["--sessions", join(folder, "none.yaml")], "none.yaml cannot be read"],
        [
          ["--sessions", write("equal.yaml", `[{ id: ${designReview.id} }, { id: ${designReview.id.toUpperCase()} }]`)],
          `sessions.1.id: expected another id than that of an item before, got ${designReview.id}`
        ],
        [["--sessions", write("alias.yaml", "- *nope")], "alias.yaml: Unresolved alias"],
        [["--scenario", write("alias2.yaml", "steps: *nope")], "alias2.yaml: Unresolved alias"],
        [["--scenario", write("bomb.yaml", bomb)], "bomb.yaml: Excessive alias count"],
        [["--scenario", write("busy.yaml", busy)], "a scenario that repeats needs a step at 100 millis or later"],
        [
          ["--scenario", write("back.yaml", "steps:\n - { at: -5 seconds, do: start, session: x }")],
          "steps.0.at: expected a duration"
        ],
        [["--host", ""], "--host expects an address"],
        [["--host-name", "a b"], "--host-name expects a name"],
        [["--host-name", "*"], "--host-name expects a name"],
        [["--host-name", "b\u00fccher"], "--host-name expects a name"],
        [["--generate", "100001"], "--generate expects a whole number from 0 to 100000"],
        [["--export", "--json"], "--export and --json exclude each other"],
        [
          ["--scenario", write("b.yaml", "steps:\n - { at: 1, do: end, session: x }")],
          "steps.0.at: expected a duration"
        ],
        [["--scenario", write("c.yaml", "a: [")], "at line 1"]
      ] as const
      for (const [args, message] of invalid) {
        const lines = new Output()
        assert.strictEqual(exitCode(yield* Effect.exit(command(lines, "--port", "0", ...args))), 2)
        assert.include(lines.err.join("\n"), message)
      }
      rmSync(folder, { recursive: true })
    }))

  it.live("a host that is no address of this machine is one line on standard error, and exits with 1", () =>
    Effect.gen(function*() {
      const lines = new Output()
      assert.strictEqual(exitCode(yield* Effect.exit(command(lines, "--port", "0", "--host", "192.0.2.1"))), 1)
      assert.deepStrictEqual(lines.err, [
        "signalwire-sandbox: 192.0.2.1 is no address of this machine; choose 127.0.0.1, or 0.0.0.0 for all addresses"
      ])
    }))

  it.live("on all addresses it says that other machines can use it, and what they need to reach it by its name", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { running } = yield* started(lines, "--host", "0.0.0.0", "--host-name", "sandbox")
      const text = lines.out.join("\n")
      assert.match(
        text,
        /Other machines can use it, by\n {2}SIGNALWIRE_REST_BASE_URL=http:\/\/sandbox:\d+\n {2}SIGNALWIRE_INSECURE_HOSTS=sandbox\n/
      )
      yield* Fiber.interrupt(running)
      const local = new Output()
      const { running: other } = yield* started(local)
      assert.notInclude(local.out.join("\n"), "Other machines")
      yield* Fiber.interrupt(other)
    }))

  it.live("the seeds in progress started some minutes before the command, with their members", () =>
    Effect.gen(function*() {
      const lines = new Output()
      const { list, running } = yield* startedJson(lines)
      const sessions = yield* list
      assert.deepStrictEqual(sessions.map(({ id }) => id), SandboxSpace.seeds.map(({ id }) => id))
      for (const { duration, start_time, status } of sessions) {
        if (status !== "in-progress") continue
        assert(start_time !== null && duration !== null)
        const age = Date.now() - start_time.epochMillis
        assert.isTrue(age > 300_000 && age < 1_200_000)
        assert.closeTo(age, Duration.toMillis(duration), 60_000)
      }
      yield* Fiber.interrupt(running)
    }))

  it.live("--generate has completed sessions instead of the seeds, and names of sessions forge no lines", () =>
    Effect.gen(function*() {
      const folder = mkdtempSync(join(tmpdir(), "sandbox test-"))
      const file = join(folder, "sessions.json")
      writeFileSync(file, JSON.stringify([{ name: "a\r\nforged\u202e\u001b[1m" }]))
      const lines = new Output()
      const { list, running } = yield* startedJson(lines, "--generate", "60")
      assert.strictEqual((yield* list).length, 60)
      yield* Fiber.interrupt(running)
      const forging = new Output()
      const { running: other } = yield* started(forging, "--sessions", file)
      assert.isTrue(forging.out.some(line => line.endsWith("a\\u{d}\\u{a}forged\\u{202e}\\u{1b}[1m")))
      yield* Fiber.interrupt(other)
      rmSync(folder, { recursive: true })
    }))

  const built = fileURLToPath(new URL("../dist/bin.js", import.meta.url))

  it.live.skipIf(!existsSync(built))(
    "a shell evaluates the lines of --export while the sandbox runs",
    () =>
      Effect.gen(function*() {
        const script = `eval "$("${process.execPath}" "${built}" --port 0 --export 2>/dev/null & echo PID=$!)"
"${process.execPath}" -e '
  const { SIGNALWIRE_API_TOKEN, SIGNALWIRE_PROJECT_ID, SIGNALWIRE_SPACE } = process.env
  const authorization = "Basic " + btoa(SIGNALWIRE_PROJECT_ID + ":" + SIGNALWIRE_API_TOKEN)
  fetch("http://" + SIGNALWIRE_SPACE + "/api/video/room_sessions", { headers: { authorization } })
    .then(({ status }) => process.stdout.write(String(status)))'
kill $PID`
        const output = yield* Effect.promise(() =>
          new Promise<string>(resolve => execFile("sh", ["-c", script], (_, stdout) => resolve(stdout)))
        )
        assert.strictEqual(output, "200")
      })
  )
})
