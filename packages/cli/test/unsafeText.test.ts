/** Texts of the service that control a terminal or the text direction, in each form of output. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as format from "../src/format.ts"
import { environmentOf, roomSession } from "./harness.ts"

const [first, second] = SandboxSpace.seeds

const evil =
  "a\u001b[2Jb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u009b31me\u0000f\u007fg\rh\ni\u2028j\u202ek\u2066l\u200fm\u{e0041}n"

/** Also ZWJ, which joins emoji. */
const unsafe = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/u

const session = { ...first.toJSON(), name: evil, display_name: evil, quality: evil, layout: evil }
const page = (...data: ReadonlyArray<object>) => ({ links: {}, data })
const member = {
  id: "11111111-1111-4111-8111-111111111111",
  room_session_id: first.id,
  name: evil,
  join_time: "2026-01-31T22:50:12Z",
  leave_time: null,
  duration: 1,
  cost_in_dollars: 0
}

const run = (args: ReadonlyArray<string>, isTerminal: boolean, ...bodies: ReadonlyArray<object>) =>
  Effect.gen(function*() {
    const sandbox = yield* SandboxSpace.SandboxSpace
    yield* sandbox.respondNext(...bodies.map(body => ({ body: JSON.stringify(body) })))
    const streams = { isOutputTerminal: isTerminal, isErrorTerminal: isTerminal }
    return yield* roomSession(args, environmentOf(sandbox), undefined, streams)
  })

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

describe("on a terminal", () => {
  for (const form of ["", "--json", "--csv", "--raw"]) {
    inSpace(
      `no list and no session${form === "" ? "" : ` with ${form}`} has characters that control it`,
      Effect.gen(function*() {
        const args = form === "" ? [] : [form]
        for (
          const [command, ...bodies] of [
            [["get", first.id], session],
            [["get", first.id, second.id, "--retries", "0"], session, { ...session, id: second.id }],
            [["list"], page({ ...session, cost_in_dollars: 0 })],
            [["members", first.id], page(member)]
          ] as const
        ) {
          const { code, stderr, stdout } = yield* run([...command, ...args], true, ...bodies)
          assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" }, command.join(" "))
          assert.notMatch(stdout, unsafe, command.join(" "))
          assert.include(stdout, "title")
        }
      })
    )
  }

  inSpace(
    "JSON has the text with escapes, and a cell of CSV is one line",
    Effect.gen(function*() {
      const json = yield* run(["get", first.id, "--json"], true, session)
      assert.strictEqual(JSON.parse(json.stdout).name, evil)
      const raw = yield* run(["get", first.id, "--raw"], true, session)
      assert.strictEqual(JSON.parse(raw.stdout).name, evil)
      const csv = yield* run(["get", first.id, "--csv", "--columns", "id,name"], true, session)
      assert.strictEqual(csv.stdout.trimEnd().split("\n").length, 2)
    })
  )

  inSpace(
    "an error has no characters that control it, as text and as JSON",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const body = JSON.stringify({ errors: [{ message: evil, code: evil, attribute: evil, detail: evil }] })
      const headers = { "content-type": "application/json", "x-request-id": "a\u009bb" }
      for (const args of [[], ["--json"]]) {
        yield* sandbox.respondNext({ status: 422, headers, body }, { status: 422, headers, body })
        const failed = yield* run(["get", first.id, "--retries", "0", ...args], true)
        assert.notMatch(failed.stderr, unsafe)
        const several = yield* run(["get", first.id, `${second.id}\u009b`, "--retries", "0", ...args], true)
        assert.notMatch(several.stderr, unsafe)
      }
    })
  )
})

inSpace(
  "outside of a terminal --raw has the bytes of the service, and JSON and CSV their characters",
  Effect.gen(function*() {
    assert.strictEqual((yield* run(["get", first.id, "--raw"], false, session)).stdout, JSON.stringify(session))
    const json = yield* run(["get", first.id, "--json"], false, session)
    assert.include(json.stdout, "\u202ek\u2066l\u200fm\u{e0041}n")
    const csv = yield* run(["get", first.id, "--csv"], false, session)
    assert.include(csv.stdout, "\u202ek\u2066l\u200fm\u{e0041}n")
  })
)

it("an escape is that of JSON, with two for a character beyond the first 65,536", () => {
  assert.strictEqual(
    format.escaped("a\n\tb\u001b\u202e\u{e0041}\u200d"),
    String.raw`a` + "\n\t" + String.raw`b\u001b\u202e\udb40\udc41` + "\u200d"
  )
})
