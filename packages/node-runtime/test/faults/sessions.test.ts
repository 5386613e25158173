import { RoomSession, RoomSessions, type SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, expect } from "@effect/vitest"
import { DateTime, Duration, Effect, Equal, Exit, Logger, Metric, MetricState, Option, Schema } from "effect"
import * as nodeAssert from "node:assert/strict"
import { call, clientOf } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { cases, eachTransport } from "./harness/faultTest.ts"
import * as rawServer from "./harness/rawServer.ts"
import { json, ok, respond } from "./harness/scripts.ts"
import { session, sessionId, wireSession } from "./harness/session.ts"

const decoded = (fields: Readonly<Record<string, unknown>> = {}): Expected => ({ requests: 1, session: fields })

const flags = ["tone_on_entry_and_exit", "room_join_video_off", "user_join_video_off", "locked"]

const without = (...keys: ReadonlyArray<string>) => Object.fromEntries(keys.map(key => [key, undefined]))

const nulls = (...keys: ReadonlyArray<string>) => Object.fromEntries(keys.map(key => [key, null]))

/** Shaped as the one public body of the list, of 2021: a session in progress without the flags, with its room and members. */
const of2021 = session({
  ...without(...flags, "preview_url", "prioritize_handraise", "sync_audio_video"),
  room_id: null,
  join_from: null,
  join_until: null,
  remove_after_seconds_elapsed: null,
  end_time: null,
  duration: 11,
  status: "in-progress",
  cost_in_dollars: 0,
  room: { id: wireSession.room_id, name: "weekly" },
  members: [{ id: wireSession.room_id, name: "guest", leave_time: null, duration: 13, cost_in_dollars: 0 }]
})

/** The 20 keys of the documents before February 2026. */
const of2024 = session({
  ...without(...flags, "created_at", "updated_at", "prioritize_handraise", "sync_audio_video"),
  enable_room_previews: true,
  audio_video_sync: true
})

const ofList = session({ cost_in_dollars: 0.05, enable_room_previews: true, locked_cover: "https://example.com/c.png" })

const at = (text: string) => DateTime.unsafeMake(text)

const joinedFrom = (join_from: string, utc: string) => ({
  scripts: [json(200, session({ join_from }))] as const,
  expected: decoded({ join_from: at(utc), name: "weekly" })
})

/** Values that a vendor may send instead of what is documented, for each nullable field. */
const unreadable: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  room_id: ["", "42", 42, "7f5b2c1e9a3d4c8b8e6f1d2c3b4a5f60"],
  name: [7, {}, ["weekly"]],
  display_name: [false],
  max_members: ["20", 2.5, "unlimited"],
  quality: [720],
  fps: [true, {}],
  join_from: ["", "2026-03-01", "2026-03-01 09:00:00 UTC", 1_772_355_600],
  join_until: ["tomorrow"],
  remove_at: [0],
  remove_after_seconds_elapsed: ["3600", -1],
  layout: [{}],
  tone_on_entry_and_exit: ["true"],
  room_join_video_off: [0],
  user_join_video_off: [1],
  locked: ["no"],
  start_time: ["2026-02-30T00:00:00Z"],
  end_time: ["", "null"],
  duration: [-1, 0.5, "1800", "00:30:00", "PT30M"],
  status: [1],
  preview_url: [false],
  prioritize_handraise: [""],
  sync_audio_video: ["on"],
  created_at: ["", "0000-00-00 00:00:00"],
  updated_at: [1_772_355_600]
}

const driftCount = Effect.map(Metric.snapshot, pairs =>
  pairs
    .filter(({ metricKey }) => metricKey.name === "signalwire.client.decoding_drift")
    .reduce(
      (sum, { metricState }) => sum + (MetricState.isCounterState(metricState) ? Number(metricState.count) : 0),
      0
    ))

describe("Sessions", () => {
  cases("sessions of 2021, 2024, 2026 and of the list are decoded, with null for what they lack", {
    "2021": {
      scripts: [json(200, of2021)],
      expected: decoded({
        ...nulls(...flags, "end_time", "room_id"),
        status: "in-progress",
        duration: Duration.seconds(11),
        fps: "20"
      })
    },
    "2024": {
      scripts: [json(200, of2024)],
      expected: decoded({ ...nulls(...flags, "created_at", "updated_at"), status: "completed" })
    },
    "2026": { scripts: [ok], expected: decoded({ locked: false, user_join_video_off: true }) },
    "an item of the list": { scripts: [json(200, ofList)], expected: decoded({ name: "weekly" }) },
    "null where the contract has none": {
      scripts: [json(200, session(nulls(...flags, "created_at", "updated_at")))],
      expected: decoded(nulls(...flags, "created_at", "updated_at"))
    }
  })

  cases("date-times with second 60, 12 fraction digits, +0000 or lower-case t and z are decoded", {
    "second 60": joinedFrom("2022-12-31T23:59:60Z", "2023-01-01T00:00:00Z"),
    "12 fraction digits": joinedFrom("2026-03-01T08:55:00.123456789012Z", "2026-03-01T08:55:00.123Z"),
    "an offset without a colon": joinedFrom("2026-03-01T08:55:00+0000", "2026-03-01T08:55:00Z"),
    "another offset without a colon": joinedFrom("2026-03-01T03:25:00.5-0530", "2026-03-01T08:55:00.500Z"),
    "lower-case t and z": joinedFrom("2026-03-01t08:55:00z", "2026-03-01T08:55:00Z"),
    "all at once": joinedFrom("2026-12-31t23:59:60.999999+0100", "2026-12-31T23:00:00.999Z")
  })

  /** One lenient client over each transport decodes the bodies in sequence. */
  eachTransport(
    "lenient decoding makes each unreadable nullable field null and reports it once",
    transport =>
      Effect.gen(function*() {
        const bodies = Object.entries(unreadable).flatMap(([key, values]) => values.map(value => [key, value] as const))
        const target = yield* rawServer.make([
          ok,
          ...bodies.map(([key, value]) => json(200, session({ [key]: value })))
        ])
        const reports: Array<SignalWireClient.Drift> = []
        const lines: Array<string> = []
        const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel._tag} ${String(message)}`))
        const client = clientOf(transport, target, {
          client: { decoding: "lenient", onDrift: drift => Effect.sync(() => void reports.push(drift)) }
        })
        const before = yield* driftCount
        const calls = Effect.gen(function*() {
          const service = yield* RoomSessions.RoomSessions
          assert.strictEqual((yield* service.get(sessionId)).name, "weekly")
          for (const [key, value] of bodies) {
            const where = `${key} ${JSON.stringify(value)} over ${transport}`
            const found = yield* service.get(sessionId).pipe(
              Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
              Effect.orDie
            )
            const expected = Schema.decodeUnknownSync(RoomSession.RoomSessionSummary)({ ...wireSession, [key]: null })
            assert.isTrue(Equal.equals(found, expected), where)
            const [report, ...more] = reports.splice(0)
            assert.deepInclude(report, { operation: "RoomSessions.get", path: key }, where)
            assert.deepStrictEqual(more, [], where)
            assert.deepStrictEqual(lines.splice(0), [
              `Warning RoomSessions.get: ${key} is not as documented and is null: expected ${report?.expected}`
            ], where)
          }
        })
        yield* Effect.provide(calls, client)
        assert.isAtLeast((yield* driftCount) - before, bodies.length)
      }).pipe(Effect.orDie)
  )

  eachTransport(
    "strict decoding of an unreadable field is SchemaMismatch that says what is expected",
    transport =>
      Effect.forEach(Object.entries(unreadable), ([key, [value]]) =>
        Effect.gen(function*() {
          const where = `${key} over ${transport}`
          const target = yield* rawServer.make([json(200, session({ [key]: value }))])
          const result = yield* call(transport, target)
          assertResult(result, target.requests.length, {
            error: { _tag: "SignalWireInvalidResponse", reason: "SchemaMismatch", path: key, attempts: 1 },
            requests: 1
          }, where)
          const error = Option.getOrThrow(errorOf(result.exit))
          assert.include(error.message, `at ${key}: expected a`, where)
          assert.match(
            error.message,
            /, or null; `decoding: "lenient"` \(SIGNALWIRE_DECODING\) decodes anything else as null/,
            where
          )
        }), { concurrency: 4, discard: true })
  )

  const typed = (headers: Readonly<Record<string, string>>) => ({
    scripts: [respond(200, session(), headers)] as const,
    expected: decoded({ name: "weekly" })
  })

  cases("text/json, a repeated content type and the encodings none and utf-8 are decoded", {
    "text/json": typed({ "content-type": "text/json" }),
    "text/json in UTF-8": typed({ "content-type": "text/json; charset=utf-8" }),
    "application/x-json": typed({ "content-type": "application/x-json" }),
    "a comma and a charset in quotes of another parameter": typed({
      "content-type": "application/json; profile=\"a,b; charset=latin1\""
    }),
    "an empty element": typed({ "content-type": "application/json," }),
    "an empty type": typed({ "content-type": "" }),
    "the same type twice": typed({ "content-type": "application/json, application/json" }),
    "the same type twice, with charsets": typed({
      "content-type": "application/json; charset=utf-8, application/json;charset=UTF-8"
    }),
    "content-encoding: none": typed({ "content-type": "application/json", "content-encoding": "none" }),
    "content-encoding: utf-8": typed({ "content-type": "application/json", "content-encoding": "utf-8" }),
    "content-encoding: UTF-8, identity": typed({
      "content-type": "application/json",
      "content-encoding": "UTF-8, identity"
    })
  })

  eachTransport(
    "a mock that sends one id for every id is SchemaMismatch, and a session where echo is ignored",
    transport =>
      Effect.gen(function*() {
        const other = "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
        const target = yield* rawServer.make([json(200, session({ id: other }))])
        const result = yield* call(transport, target)
        assertResult(result, target.requests.length, {
          error: { reason: "SchemaMismatch", path: "id", attempts: 1 },
          requests: 1
        }, transport)
        const { message } = Option.getOrThrow(errorOf(result.exit))
        assert.include(message, "expected the requested id, but the body has another one")
        assert.include(message, "`echo: \"ignore\"`")
        assert.notInclude(message, other)

        const accepting = yield* call(transport, yield* rawServer.make([json(200, session({ id: other }))]), {
          client: { echo: "ignore" }
        })
        assertResult(accepting, 1, decoded({ id: other }), transport)
      })
  )
})

describe("Tenants and runtimes", () => {
  eachTransport(
    "a session from the fast decoder is deeply equal to one from Schema",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([ok])
        const { exit } = yield* call(transport, target)
        const found = Exit.isSuccess(exit) ? exit.value : undefined
        const bySchema = Schema.decodeUnknownSync(RoomSession.RoomSessionSummary)(wireSession)
        if (found?.created_at) DateTime.toParts(found.created_at)
        nodeAssert.deepStrictEqual(found, bySchema)
        // the matchers of users
        // oxlint-disable-next-line vitest/no-standalone-expect
        expect(found).toEqual(bySchema)
        // oxlint-disable-next-line vitest/no-standalone-expect
        expect(found).toStrictEqual(bySchema)
      })
  )
})
