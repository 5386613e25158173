import type { RoomSession } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import columns from "string-width"
import * as changes from "../src/watch/changes.ts"
import { render, type Watched } from "../src/watch/screen.ts"
import { environmentOf, roomSession, viewOptions } from "./harness.ts"
import { sessionOf } from "./sample.ts"

const body = (value: object) => ({ body: JSON.stringify(value) })
const page = (...data: ReadonlyArray<object>) => body({ links: {}, data })

const inProgress = (session: RoomSession.RoomSessionSummary, changes: object = {}) => ({
  ...session.toJSON(),
  status: "in-progress",
  end_time: null,
  ...changes
})

const run = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(
    SandboxSpace.SandboxSpace,
    sandbox => roomSession(["watch", "--interval", "10ms", ...args], environmentOf(sandbox))
  )

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

const [first, second] = SandboxSpace.seeds
const unlocked = { locked: false, name: "standup" }

describe("room-session watch", () => {
  inSpace(
    "outside of a terminal, each change of a session is a line, and its end ends the command",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      // after each change the members are counted
      yield* sandbox.respondNext(
        body(inProgress(first, unlocked)),
        200,
        body(inProgress(first, { ...unlocked, duration: 99 })),
        body(inProgress(first, { ...unlocked, locked: true })),
        200,
        body({ ...first.toJSON(), ...unlocked, locked: true })
      )
      const { code, stderr, stdout } = yield* run(first.id)
      const lines = stdout.trimEnd().split("\n").map(line => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/, ""))
      assert.match(lines[0] ?? "", new RegExp(`^started  ${first.id}  standup  \\d+ inside$`))
      assert.match(lines[1] ?? "", new RegExp(`^changed  ${first.id}  standup  \\d+ inside  locked: false → true$`))
      assert.match(lines.at(-1) ?? "", new RegExp(`^ended    ${first.id}  standup$`))
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
    })
  )

  inSpace(
    "a session that has an end has ended, also where its status is in-progress",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext(body({ ...first.toJSON(), status: "in-progress" }))
      const { code, stderr, stdout } = yield* run(first.id, "--json")
      const changes: ReadonlyArray<unknown> = stdout.trimEnd().split("\n").map(line => JSON.parse(line).change)
      assert.deepStrictEqual({ changes, code, stderr }, { changes: ["started", "ended"], code: 0, stderr: "" })
    })
  )

  inSpace(
    "--json prints the changes of all sessions in progress, each on a line, and a session that ended as it was last listed",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext(
        page(inProgress(first, unlocked)),
        page(inProgress(first, { ...unlocked, locked: true }), inProgress(second)),
        page(inProgress(second)),
        page(inProgress(second)),
        401
      )
      const { code, stderr, stdout } = yield* run("--json")
      assert.deepStrictEqual(
        stdout.trimEnd().split("\n").map(line => JSON.parse(line)).map((
          { change, session: { end_time, id, locked, status } }
        ) => [change, id, locked, status, end_time]),
        [
          ["started", first.id, false, "in-progress", null],
          ["changed", first.id, true, "in-progress", null],
          ["started", second.id, second.locked, "in-progress", null],
          ["ended", first.id, true, "in-progress", null]
        ]
      )
      assert.strictEqual(JSON.parse(stderr).tag, "SignalWireUnauthorized")
      assert.strictEqual(code, 4)
    })
  )

  inSpace(
    "outside of a terminal, standard error says when requests begin to fail, and when they succeed again",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const failing = [500, { status: 500, delay: "300 millis" }, { status: 500, delay: "300 millis" }] as const
      const succeeding = { ...page(), delay: "300 millis" } as const
      yield* sandbox.respondNext(page(), ...failing, page(), succeeding, ...failing, page(), succeeding, 401)
      const { code, stderr, stdout } = yield* run("--retries", "0")
      const lines = stderr.trimEnd().split("\n").map(line => line.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME"))
      assert.match(lines[0] ?? "", /^TIME {2}not reached since TIME: .*status 500/)
      assert.strictEqual(lines[1], "TIME  reached again")
      assert.match(lines[2] ?? "", /^TIME {2}not reached since TIME: .*status 500/)
      assert.strictEqual(lines[3], "TIME  reached again")
      assert.match(lines[4] ?? "", /^room-session: /)
      assert.deepStrictEqual({ code, stdout }, { code: 4, stdout: "" })
    })
  )

  inSpace(
    "with --json, standard error has the document of an error when requests begin to fail or take five seconds",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.respondNext(
        500,
        { status: 500, delay: "300 millis" },
        page(),
        { ...page(), delay: "5500 millis" },
        401
      )
      const { stderr } = yield* run("--json", "--retries", "0")
      assert.deepStrictEqual(
        stderr.trimEnd().split("\n").map(line => JSON.parse(line)).map(({ retryable, tag }) => [tag, retryable]),
        [["SignalWireInternalServerError", true], ["NoResponse", true], ["SignalWireUnauthorized", false]]
      )
    })
  )

  inSpace(
    "an unknown id is an error, and an id excludes filters",
    Effect.gen(function*() {
      assert.strictEqual((yield* run("00000000-0000-4000-8000-000000000000")).code, 5)
      assert.strictEqual((yield* run(first.id, "--room-name", "x")).code, 2)
      assert.strictEqual((yield* run("--interval", "0")).code, 2)
    })
  )
})

describe("the screen of watch", () => {
  const start = Date.parse("2026-01-31T22:50:12Z")
  const watched = (changes: Partial<Watched> = {}): Watched => ({
    session: sessionOf({ end_time: null, status: "in-progress" }),
    members: 3,
    changes: 0,
    last: "",
    endedAt: undefined,
    ...changes
  })
  const options = {
    ...viewOptions,
    height: 24,
    now: start + 3_725_000,
    host: "acme.signalwire.com",
    isLoading: false,
    notice: { text: "" }
  }
  const screen = (all: ReadonlyArray<Watched>, width: number, height = 24) =>
    render(all, { ...options, tableWidth: width, height })

  it("the screen has the time so far, the members, the name and the last change", () => {
    const text = screen([watched({ changes: 2, last: "locked: false → true" })], 160)
    assert.match(text, /^1 session · 23:52:17 · acme\.signalwire\.com · Ctrl-C ends\n/)
    assert.match(
      text,
      /\n +1h 2m +3 {2}0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d {2}weekly-planning +locked: false → true \(2\)$/
    )
  })

  it("a session that has ended stays for a while, and its time stands", () => {
    assert.match(screen([watched({ endedAt: start + 60_000 })], 160), /^0 sessions [^]+\n +1m 0s +3 .* ended$/)
  })

  it("the screen fits each size of a terminal", () => {
    const all = Array.from({ length: 50 }, (_, i) => watched({ members: undefined, changes: i, last: "layout: a → b" }))
    for (const width of [40, 80, 160]) {
      for (const height of [8, 24]) {
        const lines = screen(all, width, height).split("\n")
        assert.isAtMost(lines.length, height)
        for (const line of lines) assert.isAtMost(columns(line), width)
        assert.match(lines.at(-1) ?? "", /^and \d+ more$/)
        assert.include(lines[3], "weekly-planning")
      }
    }
    assert.include(screen([], 40), "No sessions in progress.")
  })

  it("before the first list there is no count, and the line below the head is about the requests, in the width", () => {
    const notice = { text: "Not reached since 23:52:00: internal server error (status 500)" }
    const text = render([], { ...options, tableWidth: 60, isLoading: true, notice })
    assert.strictEqual(
      text,
      "acme.signalwire.com · Ctrl-C ends\nNot reached since 23:52:00: internal server error (status…\nLoading the sessions."
    )
  })

  it("the newest session is the first", () => {
    const at = (start_time: string, name: string) =>
      watched({ session: sessionOf({ start_time, name, end_time: null, status: "in-progress" }) })
    const all = [at("2026-01-31T20:00:00Z", "old"), at("2026-01-31T22:00:00Z", "new")]
    assert.match(screen(all, 80), / new +—\n.* old +—$/)
  })

  it("changes of the duration and of the times of the record are no changes", () => {
    const session = sessionOf()
    const others = { duration: 9999, updated_at: "2026-02-02T00:00:00Z", preview_url: null }
    assert.deepStrictEqual(changes.between(session, sessionOf(others)), [])
    assert.deepStrictEqual(changes.between(session, sessionOf({ name: null, locked: false })), [
      "name: weekly-planning → —",
      "locked: true → false"
    ])
  })
})
