/** What the command line is taken for before the parser reads it. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { exitCodes } from "../src/exitCodes.ts"
import { environmentOf, roomSession } from "./harness.ts"

const [{ id }] = SandboxSpace.seeds

const run = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => roomSession(args, environmentOf(sandbox)))

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

/** Runs without a space, and returns the lines of its usage error. */
const linesOf = (...args: ReadonlyArray<string>) =>
  Effect.map(roomSession(args), ({ code, stderr, stdout }) => {
    assert.deepStrictEqual({ code, stdout }, { code: exitCodes.usage, stdout: "" }, args.join(" "))
    return stderr.trimEnd().split("\n")
  })

describe("a flag with a value", () => {
  inSpace(
    "--json=true is --json, and --json=false is none, also for errors",
    Effect.gen(function*() {
      const [json, text] = [yield* run("get", id, "--json"), yield* run("get", id)]
      for (const args of [["--json=true"], ["--json=1"], ["--json", "yes"], ["--json=false", "--json"]]) {
        assert.deepStrictEqual(yield* run("get", id, ...args), json, args.join(" "))
        const { code, stderr } = yield* run("list", "--status", "x", ...args)
        assert.deepStrictEqual([code, JSON.parse(stderr).tag], [exitCodes.usage, "UsageError"], args.join(" "))
      }
      for (const args of [["--json=false"], ["--json", "no"], ["--json", "--json=0"]]) {
        assert.deepStrictEqual(yield* run("get", id, ...args), text, args.join(" "))
        assert.match((yield* run("list", "--status", "x", ...args)).stderr, /^room-session: --status expects/)
      }
    })
  )

  it.live("the error of another value is a JSON document, and so is that of an option which takes --json for its value", () =>
    Effect.gen(function*() {
      for (const args of [["list", "--json=maybe"], ["list", "--status", "--json"]]) {
        assert.strictEqual(JSON.parse((yield* linesOf(...args)).join("\n")).tag, "UsageError")
      }
    }))
})

describe("an id without a command", () => {
  inSpace(
    "means get, also after --",
    Effect.gen(function*() {
      const expected = yield* run("get", id, "--json")
      assert.strictEqual(expected.code, 0)
      assert.deepStrictEqual(yield* run("--json", "--", id), expected)
      assert.deepStrictEqual(yield* run(id, "--json", "--"), expected)
    })
  )

  it.live("is found in a URL, which is a usage error with the id", () =>
    Effect.gen(function*() {
      const project = "11111111-2222-4333-8444-555555555555"
      const url = `https://acme.signalwire.com/${project}/api/video/room_sessions/${id}/members`
      for (const args of [[url], ["get", url], ["members", url], ["get", id, url], ["--", url]]) {
        const [first, second] = yield* linesOf(...args)
        assert.strictEqual(first, `room-session: ${url} is not an id.`)
        assert.strictEqual(second, `The id in it is ${id}.`)
      }
      assert.strictEqual((yield* linesOf("get", `${id},`))[1], `The id in it is ${id}.`)
    }))
})

describe("a command that does not exist", () => {
  it.live("is printed, without its control characters, with the command that has nearly this name", () =>
    Effect.gen(function*() {
      for (const args of [["lst"], ["lst", "--status", "completed"], ["lst", "--help"], ["help", "lst"]]) {
        assert.deepStrictEqual((yield* linesOf(...args)).slice(0, 2), [
          "room-session: there is no command lst.",
          "Did you mean list?"
        ])
      }
      const [first, second] = yield* linesOf("\u001b[2Jcreate\u202e")
      assert.strictEqual(first, "room-session: there is no command  [2Jcreate , and it is not an id.")
      assert.match(second ?? "", /^The commands are get, list, /)
    }))

  it.live("help expects one command, and no id", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* linesOf("help", "get", "extra"))[0], "room-session: help expects one command.")
      assert.match((yield* linesOf("help", id))[0] ?? "", /is not an id\.|there is no command/)
      assert.include((yield* roomSession([id, "--help"])).stdout, "room-session get [options]")
    }))
})

it.live("--since and --until accept days of the calendar only", () =>
  Effect.gen(function*() {
    for (
      const day of ["2026-02-30", "2026-02-29", "2026-04-31T00:00Z", "2026-13-01", "2026-01-00", "2026-01-01T24:30"]
    ) {
      assert.match((yield* linesOf("export", "--out", "none", "--since", day))[0] ?? "", /--since expects a date/, day)
      assert.match((yield* linesOf("list", "--until", day))[0] ?? "", /--until expects a date/, day)
    }
    const { code } = yield* roomSession(["export", "--out", "none", "--since", "2028-02-29", "--until", "2028-03-01"])
    assert.strictEqual(code, exitCodes.configuration)
  }))

it.live("an argument that nothing takes is printed as it was given", () =>
  Effect.gen(function*() {
    assert.strictEqual((yield* linesOf("list", "--", "--json"))[0], "room-session: Unexpected argument --json")
    assert.strictEqual((yield* linesOf("list", "--", "extra"))[0], "room-session: Unexpected argument extra")
  }))
