import { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { environmentOf, start } from "./harness.ts"

const [first, second] = SandboxSpace.seeds

const wire = (session: RoomSession.RoomSessionSummary) =>
  `${JSON.stringify(Schema.encodeSync(RoomSession.RoomSessionSummary)(session))}\n`

it.live("start without variables shows the first session of an embedded sandbox, and its address", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* start([])
    assert.include(stdout, first.id)
    assert.match(stdout, /\n\nFrom the embedded sandbox at http:\/\/127\.0\.0\.1:\d+: status 200 in \d+ ms\n$/)
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  }))

it.live("start names a variable with a similar name on standard error, without its value", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* start(["--json"], {
      SIGNALWIRE_TOKEN: "PTsecret",
      SIGNALWIRE_BASE_URL: "http://x"
    })
    assert.strictEqual(stdout, wire(first))
    assert.include(stderr, "SIGNALWIRE_TOKEN is set instead")
    assert.include(stderr, "SIGNALWIRE_BASE_URL is set instead")
    assert.notInclude(stderr, "PTsecret")
    assert.strictEqual(code, 0)
  }))

it.live("start --json writes the session to standard output, and nothing else", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* start(["--json"])
    assert.strictEqual(stdout, wire(first))
    assert.match(stderr, /^From the embedded sandbox at [^\n]+\n$/)
    assert.strictEqual(code, 0)
  }))

it.live("start with an id shows that session", () =>
  Effect.gen(function*() {
    assert.strictEqual((yield* start([second.id, "--json"])).stdout, wire(second))
  }))

it.live("start with an id that the sandbox does not have is an error with the ids that it has", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* start(["00000000-0000-4000-8000-000000000000"])
    const [what, ...next] = stderr.trimEnd().split("\n")
    assert.match(what ?? "", /^start: not found in this project/)
    assert.deepStrictEqual(next, [
      "The embedded sandbox has these sessions:",
      ...SandboxSpace.seeds.map(({ id }) => `  ${id}`)
    ])
    assert.deepStrictEqual({ code, stdout }, { code: 5, stdout: "" })
  }))

it.live("start with all variables shows a session of the space that they name", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const { code, stdout } = yield* start([second.id], environmentOf(sandbox))
    assert.include(stdout, second.id)
    assert.include(stdout, `\n\nFrom ${sandbox.url}: status 200 in `)
    assert.strictEqual(code, 0)
    assert.strictEqual((yield* sandbox.requests).length, 1)
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("start with all variables and no id is an error that asks for one, without a request", () =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    const { code, stderr, stdout } = yield* start([], environmentOf(sandbox))
    assert.match(stderr, /^start: a real space requires the id of a room session\.\nPass the id as the argument/)
    assert.deepStrictEqual({ code, stdout }, { code: 2, stdout: "" })
    assert.strictEqual((yield* sandbox.requests).length, 0)
  }).pipe(Effect.provide(SandboxSpace.layerTest)))

it.live("start with some of the variables is an error that names the missing ones", () =>
  Effect.gen(function*() {
    const cases = [
      [
        { SIGNALWIRE_SPACE: "acme" },
        /^start: SIGNALWIRE_PROJECT_ID is not set\. [^\n]+\nSIGNALWIRE_API_TOKEN is not set\. [^\n]+\nSIGNALWIRE_SPACE is set: /
      ],
      [
        { SIGNALWIRE_API_TOKEN: "t", SIGNALWIRE_PROJECT_ID: "p" },
        /^start: SIGNALWIRE_SPACE is not set\. [^\n]+\nSIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN are set: /
      ],
      [
        { SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1", SIGNALWIRE_PROJECT_ID: "p" },
        /^start: SIGNALWIRE_API_TOKEN is not set\. [^\n]+\nSIGNALWIRE_REST_BASE_URL and SIGNALWIRE_PROJECT_ID are set: /
      ]
    ] as const
    for (const [env, text] of cases) {
      const { code, stderr, stdout } = yield* start([first.id], env)
      assert.match(stderr, text)
      assert.deepStrictEqual({ code, stdout }, { code: 3, stdout: "" })
    }
  }))

it.live("start reaches the sandbox without the proxy of the environment", () =>
  Effect.gen(function*() {
    const proxies = { HTTPS_PROXY: "nonsense://", HTTP_PROXY: "http://127.0.0.1:1" }
    const { code, stderr } = yield* start([], proxies)
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  }))
