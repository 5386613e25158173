/** What all commands have in common: exit codes, errors as JSON, forms of output, options, help. */
import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import columns from "string-width"
import * as commandLine from "../src/commandLine.ts"
import { commandNames, roomSession as makeCommand } from "../src/commands.ts"
import { exitCodes, meanings } from "../src/exitCodes.ts"
import * as help from "../src/help.ts"
import * as spaceTarget from "../src/spaceTarget.ts"
import * as view from "../src/view.ts"
import { wrapText } from "../src/wrap.ts"
import { environmentOf, roomSession, viewOptions } from "./harness.ts"
import * as proxiedSpace from "./proxiedSpace.ts"

const [first, second] = SandboxSpace.seeds
const unknownId = "00000000-0000-4000-8000-000000000000"

const run = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => roomSession(args, environmentOf(sandbox)))

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

describe("exit codes", () => {
  it("the README has each exit code with its meaning, and no other", () => {
    const table = [...readme.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning])
    assert.deepStrictEqual(
      table,
      Object.values(exitCodes).map((code, i) => [code, Object.values(meanings)[i]])
    )
  })

  inSpace(
    "each kind of error has its exit code",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const get = ["get", first.id, "--retries", "0"]
      const cases = [
        [400, exitCodes.other],
        [401, exitCodes.unauthorized],
        [403, exitCodes.unauthorized],
        [404, exitCodes.notFound],
        [409, exitCodes.other],
        [429, exitCodes.rateLimited],
        [500, exitCodes.service],
        [503, exitCodes.service],
        [507, exitCodes.service],
        [302, exitCodes.unusableResponse]
      ] as const
      for (const [status, code] of cases) {
        yield* sandbox.respondNext(status)
        assert.strictEqual((yield* run(...get)).code, code, String(status))
      }
      yield* sandbox.respondNext({ body: "no JSON" })
      assert.strictEqual((yield* run(...get)).code, exitCodes.unusableResponse)
      yield* sandbox.respondNext({ delay: "5 seconds" })
      assert.strictEqual((yield* run(...get, "--timeout", "100ms")).code, exitCodes.network)
      assert.strictEqual((yield* run("get")).code, exitCodes.usage)
      assert.strictEqual((yield* roomSession(get)).code, exitCodes.configuration)
      assert.strictEqual((yield* run(...get)).code, exitCodes.success)
    })
  )
})

describe("--json", () => {
  inSpace(
    "an error is one JSON document on standard error, with all keys",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const errors = [{ code: "not_a_uuid", message: "is not a UUID", attribute: "id" }]
      yield* sandbox.respondNext({ status: 422, headers: { "x-request-id": "r-1" }, body: JSON.stringify({ errors }) })
      const rejected = yield* run("members", first.id, "--json")
      const { message, advice, ...document } = JSON.parse(rejected.stderr)
      assert.deepStrictEqual(document, {
        tag: "SignalWireUnprocessableContent",
        status: 422,
        details: [{ code: "not_a_uuid", message: "is not a UUID", attribute: "id" }],
        requestId: "r-1",
        retryable: false
      })
      assert.match(message, /status 422/)
      assert.lengthOf(advice, 2)

      const cases = [
        [["get", "--json"], {}, { tag: "UsageError", status: null, retryable: false }],
        [["get", "--json", "--wat", first.id], {}, { tag: "UsageError", status: null, retryable: false }],
        [["get", "42", "--json"], {}, { tag: "SignalWireInvalidRequest", status: null, retryable: false }],
        [["list", "--json"], { SIGNALWIRE_API_TOKEN: "" }, { tag: "ConfigError", status: null, retryable: false }],
        [["list", "--json", "--retries", "0"], { SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1" }, {
          tag: "SignalWireTransportError",
          status: null,
          retryable: true
        }]
      ] as const
      for (const [args, env, expected] of cases) {
        const { code, stderr, stdout } = yield* roomSession(args, { ...environmentOf(sandbox), ...env })
        const { retryable, status, tag, ...others } = JSON.parse(stderr)
        assert.deepStrictEqual({ tag, status, retryable }, expected)
        assert.hasAllKeys(others, ["message", "details", "requestId", "advice"])
        assert.strictEqual(stdout, "")
        assert.notStrictEqual(code, 0)
      }
    })
  )

  inSpace(
    "several ids are a line each in their order, and each error is a document with its id",
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run("get", first.id, unknownId, second.id, "--json")
      assert.deepStrictEqual(stdout.trimEnd().split("\n").map(line => JSON.parse(line).id), [first.id, second.id])
      const { id, status } = JSON.parse(stderr)
      assert.deepStrictEqual({ id, status }, { id: unknownId, status: 404 })
      assert.strictEqual(code, exitCodes.notFound)
    })
  )
})

describe("several ids", () => {
  inSpace(
    "several ids are shown one after the other; the exit code is that of all errors, or 1 where they differ",
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(first.id, "42", second.id, unknownId)
      assert.isBelow(stdout.indexOf(first.id), stdout.indexOf(second.id))
      assert.match(stderr, new RegExp(`^room-session: 42: id is not valid[^]+\nroom-session: ${unknownId}: not found`))
      assert.strictEqual(code, exitCodes.other)
    })
  )

  inSpace(
    "wrong credentials are one error, however many ids there are",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const env = { ...environmentOf(sandbox), SIGNALWIRE_API_TOKEN: "wrong" }
      const { code, stderr } = yield* roomSession(["get", first.id, second.id], env)
      assert.lengthOf(stderr.match(/not authorized/g) ?? [], 1)
      assert.strictEqual(code, exitCodes.unauthorized)
    })
  )
})

describe("--csv and --columns", () => {
  const idOf = (i: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-00000000000${i}`
  const dangerous = ["=1+1", "+1", "-1", "@sum", "\t=1", "a,b", "say \"hi\"", "two\nlines"]

  it.live("CSV has a header, quotes what needs quotes, and no cell that a spreadsheet takes for a formula", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run("list", "--csv", "--columns", "name,locked,cost_in_dollars")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.strictEqual(
        stdout,
        [
          "name,locked,cost_in_dollars",
          "'=1+1,false,0",
          "'+1,false,0",
          "'-1,false,0",
          "'@sum,false,0",
          "\"'\t=1\",false,0",
          "\"a,b\",false,0",
          "\"say \"\"hi\"\"\",false,0",
          "\"two\nlines\",false,0",
          ""
        ].join("\n")
      )
    }).pipe(Effect.provide(SandboxSpace.layerTestWith({
      sessions: dangerous.map((name, i) =>
        RoomSessionFixture.completed({ id: RoomSession.RoomSessionId.make(idOf(i)), name, locked: false })
      )
    }))))

  inSpace(
    "--columns selects fields in its order, as text, JSON and CSV",
    Effect.gen(function*() {
      const fields = ["--columns", "status,id"]
      assert.strictEqual(
        (yield* run("get", first.id, ...fields, "--json")).stdout,
        `${JSON.stringify({ status: "completed", id: first.id })}\n`
      )
      assert.strictEqual((yield* run("get", first.id, ...fields, "--csv")).stdout, `status,id\ncompleted,${first.id}\n`)
      assert.match((yield* run("list", ...fields)).stdout, /^Status {7}Session\n/)
      assert.match((yield* run("list", "--columns", "name,room_id")).stdout, /^Name {9}room_id\n/)
      const text = (yield* run("get", first.id, ...fields)).stdout
      assert.include(text, "Status")
      assert.notInclude(text, "Started")
    })
  )

  inSpace(
    "an empty list as CSV is the header",
    Effect.gen(function*() {
      const { stdout } = yield* run("list", "--room-name", "none", "--csv", "--columns", "id")
      assert.strictEqual(stdout, "id\n")
    })
  )

  inSpace(
    "a column that does not exist, and forms that exclude each other, are usage errors",
    Effect.gen(function*() {
      for (
        const [args, text] of [
          [["list", "--columns", "id,nope"], "there is no column nope."],
          [["get", first.id, "--columns", "cost_in_dollars"], "there is no column cost_in_dollars."],
          [["list", "--columns", ""], "--columns expects names of fields"],
          [["list", "--csv", "--raw"], "--csv and --raw exclude each other."],
          [["list", "--raw", "--columns", "id"], "--raw and --columns exclude each other."],
          [["get", first.id, "--csv", "--members"], "--members excludes --csv."]
        ] as const
      ) {
        const { code, stderr } = yield* run(...args)
        assert.include(stderr, text)
        assert.strictEqual(code, exitCodes.usage)
      }
    })
  )
})

describe("--raw", () => {
  inSpace(
    "--raw prints the body of the service unchanged, also when it does not match the contract",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const body = "{ \"id\" : 42,\t\"brand_new\": \"\u00e9\" }  \n\n"
      yield* sandbox.respondNext(500, { body })
      assert.deepStrictEqual(yield* run("get", first.id, "--raw"), { code: 0, stdout: body, stderr: "" })
    })
  )

  it.live("--raw goes through the proxy of the environment, and trusts the authority of SIGNALWIRE_REST_CA_FILE", () =>
    Effect.gen(function*() {
      const { env, proxy, tunnels } = yield* proxiedSpace.make(first)
      const ran = yield* roomSession(["get", first.id, "--raw"], { ...env, HTTPS_PROXY: proxy })
      assert.deepStrictEqual(ran, { code: 0, stdout: JSON.stringify(first), stderr: "" })
      assert.deepStrictEqual(tunnels, ["acme.invalid:443"])
      const unreadable = { ...env, SIGNALWIRE_REST_CA_FILE: tmpdir() }
      const { code, stderr } = yield* roomSession(["get", first.id, "--raw"], unreadable)
      assert.match(
        stderr,
        /^room-session: SIGNALWIRE_REST_CA_FILE cannot be used\. [^\n]+ it is not a regular file\.\n$/
      )
      assert.strictEqual(code, 3)
    }).pipe(Effect.scoped))

  inSpace(
    "--raw of a list prints each page on lines of its own, and --raw of several ids each session",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const page = (yield* run("list", "--raw")).stdout
      assert.deepStrictEqual(
        JSON.parse(page).data.map(({ id }: { readonly id: string }) => id),
        sandbox.listed.map(({ id }) => id)
      )
      const bodies = ["{ \"links\": { \"next\": \"?page_number=1&page_token=a\" }, \"data\": [] }", "{ \"data\": [] }"]
      yield* sandbox.respondNext(...bodies.map(body => ({ body })))
      assert.strictEqual((yield* run("list", "--raw")).stdout, bodies.join("\n"))
      const both = yield* run("get", first.id, second.id, "--raw")
      assert.deepStrictEqual(both.stdout.split("\n").map(line => JSON.parse(line).id), [first.id, second.id])
    })
  )

  inSpace(
    "--raw of a response that is no JSON prints it, and exits with 9",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext({ body: "<html>" })
      const { code, stdout } = yield* run("get", first.id, "--raw")
      assert.deepStrictEqual({ code, stdout }, { code: exitCodes.unusableResponse, stdout: "<html>" })
    })
  )
})

describe("options of each command", () => {
  inSpace(
    "--space takes precedence over the variables",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const env = { ...environmentOf(sandbox), SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1" }
      const { code } = yield* roomSession(["get", first.id, "--space", new URL(sandbox.url).host], env)
      assert.strictEqual(code, 0)
      const invalid = yield* run("get", first.id, "--space", "evil.com")
      assert.match(invalid.stderr, /^room-session: --space expects a space/)
      assert.strictEqual(invalid.code, exitCodes.usage)
    })
  )

  it.live("a line of the file of --env that is no variable is an error with its number, and not with its text", () =>
    Effect.gen(function*() {
      const folder = mkdtempSync(join(tmpdir(), "env-file-"))
      const file = join(folder, "lines.env")
      const firstLineOf = (contents: string) => {
        writeFileSync(file, contents)
        return Effect.map(roomSession(["list", "--env", file]), ({ stderr }) => stderr.split("\n")[0])
      }
      // the last line is no variable
      for (const text of ["A=1\n\nPTsecret", "# a = \"b\n\n foo bar=1", "A=\"x\" # y\nB='\n'\r\nC"]) {
        const line = text.split("\n").length
        assert.strictEqual(
          yield* firstLineOf(text),
          `room-session: line ${line} of the file of --env is not a variable.`
        )
      }
      const valid = [
        "A=1\n# no variable\n\n export B = 'x y' # z\n",
        "A=\"x\ny\n\nz\"\nB=`\n`\n",
        "A=it's\nB=",
        "A='x\nB=y",
        "A=b=\"c\n\nB=\"\""
      ]
      for (const text of valid) {
        assert.match((yield* firstLineOf(text)) ?? "", /^room-session: SIGNALWIRE_SPACE is not set/, text)
      }
      rmSync(folder, { recursive: true })
    }))

  inSpace(
    "the variables of --env take precedence over those of the environment, in each encoding, and --env-file is its other name",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const folder = mkdtempSync(join(tmpdir(), "env-file-"))
      const file = join(folder, "sandbox.env")
      const lines = [
        "# a comment",
        `SIGNALWIRE_SPACE=${new URL(sandbox.url).host}`,
        `SIGNALWIRE_PROJECT_ID="${sandbox.projectId}"`,
        `export SIGNALWIRE_API_TOKEN=${Redacted.value(sandbox.apiToken)}`
      ]
      const text = lines.join("\n")
      const env = {
        SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1",
        SIGNALWIRE_PROJECT_ID: "other",
        SIGNALWIRE_API_TOKEN: "other"
      }
      const withMark = Buffer.from(`\ufeff${text}`, "utf16le")
      // without the comment, the first line has a variable
      const texts = [text, `\ufeff${lines.slice(1).join("\r\n")}`, withMark, Buffer.from(withMark).swap16()]
      for (const contents of texts) {
        writeFileSync(file, contents)
        assert.strictEqual((yield* roomSession(["get", first.id, "--env", file], env)).code, 0)
        assert.strictEqual((yield* roomSession(["get", first.id, `--env-file=${file}`], env)).code, 0)
      }
      for (const path of [`${file}.none`, folder]) {
        const missing = yield* roomSession(["get", first.id, "--env", path], env)
        assert.match(missing.stderr, /^room-session: the file of --env cannot be read \((?:ENOENT|EISDIR)\)\.\n/)
        assert.strictEqual(missing.code, exitCodes.configuration)
      }
      for (const contents of [Buffer.from(text, "utf16le"), Buffer.from("NAME=caf\u00e9", "latin1")]) {
        writeFileSync(file, contents)
        const other = yield* roomSession(["get", first.id, "--env", file], env)
        assert.match(other.stderr, /^room-session: the file of --env is not a text in UTF-8\.\nSave it as UTF-8/)
        assert.strictEqual(other.code, exitCodes.configuration)
      }
      rmSync(folder, { recursive: true })
    })
  )

  inSpace(
    "--retries is the number of retries",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      for (const retries of [0, 1]) {
        const before = (yield* sandbox.requests).length
        yield* sandbox.respondNext(...Array.from({ length: retries + 1 }, () => 503))
        const { code } = yield* run("get", first.id, "--retries", String(retries))
        assert.strictEqual(code, exitCodes.service)
        assert.lengthOf((yield* sandbox.requests).slice(before), retries + 1)
      }
    })
  )

  inSpace(
    "options with invalid values are usage errors that say what is accepted",
    Effect.gen(function*() {
      for (
        const [args, expected] of [
          [["--timeout", "soon"], "--timeout expects a time such as 10s"],
          [["--timeout", "0"], "--timeout expects a time such as 10s, from 1ms to 24d"],
          [["--timeout", "25d"], "--timeout expects a time such as 10s, from 1ms to 24d"],
          [["--retries", "-1"], "--retries expects a whole number from 0 to 100"],
          [["--retries", "101"], "--retries expects a whole number from 0 to 100"]
        ] as const
      ) {
        const { code, stderr } = yield* run("get", first.id, ...args)
        assert.include(stderr, expected)
        assert.strictEqual(code, exitCodes.usage)
      }
    })
  )
})

describe("the command line", () => {
  inSpace(
    "an id without a command means get",
    Effect.gen(function*() {
      const expected = yield* run("get", first.id, "--json")
      assert.deepStrictEqual(yield* run(first.id, "--json"), expected)
      assert.deepStrictEqual(yield* run("--json", first.id.toUpperCase()), expected)
    })
  )

  it.live("--wizard is an unknown option, since nothing waits for input", () =>
    Effect.gen(function*() {
      for (const args of [["--wizard"], ["get", "--wizard"]]) {
        const { code, stderr } = yield* roomSession(args)
        assert.match(stderr, /^room-session: Unknown option --wizard\n/)
        assert.strictEqual(code, exitCodes.usage)
      }
    }))

  it.live("each option with a value can precede the command", () =>
    Effect.gen(function*() {
      for (const name of commandNames.filter(name => name !== "help")) {
        const { stdout } = yield* roomSession([name, "--help"])
        const options = [...stdout.matchAll(/^ {2}(--[a-z-]+) [A-Z]+\b/gm)].map(([, option = ""]) => option)
        for (const option of options.filter(option => option !== "--log-level")) {
          assert.isTrue(commandLine.optionsWithValue.has(option), option)
        }
      }
    }))

  it.live("the script for bash completes commands and options", () =>
    Effect.gen(function*() {
      const { stdout } = yield* roomSession(["--completions", "bash"])
      assert.notInclude(stdout, "wizard")
      if (!existsSync("/bin/bash")) return
      const complete = (line: string) =>
        execFileSync("/bin/bash", [
          "-c",
          `${stdout}
COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_room-session_bash_completions room-session; echo "\${COMPREPLY[@]}"`
        ], { encoding: "utf8" }).trim()
      assert.strictEqual(complete("room-session ge"), "get")
      assert.strictEqual(complete("room-session get --tim"), "--timeout")
      assert.strictEqual(complete("room-session list --stat"), "--status")
      assert.strictEqual(complete("room-session sandbox --scen"), "--scenario")
    }))

  it.live("there are scripts for zsh and fish, and none for other shells", () =>
    Effect.gen(function*() {
      assert.match((yield* roomSession(["--completions", "zsh"])).stdout, /^#compdef room-session\n/)
      assert.match((yield* roomSession(["--completions", "fish"])).stdout, /^complete -c room-session /)
      assert.strictEqual((yield* roomSession(["--completions", "tcsh"])).code, exitCodes.usage)
    }))

  it.live("each command has help with examples", () =>
    Effect.gen(function*() {
      for (const name of commandNames.filter(name => name !== "help")) {
        const { code, stdout } = yield* roomSession(["help", name])
        assert.match(
          stdout,
          new RegExp(`^[A-Z][^]+\\nUsage\\n  room-session ${name}\\b[^]+\\nExamples\\n  room-session `)
        )
        assert.strictEqual(code, 0)
      }
    }))

  it.live("the help says what --json prints, the default of --interval, and what --resume leaves as it is", () =>
    Effect.gen(function*() {
      const wire = "--json Print JSON in the wire format of the service, one value on each line."
      for (
        const [name, expected] of [
          ...["get", "list", "members", "events", "recordings"].map(name => [name, wire] as const),
          ["doctor", "--json Print JSON, one check on each line: check, status, message and advice."],
          ["watch", "--json Print JSON, one change on each line: change (started, changed or ended) and session."],
          ["watch", "--interval TIME The time between two requests, such as 10s; default 5s."],
          ["export", "A session that was written in progress stays so: with --status completed, none is written"]
        ] as const
      ) {
        const { stdout } = yield* roomSession(["help", name])
        assert.include(stdout.replaceAll(/\s+/g, " "), expected)
        if (name === "watch" || name === "doctor") assert.notInclude(stdout, "wire format")
      }
    }))
})

describe("widths", () => {
  const widest = (text: string): number => Math.max(...text.split("\n").map(line => columns(line)))

  it("the help fits a terminal of 40 columns without broken words, but for examples", () => {
    const { descriptor } = makeCommand(spaceTarget.make)
    const render = (width: number, name?: string) =>
      help.render({ name: "room-session", descriptor, commands: commandNames }, name, { width, color: false })
    // an example continues on the next line with a backslash
    const words = (text: string) => text.replaceAll(" \\\n", " ").split(/\s+/).join(" ")
    for (const name of [undefined, ...commandNames.filter(name => name !== "help")]) {
      const [wide, narrow] = [render(1000, name), render(40, name)]
      assert.strictEqual(words(narrow), words(wide))
      const longWord = Math.max(40, ...narrow.split(/\s+/).map(word => word.length + 6))
      assert.isAtMost(widest(narrow), longWord)
    }
  })

  it("the view of a session fits 40 columns, and has each id whole", () => {
    const text = view.render(first, { ...viewOptions, width: 40 })
    assert.include(text, `\n    ${first.id}\n`)
    const own = text.split("\n").filter(line => !line.includes("https://"))
    assert.isAtMost(widest(own.join("\n")), 40)
  })

  it("a text is wrapped at words", () => {
    assert.strictEqual(wrapText("one two three\n  four five", 9), "one two\n  three\n  four\n    five")
    assert.strictEqual(wrapText("unbreakable", 4), "unbreakable")
  })
})
