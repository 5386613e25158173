import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Option, TestClock } from "effect"
import { readFileSync } from "node:fs"
import { get } from "./http.ts"

const [designReview, , webinar, , booked] = SandboxSpace.seeds

const yaml = `
# a short call
steps:
  - { at: 0 seconds, do: start, session: kick-off, fields: { display_name: Kick-off, quality: 1080p, fps: 30 } }
  - { at: 1 second, do: join, session: kick-off, member: Ada }
  - { at: 1 second, do: record, session: kick-off }
  - at: 2 seconds
    do: faults
    faults:
      - { type: status, status: 503, operation: RoomSessions.get, requests: 2 }
  - { at: 3 seconds, do: change, session: kick-off, fields: { locked: true } }
  - { at: 4 seconds, do: respond, responses: [404, { status: 429, headers: { retry-after: "1" } }] }
  - { at: 5 seconds, do: faults, faults: [] }
  - { at: 61 seconds, do: leave, session: kick-off, member: Ada }
  - { at: 61 seconds, do: endRecording, session: kick-off }
  - { at: 65 seconds, do: end, session: kick-off }
`

const empty = SandboxSpace.layerTestWith({ sessions: [] })

describe("a scenario", () => {
  it.effect("sessions, members, recordings and faults change at the times of the clock", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const scenario = yield* SandboxSpace.parseScenario(yaml)
      const playing = yield* Effect.fork(sandbox.play(scenario))
      yield* TestClock.adjust("0 seconds")
      const started = yield* sandbox.contents
      const [session] = started.sessions
      const id = session?.id ?? ""
      assert.strictEqual(started.sessions.length, 1)
      assert.deepInclude({ ...session?.toJSON() }, {
        name: "kick-off",
        display_name: "Kick-off",
        quality: "1080p",
        fps: 30,
        status: "in-progress",
        start_time: "1970-01-01T00:00:00Z",
        duration: 0,
        locked: false
      })
      assert.deepStrictEqual(started.members, [])

      yield* TestClock.adjust("1 second")
      const joined = yield* sandbox.contents
      assert.deepStrictEqual(joined.members.map(({ leave_time, name }) => [name, leave_time]), [["Ada", null]])
      assert.deepStrictEqual(joined.recordings.map(({ status }) => status), ["recording"])

      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* get(sandbox, id)).status, 503)
      yield* TestClock.adjust("1 second")
      const [changed] = (yield* sandbox.contents).sessions
      assert.strictEqual(changed?.locked, true)
      assert.strictEqual(Duration.toSeconds(changed?.duration ?? Duration.zero), 3)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(
        (yield* Effect.replicateEffect(get(sandbox, id), 3)).map(({ status }) => status),
        [404, 429, 200]
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(playing)
      const { events, recordings, sessions } = yield* sandbox.contents
      assert.deepInclude({ ...sessions[0]?.toJSON() }, {
        status: "completed",
        end_time: "1970-01-01T00:01:05Z",
        duration: 65,
        cost_in_dollars: 0.006
      })
      assert.deepStrictEqual(recordings.map(({ status }) => status), ["completed"])
      assert.deepStrictEqual(
        events.map(({ created_at, name }) => [created_at.epochMillis / 1000, name]),
        [
          [0, "room.started"],
          [1, "member.joined"],
          [1, "recording.started"],
          [61, "member.left"],
          [61, "recording.ended"],
          [65, "room.ended"]
        ]
      )
    }).pipe(Effect.provide(empty)))

  it.effect("a session of the space changes by its id, and one that has not started starts with its fields", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* sandbox.play({
        steps: [
          { at: "0 seconds", do: "start", session: booked.id },
          { at: "0 seconds", do: "change", session: webinar.id, fields: { layout: "grid" } },
          { at: "0 seconds", do: "leave", session: webinar.id, member: "Attendee 1" }
        ]
      })
      const { members, sessions } = yield* sandbox.contents
      assert.strictEqual(sessions.length, SandboxSpace.seeds.length)
      const started = sessions.find(({ id }) => id === booked.id)
      assert.deepStrictEqual([started?.status, started?.display_name], ["in-progress", "Interview"])
      assert.strictEqual(sessions.find(({ id }) => id === webinar.id)?.layout, "grid")
      assert.isNotNull(members.find(({ name }) => name === "Attendee 1")?.leave_time ?? null)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.effect("the default scenario changes something in each of the first nine seconds, and repeats with new sessions", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const playing = yield* Effect.fork(sandbox.play(SandboxSpace.defaultScenario))
      const counts: Array<number> = []
      for (let second = 0; second < 10; second++) {
        const { events, sessions } = yield* sandbox.contents
        counts.push(events.length + sessions.filter(({ locked }) => locked === true).length)
        yield* TestClock.adjust("1 second")
      }
      // the faults that begin are no event
      assert.strictEqual(new Set(counts).size, 9)
      yield* TestClock.adjust("3 minutes")
      const { sessions } = yield* sandbox.contents
      assert.isAtLeast(sessions.length, 12)
      assert.strictEqual(new Set(sessions.map(({ id }) => id)).size, sessions.length)
      assert.isTrue(Option.isNone(yield* Fiber.poll(playing)))
    }).pipe(Effect.provide(empty)))

  it.effect("the scenario of the README is possible from its first to its last step", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
      const [, text = ""] = /```yaml\n(repeat: [^]*?)```/.exec(readme) ?? []
      const scenario = yield* SandboxSpace.parseScenario(text)
      const playing = yield* Effect.fork(sandbox.play(scenario))
      yield* TestClock.adjust("8 seconds")
      yield* Fiber.join(playing)
      assert.deepStrictEqual((yield* sandbox.contents).sessions.map(({ name, status }) => [name, status]), [
        ["kick-off", "completed"]
      ])
    }).pipe(Effect.provide(empty)))

  it.effect("the option scenario plays it from the beginning of the sandbox", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual((yield* sandbox.contents).members.map(({ name }) => name), ["Ada", "Grace"])
    }).pipe(
      Effect.provide(SandboxSpace.layerTestWith({ sessions: [], scenario: SandboxSpace.defaultScenario }))
    ))
})

describe("an invalid scenario", () => {
  const cases: ReadonlyArray<readonly [text: string, message: string]> = [
    ["steps: []", "steps.0: is missing"],
    ["[1", "Flow sequence must end with a ] at line 1"],
    ["steps:\n  - { at: 1, do: end, session: x }", "steps.0.at: expected a duration with its unit"],
    [
      "steps:\n  - { at: 1 second, do: end, session: x }",
      "steps.0.session: expected the id of a session, or a name that a step before starts, got \"x\""
    ],
    ["steps:\n  - { at: 1 second, do: dance }", "steps.0.do: Expected \"start\" | \"change\" | "],
    [
      "steps:\n  - { at: 1 second, do: start, session: x, fields: { lockd: true } }",
      "steps.0.fields.lockd: is unexpected"
    ],
    [
      "steps:\n  - { at: 1 second, do: start, session: x, fields: { join_from: soon } }",
      "steps.0.fields: join_from: Expected"
    ],
    [
      "steps:\n  - { at: 0 seconds, do: faults, faults: [{ type: status, status: 5 }] }",
      "steps.0.faults.0.status: expected a status"
    ],
    [
      "repeat: true\nsteps:\n  - { at: 0 seconds, do: start, session: x }",
      "a scenario that repeats needs a step at 100 millis or later"
    ]
  ]
  for (const [text, message] of cases) {
    it.effect(`${JSON.stringify(text)} is a ScenarioError that says what was expected`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(SandboxSpace.parseScenario(text))
        assert.strictEqual(error._tag, "ScenarioError")
        assert.include(error.message, message)
      }))
  }

  it.effect("a sandbox with an invalid scenario does not start, and fails with ScenarioError", () =>
    Effect.gen(function*() {
      const faults = [{ type: "status", status: 5 }] as const
      const layer = SandboxSpace.layerTestWith({ scenario: { steps: [{ at: "0 seconds", do: "faults", faults }] } })
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.strictEqual(error._tag, "ScenarioError")
      assert.strictEqual(error.message, "steps.0.faults.0.status: expected a status from 200 to 999, got 5")
    }))

  it.effect("a step that is not possible ends the scenario with an error that names it", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const error = yield* Effect.flip(
        sandbox.play({ steps: [{ at: "0 seconds", do: "end", session: designReview.id }] })
      )
      assert.include(error.message, `Step 1 (end): The session ${designReview.id} is completed`)
      const nobody = yield* Effect.flip(
        sandbox.play({ steps: [{ at: "0 seconds", do: "leave", session: webinar.id, member: "Nobody" }] })
      )
      assert.strictEqual(nobody.message, "Step 1 (leave): No member \"Nobody\" is inside of the session")
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
})
