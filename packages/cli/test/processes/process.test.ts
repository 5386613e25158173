/** Runs the published files as processes, bundled from the sources into a temporary folder. */
import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process"
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import http from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import columns from "string-width"
import { commandNames } from "../../src/commands.ts"
import { version } from "../../src/version.ts"
import { environmentOf } from "../harness.ts"
import * as proxiedSpace from "../proxiedSpace.ts"
import * as command from "./command.ts"

const { bundle, folder, remove, run } = command.make()
const [session] = SandboxSpace.seeds

beforeAll(bundle, 120_000)
afterAll(remove)

it("the bundle has the licenses of its dependencies", () => {
  assert.include(readdirSync(folder), "LICENSES.txt")
})

it("the bundle has what get does not need in a file of its own, so that get starts without it", () => {
  assert.lengthOf(readdirSync(folder).filter(name => name.startsWith("features-")), 1)
})

it.live("each command of the published files does its work once", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const env = environmentOf(sandbox)
    const recording = sandbox.recordings.find(({ uri }) => uri !== null)
    assert(recording !== undefined)
    const [exported, downloaded] = [join(folder, "sessions.ndjson"), join(folder, "recording.mp4")]
    const cases: Readonly<Record<string, readonly [args: ReadonlyArray<string>, stdout: string]>> = {
      get: [[session.id], session.id],
      list: [[], session.id],
      members: [[session.id], "Member"],
      events: [[session.id, "--raw"], "{"],
      recordings: [[recording.room_session_id], recording.id],
      watch: [[recording.room_session_id], "ended"],
      export: [["--out", exported], ""],
      download: [[recording.id, "--out", downloaded], ""],
      doctor: [[], "Credentials"],
      sandbox: [["--port", "0"], "http://127.0.0.1:"],
      help: [["list"], "--status"]
    }
    assert.sameMembers(Object.keys(cases), commandNames)
    for (const [name, [args, stdout]] of Object.entries(cases)) {
      const ran = yield* run([name, ...args], env, child => {
        if (name === "sandbox") child.stdout?.once("data", () => child.kill("SIGTERM"))
      })
      assert.strictEqual(ran.code, 0, `${name}: ${ran.stderr}`)
      assert.include(ran.stdout, stdout, name)
    }
    assert.lengthOf(readFileSync(exported, "utf8").trimEnd().split("\n"), sandbox.listed.length)
    assert.strictEqual(statSync(downloaded).size, recording.size_in_bytes)
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("JSON, sessions and errors are written to pipes without colors", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    const json = yield* run(["get", session.id, "--json"], { ...env, FORCE_COLOR: "3" })
    const encoded = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
    assert.deepStrictEqual(json, { code: 0, stdout: `${JSON.stringify(encoded)}\n`, stderr: "" })

    const text = yield* run(["get", session.id], { ...env, TZ: "Europe/Berlin" })
    assert.match(text.stdout, /\+0[12]:00 \(/)
    assert.notInclude(text.stdout, "\u001b")
    assert.deepStrictEqual({ code: text.code, stderr: text.stderr }, { code: 0, stderr: "" })

    const failed = yield* run(["get", "42"], env)
    assert.deepStrictEqual({ code: failed.code, stdout: failed.stdout }, { code: 2, stdout: "" })
    assert.match(failed.stderr, /^room-session: [^\n]+\n[^\n]+\n$/)

    const wrong = yield* run(["get"], env)
    assert.deepStrictEqual(wrong, {
      code: 2,
      stdout: "",
      stderr: "room-session: Missing argument <id>\nSee room-session get --help\n"
    })
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

/** Those of `pnpm runtimes:install`, and that of the tests. */
const nodes = [
  process.execPath,
  ...["node-22", "node-24"]
    .map(name => fileURLToPath(new URL(`../../../runtimes/binaries/node_modules/${name}/bin/node`, import.meta.url)))
    .filter(existsSync)
]

it.live("each version of Node leaves the file of --env to the command", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const file = join(folder, "sandbox.env")
    // Node ends with an error on such a line of its own --env-file
    const lines = Object.entries({ ...environmentOf(sandbox), NODE_OPTIONS: "--foo" })
    writeFileSync(file, lines.map(([name, value]) => `${name}=${value}\n`).join(""))
    for (const node of nodes) {
      assert.strictEqual(
        (yield* run(["get", session.id, "--json", "--env", file], {}, undefined, "pipe", node)).code,
        0,
        node
      )
      for (const path of [`${file}.none`, folder]) {
        const { code, stderr, stdout } = yield* run(["list", "--json", `--env=${path}`], {}, undefined, "pipe", node)
        assert.deepStrictEqual({ code, stdout }, { code: 3, stdout: "" }, node)
        assert.strictEqual(JSON.parse(stderr).tag, "ConfigError", node)
      }
    }
  }).pipe(Effect.provide(SandboxSpace.layerTest)), 60_000)

it.live("the command takes --log-level, --version and --help in any place", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    const json = yield* run(["get", session.id, "--json"], env)
    for (
      const args of [["get", "--json", "--log-level", "debug", session.id], [
        "get",
        "--json",
        session.id,
        "--log-level",
        "debug"
      ]]
    ) {
      assert.deepStrictEqual(yield* run(args, env), json, args.join(" "))
    }
    assert.strictEqual((yield* run(["get", "--json", session.id, "--version"], env)).stdout, `${version}\n`)
    assert.include(
      (yield* run(["get", "--json", session.id, "--help"], env)).stdout,
      "room-session get [options] <id>..."
    )
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("the command sandbox has the options of the sandbox, and is named in its errors", () =>
  Effect.gen(function*() {
    const namesOf = (text: string) => [...text.matchAll(/^ *\(?(--[a-z-]+)/gm)].map(([, name = ""]) => name)
    const own = yield* Effect.sync(() =>
      execFileSync(process.execPath, [
        "--input-type=module",
        "--eval",
        "const { main } = await import(process.argv[1]); main(\"x\", [\"--help\"])",
        join(folder, "sandbox.js")
      ], { encoding: "utf8" })
    )
    const { stdout } = yield* run(["sandbox", "--help"], {})
    const [, options = ""] = /\nOptions\n([^]+?)\n\n/.exec(stdout) ?? []
    assert.deepStrictEqual(namesOf(options).toSorted(), namesOf(own).toSorted())

    const unknown = yield* run(["sandbox", "--wat"], {})
    assert.match(unknown.stderr, /^room-session: [^\n]*--wat[^\n]*\nSee room-session sandbox --help\n$/)
    const missing = yield* run(["sandbox", "--scenario", "/none"], {})
    assert.match(missing.stderr, /\nSee room-session sandbox --help\n$/)
    assert.deepStrictEqual([unknown.code, missing.code], [2, 2])
  }))

it.live("the command sandbox passes its options on, also one that is repeated, and ends with SIGTERM", () =>
  Effect.gen(function*() {
    const names = ["--host-name", "a.test", "--host-name", "b.test"]
    const args = ["--log-level", "debug", "sandbox", "--port", "0", "--control", ...names, "--json"]
    const statuses: Array<number | undefined> = []
    const ran = yield* run(args, {}, child => {
      child.stdout?.once("data", chunk => {
        const { port } = new URL(JSON.parse(String(chunk)).url)
        const hosts = ["a.test", "b.test", "c.test"]
        for (const host of hosts) {
          http.get({ port, headers: { host }, path: "/_sandbox/openapi.json" }, response => {
            response.resume()
            statuses.push(response.statusCode)
            if (statuses.length === hosts.length) child.kill("SIGTERM")
          })
        }
      })
    })
    assert.sameMembers(statuses, [200, 200, 403])
    assert.strictEqual(ran.code, 0)
  }))

const terminal = "/usr/bin/script"

it.live.skipIf(process.platform !== "linux" || !existsSync(terminal))(
  "there are colors on a terminal where NO_COLOR is empty or not set, and none where it has a value",
  () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const inTerminal = (env: NodeJS.ProcessEnv) =>
        Effect.sync(() =>
          execFileSync(terminal, ["-qec", `${process.execPath} ${join(folder, "bin.js")} --help`, "/dev/null"], {
            env: { ...environmentOf(sandbox), TERM: "xterm-256color", ...env },
            encoding: "utf8",
            stdio: ["ignore", "pipe", "pipe"]
          })
        )
      assert.include(yield* inTerminal({}), "\u001b[")
      assert.include(yield* inTerminal({ NO_COLOR: "" }), "\u001b[")
      assert.notInclude(yield* inTerminal({ NO_COLOR: "1" }), "\u001b[")
    }).pipe(Effect.provide(SandboxSpace.layerTest))
)

it.live.skipIf(process.platform !== "linux" || !existsSync(terminal))(
  "each table fits the columns of its terminal, and its colors follow NO_COLOR",
  () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const inTerminal = (width: number, args: string, env: NodeJS.ProcessEnv = {}) =>
        Effect.promise(() =>
          new Promise<string>((resolve, reject) =>
            execFile(
              terminal,
              ["-qec", `stty cols ${width}; ${process.execPath} ${join(folder, "bin.js")} ${args}`, "/dev/null"],
              { env: { ...environmentOf(sandbox), TERM: "xterm-256color", ...env } },
              (error, stdout) => error === null ? resolve(stdout) : reject(error)
            )
          )
        )
      // a process for each list and each width, and not for each pair of them
      for (
        const [width, list] of [
          [40, "list"],
          [80, "list"],
          [120, "list"],
          [40, `members ${session.id}`],
          [40, `events ${session.id}`],
          [40, `recordings ${session.id}`]
        ] as const
      ) {
        const lines = stripVTControlCharacters(yield* inTerminal(width, list)).trimEnd().split(/\r?\n/)
        assert.isAbove(lines.length, 1)
        for (const line of lines) assert.isAtMost(columns(line), width, line)
      }
      assert.include(yield* inTerminal(80, "list"), "\u001b[")
      assert.notInclude(yield* inTerminal(80, "list", { NO_COLOR: "1" }), "\u001b[")
    }).pipe(Effect.provide(SandboxSpace.layerTest))
)

const [ctrlC, ctrlZ] = ["\u0003", "\u001a"]

/** A text of the output, and what is then typed, or done with the process of the terminal. */
type Step = readonly [text: string, action: string | ((terminal: ChildProcess) => void)]

/** Runs `watch` in a terminal, and returns the output. The terminal sends the signals of the keys. */
const watchInTerminal = (args: string, steps: ReadonlyArray<Step>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox =>
    Effect.promise(() =>
      new Promise<string>(resolve => {
        // without noflsh the terminal discards its output a moment after Ctrl-Z or Ctrl-C, sometimes with what the signal caused
        const watch = `stty cols 80 rows 24 noflsh; exec ${process.execPath} ${join(folder, "bin.js")} watch ${args}`
        const child = spawn(terminal, ["-qec", watch, "/dev/null"], {
          env: { ...environmentOf(sandbox), TERM: "xterm-256color" },
          stdio: ["pipe", "pipe", "inherit"]
        })
        let [output, start] = ["", 0]
        const left = [...steps]
        child.stdout.on("data", chunk => {
          output += String(chunk)
          // a busy machine passes on the text of several steps at once
          for (let step = left[0]; step !== undefined; step = left[0]) {
            const [text, action] = step
            const found = output.indexOf(text, start)
            if (found === -1) return
            left.shift()
            start = found + text.length
            if (typeof action === "string") child.stdin.write(action)
            else action(child)
          }
        })
        child.on("close", () => resolve(output))
      })
    ))

it.live.skipIf(process.platform !== "linux" || !existsSync(terminal))(
  "while requests fail, watch says so on its screen, and no sessions before there is a list",
  () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext(...Array.from({ length: 20 }, () => 500))
      const atFirst = yield* watchInTerminal("--retries 0 --interval 300ms", [["status 500", ""], ["call-4127", ctrlC]])
      assert.match(
        stripVTControlCharacters(atFirst),
        /Not reached since \d\d:\d\d:\d\d: .*status 500.*\s+Loading the sessions/
      )
      assert.notMatch(atFirst, /0 sessions|No sessions/)

      const fail = () => {
        Effect.runFork(sandbox.respondNext(...Array.from({ length: 1000 }, () => 500)))
      }
      const later = yield* watchInTerminal("--retries 0 --interval 300ms", [["call-4127", fail], ["status 500", ctrlC]])
      assert.match(stripVTControlCharacters(later), /2 sessions [^\n]+\n *Not reached since [^\n]+status 500/)
    }).pipe(Effect.provide(SandboxSpace.layerTest))
)

/**
 * Types Ctrl-Z, and continues the terminal each time that it is suspended. It can be suspended some time after the command, and also
 * before it has passed on what the command has written last. A signal before that would be lost.
 */
const suspend = (child: ChildProcess): void => {
  child.stdin?.write(ctrlZ)
  const timer = setInterval(() => {
    if (/ T \d/.test(readFileSync(`/proc/${child.pid}/stat`, "utf8"))) child.kill("SIGCONT")
  }, 50)
  // later, the process has no entry in /proc any more
  child.once("exit", () => clearInterval(timer))
}

it.live.skipIf(process.platform !== "linux" || !existsSync(terminal))(
  "a watch that is suspended leaves the alternate screen, and draws it again when it is continued",
  () =>
    Effect.gen(function*() {
      const [enter, leave] = ["\u001b[?1049h", "\u001b[?1049l"]
      const output = yield* watchInTerminal("", [
        ["call-4127", suspend],
        [leave, ""],
        [enter, ""],
        ["call-4127", ctrlC]
      ])
      const [, first = "", second = "", ...others] = output.split(enter)
      assert.lengthOf(others, 0)
      assert.match(stripVTControlCharacters(first.split(leave)[1] ?? ""), /^\s*(?:\^Z)?\s*$/)
      assert.include(second.split(leave)[0], "call-4127")
    }).pipe(Effect.provide(SandboxSpace.layerTest))
)

it.live.skipIf(process.platform !== "linux" || !existsSync(terminal))(
  "watch is on the alternate screen of a terminal, and leaves its last state when it is interrupted",
  () =>
    Effect.gen(function*() {
      const output = yield* watchInTerminal("", [["call-4127", ctrlC]])
      const [before = "", ...screens] = output.split("\u001b[?1049h")
      assert.lengthOf(screens, 1)
      const [screen = "", after = "", ...others] = (screens[0] ?? "").split("\u001b[?1049l")
      assert.lengthOf(others, 0)
      assert.deepStrictEqual([before.trim(), screen.includes("Ctrl-C ends")], ["", true])
      assert.match(
        stripVTControlCharacters(after),
        /^2 sessions [^]+\n[^\n]+call-4127[^]+\n[^\n]+product-webinar[^\n]+\n$/
      )
    }).pipe(Effect.provide(SandboxSpace.layerTest))
)

it.live("a list ends at a pipe that its reader closed, without fetching the other pages", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const ran = yield* run(["list", "--json"], environmentOf(sandbox), child => child.stdout?.destroy())
    assert.deepStrictEqual(ran, { code: 0, stdout: "", stderr: "" })
    assert.lengthOf(yield* sandbox.requests, 1)
  }).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: 10_000 }))))

it.live("all pages of a list arrive at a pipe", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const { code, stderr, stdout } = yield* run(["list", "--json"], environmentOf(sandbox))
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
    assert.deepStrictEqual(
      stdout.trimEnd().split("\n").map(line => JSON.parse(line).id),
      sandbox.listed.map(({ id }) => id)
    )
  }).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: 2_500 }))))

const get = ["get", session.id]

it.live(
  "the command uses the proxy of the environment, and trusts the authority of SIGNALWIRE_REST_CA_FILE",
  () =>
    Effect.gen(function*() {
      const { env, proxy, tunnels } = yield* proxiedSpace.make(session)
      for (
        const variables of [{ HTTPS_PROXY: proxy }, { https_proxy: proxy }, {
          HTTPS_PROXY: "http://127.0.0.1:1",
          https_proxy: proxy
        }]
      ) {
        const before = tunnels.length
        const ran = yield* run(get, { ...env, ...variables })
        assert.deepStrictEqual({ code: ran.code, stderr: ran.stderr }, { code: 0, stderr: "" })
        assert.include(ran.stdout, session.id)
        assert.deepStrictEqual(tunnels.slice(before), ["acme.invalid:443"])
      }
      const untrusting = yield* run(get, { ...env, HTTPS_PROXY: proxy, SIGNALWIRE_REST_CA_FILE: "" })
      assert.match(untrusting.stderr, /secure connection[^\n]*\n[^\n]*SIGNALWIRE_REST_CA_FILE/)
      assert.strictEqual(untrusting.code, 7)
    }).pipe(Effect.scoped)
)

it.live("the command reaches the hosts of NO_PROXY and this machine without the proxy", () =>
  Effect.gen(function*() {
    const { env, loopback, proxy, tunnels } = yield* proxiedSpace.make(session)
    for (const variables of [{ NO_PROXY: "example.com,acme.invalid" }, { no_proxy: ".invalid" }, { NO_PROXY: "*" }]) {
      const ran = yield* run(get, { ...env, HTTPS_PROXY: proxy, ...variables })
      assert.match(ran.stderr, /^room-session: the host name could not be resolved/)
      assert.strictEqual(ran.code, 7)
    }
    const secure = yield* run(get, { ...env, HTTPS_PROXY: proxy, SIGNALWIRE_REST_BASE_URL: loopback })
    assert.deepStrictEqual({ code: secure.code, stderr: secure.stderr }, { code: 0, stderr: "" })
    const sandbox = yield* SandboxSpace.SandboxSpace
    const unusable = { HTTP_PROXY: "nonsense://", HTTPS_PROXY: "nonsense://", http_proxy: proxy }
    const plain = yield* run(get, { ...environmentOf(sandbox), ...unusable })
    assert.deepStrictEqual({ code: plain.code, stderr: plain.stderr }, { code: 0, stderr: "" })
    assert.deepStrictEqual(tunnels, [])
  }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest)))

it.live(
  "a proxy that cannot be used is an error with its variable, and never with its user and password",
  () =>
    Effect.gen(function*() {
      const { env, password, tunnels, wrongProxy } = yield* proxiedSpace.make(session)
      const cases = [
        [
          wrongProxy,
          /(?:^|\n)room-session: [^\n]*proxy[^\n]*\nCheck the address and the credentials of the proxy in HTTPS_PROXY\.\n$/
        ],
        [
          `http://someone:${password}@127.0.0.1:1`,
          /\nNo server responds at https:\/\/acme\.invalid, or at the proxy of HTTPS_PROXY: /
        ],
        [
          `http://someone:${password}@proxy.invalid`,
          /\nCheck SIGNALWIRE_REST_BASE_URL, [^\n]*, the proxy of HTTPS_PROXY and /
        ],
        [
          `socks5://someone:${password}@127.0.0.1:1`,
          /(?:^|\n)room-session: HTTPS_PROXY cannot be used\. Expected [^\n]*HTTP proxy[^\n]*\n$/
        ],
        [
          `http://someone:${password}@[`,
          /(?:^|\n)room-session: HTTPS_PROXY cannot be used\. Expected [^\n]*HTTP proxy[^\n]*\n$/
        ],
        [
          `http://${password}@127.0.0.1:1`,
          /(?:^|\n)room-session: HTTPS_PROXY cannot be used\. Expected [^\n]*password[^\n]*\n$/
        ]
      ] as const
      for (const [address, stderr] of cases) {
        const ran = yield* run([...get, "--log-level", "all"], { ...env, HTTPS_PROXY: address })
        assert.match(ran.stderr, stderr)
        assert.notMatch(ran.stderr, /someone|secret/)
        assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, {
          code: stderr.source.includes("cannot be used") ? 3 : 7,
          stdout: ""
        })
      }
      assert.deepStrictEqual(tunnels, ["acme.invalid:443"])
    }).pipe(Effect.scoped)
)

it.live("each variable that is not set is named once, with a similar one that is set, and the sandbox is offered", () =>
  Effect.gen(function*() {
    const ran = yield* run(get, { SIGNALWIRE_SPACE_URL: "other.signalwire.com", SIGNALWIRE_TOKEN: "PTsecret" })
    assert.match(
      ran.stderr,
      /^room-session: SIGNALWIRE_SPACE is not set\. [^\n]+; SIGNALWIRE_SPACE_URL is set instead\.\nSIGNALWIRE_PROJECT_ID is not set\. [^\n]+\nSIGNALWIRE_API_TOKEN is not set\. [^\n]+; SIGNALWIRE_TOKEN is set instead\.\n[^\n]*room-session sandbox[^\n]*\n$/
    )
    for (const name of ["SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"]) {
      assert.lengthOf(ran.stderr.match(new RegExp(`\\b${name}\\b`, "g")) ?? [], 1, name)
    }
    assert.notMatch(ran.stderr, /other\.signalwire\.com|PTsecret/)
    assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code: 3, stdout: "" })
  }))

/** Every write to this device fails with ENOSPC. */
const full = "/dev/full"

it.live.skipIf(!existsSync(full))(
  "an output that cannot be written is an error, and the exit code is 1",
  () =>
    Effect.gen(function*() {
      const env = environmentOf(yield* SandboxSpace.SandboxSpace)
      const file = yield* Effect.acquireRelease(
        Effect.sync(() => openSync(full, "w")),
        file => Effect.sync(() => closeSync(file))
      )
      for (const args of [["get", session.id], ["--help"], ["--version"]]) {
        const { code, stderr } = yield* run(args, env, undefined, file)
        assert.match(stderr, /^room-session: the output could not be written \(ENOSPC\)\.\n[^\n]+\n$/, args.join(" "))
        assert.strictEqual(code, 1, args.join(" "))
      }
    }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTest))
)

it.live("a pipe that its reader closed is no error, and the exit code is 0", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    for (const args of [["get", session.id], ["get", session.id, "--json"], ["--version"]]) {
      const ran = yield* run(args, env, child => child.stdout?.destroy())
      assert.deepStrictEqual(ran, { code: 0, stdout: "", stderr: "" }, args.join(" "))
    }
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  it.live(`${signal} interrupts a call at once, and the exit code is ${code}`, () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext({ delay: "30 seconds" })
      const received = Effect.repeat(Effect.delay(sandbox.requests, "20 millis"), {
        until: requests => requests.length > 0
      })
      let child: ChildProcess | undefined
      const [ran] = yield* Effect.all([
        run(["get", session.id], environmentOf(sandbox), started => child = started),
        Effect.map(received, () => child?.kill(signal))
      ], { concurrency: "unbounded" })
      assert.deepStrictEqual(ran, { code, stdout: "", stderr: "" })
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
}

it("on a version of Node that is too old, one line says so, and the exit code is 1", () => {
  const preload = join(folder, "oldNode.cjs")
  writeFileSync(
    preload,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } })`
  )
  for (const args of [[], ["--version"], ["get", session.id]]) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [
      "--require",
      preload,
      join(folder, "bin.js"),
      ...args
    ], {
      encoding: "utf8"
    })
    assert.deepStrictEqual(
      { status, stderr, stdout },
      { status: 1, stdout: "", stderr: "room-session: Node 20.18.3 is too old: it needs Node 20.19 or newer.\n" }
    )
  }
  // what old versions of Node cannot parse
  assert.notMatch(
    readFileSync(join(folder, "bin.js"), "utf8"),
    /\bimport [^(]|\bimport[{*]|\bexport\b|\bawait\b|\?\?|\?\./
  )
})

it.live("a reader that closes standard error is no error", () =>
  Effect.gen(function*() {
    const env = environmentOf(yield* SandboxSpace.SandboxSpace)
    const { code } = yield* run(["get", "42"], env, child => child.stderr?.destroy())
    assert.strictEqual(code, 2)
  }).pipe(Effect.provide(SandboxSpace.layerTest)))
