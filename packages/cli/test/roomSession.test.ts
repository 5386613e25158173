import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { readFileSync } from "node:fs"
import { createServer } from "node:net"
import { stripVTControlCharacters } from "node:util"
import { environmentOf, type Result, roomSession } from "./harness.ts"

const unknownId = "00000000-0000-4000-8000-000000000000"
const [session] = SandboxSpace.seeds

const get = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => roomSession(["get", ...args], environmentOf(sandbox)))

const fails = (ran: Result, code: number, stderr: RegExp) => {
  assert.match(ran.stderr, stderr)
  assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code, stdout: "" })
  assert.notMatch(ran.stderr, / at .*:\d+:\d+|sandbox-token/)
}

/** A port of this machine on which nothing listens. */
const closedPort = Effect.async<number>(resume => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** A test with its own sandbox. */
const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

describe.concurrent("room-session get", () => {
  inSpace(
    "get shows the session on standard output",
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* get(session.id)
      assert.include(stdout, `  Session                   ${session.id}\n`)
      assert.include(stdout, "\nSettings\n")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
    })
  )

  inSpace(
    "--json prints the session in the wire format on one line, and nothing else",
    Effect.gen(function*() {
      const expected = `${JSON.stringify(Schema.encodeSync(RoomSession.RoomSessionSummary)(session))}\n`
      for (
        const args of [
          [session.id, "--json"],
          ["--json", session.id],
          ["--json", "--json", session.id],
          ["--json", "--", session.id],
          [session.id, "--json", "--"]
        ]
      ) {
        assert.deepStrictEqual(yield* get(...args), { code: 0, stdout: expected, stderr: "" })
      }
    })
  )

  inSpace(
    "--json is the wire form of the service: date-times in UTC, fps as a number, unknown keys left out",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
      const body = JSON.stringify({ ...wire, fps: "30", created_at: "2026-10-06T15:50:00+02:00", brand_new: true })
      yield* sandbox.respondNext({ body })
      const { stdout } = yield* get(session.id, "--json")
      assert.strictEqual(stdout, `${JSON.stringify({ ...wire, fps: 30, created_at: "2026-10-06T13:50:00Z" })}\n`)
    })
  )

  inSpace(
    "an error detail of the service has its own line, and a 422 is about the id",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const errors = [{ type: "validation_error", message: "must be a valid room session id", attribute: "id" }]
      yield* sandbox.respondNext({ status: 422, body: JSON.stringify({ errors }) })
      fails(
        yield* get(session.id),
        1,
        /^room-session: [^\n]+\nThe service says: must be a valid room session id\nCheck the id\. [^\n]+\n$/
      )
    })
  )

  inSpace(
    "an unknown id is an error with what to check",
    Effect.gen(function*() {
      fails(
        yield* get(unknownId),
        5,
        /^room-session: not found in this project \(status 404, 1 attempt, \d+ ms\)\nCheck the id and [^\n]+\n$/
      )
    })
  )

  inSpace(
    "an id that is no UUID is an error without a request",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const before = yield* sandbox.requests
      for (
        const args of [["42"], [""], ["../x"], [`${session.id}0`], ["--", "--json"], ["--", "--help"], ["--", "-x"]]
      ) {
        fails(
          yield* get(...args),
          2,
          /^room-session: id is not valid: expected a UUID; nothing was sent\nCopy the whole id[^\n]+\n$/
        )
      }
      assert.strictEqual((yield* sandbox.requests).length, before.length)
    })
  )

  inSpace(
    "a wrong token is an error with the names of the variables, and without their values",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const ran = yield* roomSession(["get", session.id], {
        ...environmentOf(sandbox),
        SIGNALWIRE_API_TOKEN: "PTwrong"
      })
      fails(
        ran,
        4,
        /^room-session: not authorized \(status 401\)[^\n]+\nCheck SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN[^\n]+\n$/
      )
      assert.notInclude(ran.stderr, "PTwrong")
    })
  )

  inSpace(
    "two 500s before the session are retried, and not shown",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const before = (yield* sandbox.requests).length
      yield* sandbox.respondNext(500, 500)
      const { code, stderr, stdout } = yield* get(session.id, "--json")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.include(stdout, session.id)
      assert.strictEqual((yield* sandbox.requests).length, before + 3)
    })
  )

  inSpace(
    "a 500 for every attempt is an error with the number of attempts",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext(500, 500, 500)
      fails(
        yield* get(session.id),
        8,
        /^room-session: the service failed \(status 500, 3 attempts, \d+ ms\)\nTry again later\.[^\n]+\n$/
      )
    })
  )

  inSpace(
    "a port on which nothing listens is an error with the address",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const url = `http://127.0.0.1:${yield* closedPort}`
      const ran = yield* roomSession(["get", session.id], { ...environmentOf(sandbox), SIGNALWIRE_REST_BASE_URL: url })
      fails(
        ran,
        7,
        /^room-session: no connection could be made \(ECONNREFUSED, 3 attempts, \d+ ms\)\nNo server responds at [^\n]+\n$/
      )
      assert.include(ran.stderr, url)
    })
  )

  inSpace(
    "control characters of the service are escaped in JSON",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
      const body = JSON.stringify({ ...wire, name: "a\u001bb\u009bc\u007f" })
      yield* sandbox.respondNext({ status: 200, headers: { "content-type": "application/json" }, body })
      const { stdout } = yield* get(session.id, "--json")
      assert.include(stdout, String.raw`"name":"a\u001bb\u009bc\u007f"`)
      assert.strictEqual(JSON.parse(stdout).name, "a\u001bb\u009bc\u007f")
    })
  )
})

describe("room-session", () => {
  describe("usage errors", () => {
    const wrong: ReadonlyArray<readonly [args: ReadonlyArray<string>, stderr: RegExp]> = [
      [["get"], /^room-session: Missing argument <id>\n/],
      [["get", "--jsno", session.id], /^room-session: The flag '--jsno' is not recognized. Did you mean '--json'\?\n/],
      [["get", "--wat", session.id], /^room-session: Unknown option --wat\nSee /],
      [["get", session.id, "--jsno"], /^room-session: Unknown option --jsno\nDid you mean --json\?\n/],
      [["get", "--JSON", session.id], /^room-session: Unknown option --JSON\n/],
      [["members", "--", session.id, "--json"], /^room-session: Unexpected argument --/],
      [["members", "--", session.id, "--log-level", "debug"], /^room-session: Unexpected argument --/],
      [["members", "--", session.id, "--help"], /^room-session: Unexpected argument --/],
      [["got", session.id], /^room-session: there is no command got\.\nDid you mean get\?\n/],
      ...["get x --log-level bogus", "get --log-level=bogus x", "--log-level bogus get x", "get x --log-level"].map(
        args =>
          [
            args.split(" "),
            /^room-session: --log-level expects one of all, trace, debug, info, warning, error, fatal, none\n/
          ] as const
      )
    ]
    for (const [args, stderr] of wrong) {
      it.live(`room-session ${args.join(" ")} exits with 2 and a message`, () =>
        Effect.gen(function*() {
          const ran = yield* roomSession(args)
          assert.match(ran.stderr, stderr)
          const meant = args.find(arg => arg === "get" || arg === "members")
          assert.include(
            ran.stderr,
            meant === undefined ? "\nSee room-session --help\n" : `\nSee room-session ${meant} --help\n`
          )
          assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code: 2, stdout: "" })
        }))
    }
  })

  it.live("--help has the commands, the variables and the exit codes, also when no variable is set", () =>
    Effect.gen(function*() {
      for (const args of [["--help"], ["help"], ["-h"], []]) {
        const { code, stderr, stdout } = yield* roomSession(args)
        assert.match(stdout, /\n  get  [\s\S]+SIGNALWIRE_SPACE[\s\S]+SIGNALWIRE_API_TOKEN[\s\S]+130/)
        assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      }
    }))

  it.live("--help of a subcommand has the whole command in its usage", () =>
    Effect.gen(function*() {
      for (
        const args of [
          ["get", "--help"],
          ["get", "-h"],
          ["get", session.id, "--help"],
          ["get", "--json", "--help", session.id],
          ["get", "--json", session.id, "-h"],
          ["get", "--log-level", "debug", "--help"],
          ["--help", "get"],
          ["help", "get"]
        ]
      ) {
        const { stdout } = yield* roomSession(args)
        assert.match(stripVTControlCharacters(stdout), /\nUsage\n  room-session get \[options\] <id>\.\.\.\n/)
      }
    }))

  it.live("--version is the version in package.json", () =>
    Effect.gen(function*() {
      const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
      for (
        const args of [
          ["--version"],
          ["get", "--version"],
          ["get", session.id, "--version"],
          ["get", "--json", "--version", session.id],
          ["get", "--json", session.id, "--version"],
          ["--log-level", "debug", "--version"]
        ]
      ) {
        assert.deepStrictEqual(
          yield* roomSession(args),
          { code: 0, stdout: `${version}\n`, stderr: "" },
          args.join(" ")
        )
      }
    }))

  it.live("each variable that is not set is named", () =>
    Effect.gen(function*() {
      fails(
        yield* roomSession(["get", session.id]),
        3,
        /^room-session: SIGNALWIRE_SPACE is not set\. [^\n]+\nSIGNALWIRE_PROJECT_ID is not set\. [^\n]+\nSIGNALWIRE_API_TOKEN is not set\. [^\n]+\n[^\n]+room-session sandbox[^\n]+\n$/
      )
      fails(
        yield* roomSession(["get", session.id], {
          SIGNALWIRE_SPACE: "acme",
          SIGNALWIRE_PROJECT_ID: "p",
          SIGNALWIRE_API_TOKEN: ""
        }),
        3,
        /^room-session: SIGNALWIRE_API_TOKEN is not set\. [^\n]+\n[^\n]+room-session sandbox[^\n]+\n$/
      )
    }))

  it.live("each variable that is invalid is named, without its value", () =>
    Effect.gen(function*() {
      const ran = yield* roomSession(["get", session.id], {
        SIGNALWIRE_SPACE: "evil.com",
        SIGNALWIRE_PROJECT_ID: "a:b",
        SIGNALWIRE_API_TOKEN: "PT\nsecret"
      })
      fails(
        ran,
        3,
        /^room-session: SIGNALWIRE_SPACE cannot be used\. [^\n]+\nSIGNALWIRE_PROJECT_ID cannot be used\. [^\n]+\nSIGNALWIRE_API_TOKEN cannot be used\. [^\n]+\n$/
      )
      assert.notMatch(ran.stderr, /evil|a:b|secret/)
    }))

  it.live("a file of SIGNALWIRE_REST_CA_FILE that does not exist is an error that says so", () =>
    Effect.gen(function*() {
      fails(
        yield* roomSession(["get", session.id], {
          SIGNALWIRE_SPACE: "acme",
          SIGNALWIRE_PROJECT_ID: "p",
          SIGNALWIRE_API_TOKEN: "t",
          SIGNALWIRE_REST_CA_FILE: "no/such/file.pem"
        }),
        3,
        /^room-session: SIGNALWIRE_REST_CA_FILE cannot be used\. [^\n]+there is no such file \(ENOENT\)\.\n$/
      )
    }))

  it.live("a defect is reported without its stack, which --log-level debug adds on standard error", () =>
    Effect.gen(function*() {
      const defective = () => Layer.die(new Error("boom"))
      const ran = yield* roomSession(["get", session.id], {}, defective)
      fails(ran, 1, /^room-session: internal error of the command\.\nRun it with --log-level debug [^\n]+\n$/)

      const id = session.id
      for (
        const args of [
          ["--log-level", "debug", "get", id, "--json"],
          ["--log-level=debug", "get", "--json", id],
          ["get", "--log-level", "debug", "--json", id],
          ["get", "--json", "--log-level", "debug", id],
          ["get", "--json", "--log-level=debug", id],
          ["get", "--json", id, "--log-level", "debug"],
          ["get", id, "--log-level", "debug", "--json"],
          ["get", id, "--json", "--log-level=debug"],
          ["get", "--log-level", "none", "--log-level", "debug", id],
          ["--json", "--log-level", "debug", "get", "--", id]
        ]
      ) {
        const debugged = yield* roomSession(args, {}, defective)
        assert.match(debugged.stderr, /boom/, args.join(" "))
        assert.deepStrictEqual({ code: debugged.code, stdout: debugged.stdout }, { code: 1, stdout: "" })
      }
    }))
})
