import { RoomSession } from "@effect-signalwire/core"
import { ErrorFixture, RoomSessionArbitrary, RoomSessionFixture } from "@effect-signalwire/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Equal, FastCheck, Schema } from "effect"

const { completed, inProgress } = RoomSessionFixture
const iso = (utc: DateTime.Utc | null) => (utc === null ? null : DateTime.formatIso(utc))
const seconds = (session: RoomSession.RoomSessionSummary) =>
  session.duration === null ? null : Duration.toSeconds(session.duration)
const roundTrip = Schema.decodeSync(RoomSession.RoomSessionSummary)
const encode = Schema.encodeSync(RoomSession.RoomSessionSummary)

describe("RoomSessionFixture", () => {
  it("a session in progress has a start, no end, and the time since its start as its duration", () => {
    const session = inProgress()
    assert.deepStrictEqual([session.status, iso(session.start_time), session.end_time, seconds(session)], [
      "in-progress",
      "2026-11-24T09:00:00.000Z",
      null,
      300
    ])
    assert.strictEqual(iso(session.updated_at), "2026-11-24T09:05:00.000Z")
  })

  it("the duration of a session in progress is given, or the time from its start to its last change", () => {
    const start_time = "2026-01-01T10:00:00Z"
    const fieldsOf = (fields: RoomSessionFixture.InProgressFields) => {
      const session = inProgress({ start_time, ...fields })
      return [seconds(session), iso(session.updated_at)]
    }
    assert.deepStrictEqual(fieldsOf({ duration: "11 seconds" }), [11, "2026-01-01T10:00:11.000Z"])
    assert.deepStrictEqual(fieldsOf({ updated_at: "2026-01-01T10:01:00.900Z" }), [60, "2026-01-01T10:01:00.900Z"])
    // the service updates the duration, and not updated_at
    assert.deepStrictEqual(fieldsOf({ duration: "11 seconds", updated_at: "2026-01-01T10:00:01Z" }), [
      11,
      "2026-01-01T10:00:01.000Z"
    ])
    assert.deepStrictEqual(fieldsOf({ created_at: "2026-01-01T10:00:01Z", duration: "0 seconds" }), [
      0,
      "2026-01-01T10:00:01.000Z"
    ])
    assert.deepStrictEqual(fieldsOf({ duration: null }), [null, "2026-01-01T10:00:00.000Z"])
  })

  it("a session is equal to itself after encoding and decoding", () => {
    const old = { tone_on_entry_and_exit: null, room_join_video_off: null, user_join_video_off: null, locked: null }
    for (const session of [inProgress(), completed(), inProgress(old), completed(old)]) {
      assert.isTrue(Equal.equals(roundTrip(encode(session)), session))
    }
  })

  it("only the given fields change, and the fields that depend on them", () => {
    const { display_name, name, ...rest } = completed({ name: "retro" })
    const { display_name: _, name: __, ...standard } = completed()
    assert.deepStrictEqual(rest, standard)
    assert.deepStrictEqual([name, display_name], ["retro", "retro"])
    assert.isNull(inProgress({ name: null }).display_name)
    assert.deepStrictEqual(completed({ name: undefined, duration: undefined }), completed())
    assert.strictEqual(inProgress({ display_name: "Retro" }).name, "standup")
  })

  it("of start, end and duration, any two give the third", () => {
    const start_time = "2026-01-01T10:00:00Z"
    const end_time = "2026-01-01T10:30:00.900Z"
    const times = (session: RoomSession.RoomSessionSummary) => [
      iso(session.start_time),
      iso(session.end_time),
      seconds(session)
    ]
    const ten = "2026-01-01T10:00:00.000Z"
    assert.deepStrictEqual(times(completed({ start_time, end_time })), [ten, "2026-01-01T10:30:00.900Z", 1800])
    assert.deepStrictEqual(times(completed({ start_time, duration: "1 hour" })), [
      ten,
      "2026-01-01T11:00:00.000Z",
      3600
    ])
    assert.deepStrictEqual(times(completed({ end_time: start_time, duration: "1 hour" })), [
      "2026-01-01T09:00:00.000Z",
      ten,
      3600
    ])
    assert.deepStrictEqual(times(completed({ start_time, end_time: "2026-01-01T11:00:00Z", duration: "2 minutes" })), [
      ten,
      "2026-01-01T11:00:00.000Z",
      120
    ], "all three are not compared")
    assert.deepStrictEqual(times(completed({ start_time })), [ten, "2026-01-01T10:25:00.000Z", 1500])
    assert.strictEqual(iso(completed({ start_time, end_time }).updated_at), "2026-01-01T10:30:00.900Z")
  })

  const mistakes: ReadonlyArray<readonly [name: string, make: () => unknown, message: string]> = [
    [
      "an end before its start",
      () => completed({ start_time: "2026-01-02T00:00:00Z", end_time: "2026-01-01T00:00:00Z" }),
      "RoomSessionFixture.completed: end_time 2026-01-01T00:00:00.000Z is before start_time 2026-01-02T00:00:00.000Z"
    ],
    [
      "a text that is not a date-time",
      () => inProgress({ start_time: "soon" }),
      "RoomSessionFixture.inProgress: start_time is not a date-time, such as \"2026-11-24T09:00:00Z\""
    ],
    ["a limit of no members", () => inProgress({ max_members: 0 }), "max_members 0 is not above zero"],
    [
      "an id that is not a UUID",
      () => inProgress({ id: "x" }),
      "RoomSessionFixture.inProgress: id: Expected a UUID, actual \"x\""
    ],
    [
      "join_until before join_from",
      () => inProgress({ join_from: "2026-01-02T00:00:00Z", join_until: "2026-01-01T00:00:00Z" }),
      "join_until 2026-01-01T00:00:00.000Z is before join_from"
    ],
    [
      "join_until before the start",
      () => inProgress({ join_until: "2026-11-24T08:00:00Z" }),
      "join_until 2026-11-24T08:00:00.000Z is before start_time"
    ],
    [
      "remove_at before the start",
      () => completed({ remove_at: "2026-11-24T08:00:00Z" }),
      "remove_at 2026-11-24T08:00:00.000Z is before start_time"
    ],
    [
      "created_at after the end",
      () => completed({ created_at: "2030-01-01T00:00:00Z", updated_at: "2030-01-01T00:00:00Z" }),
      "end_time 2026-11-24T09:25:00.000Z is before created_at"
    ],
    [
      "a fraction of a second",
      () => inProgress({ duration: "1500 millis" }),
      "RoomSessionFixture.inProgress: duration: Expected a whole number of seconds"
    ],
    [
      "a negative duration",
      () => completed({ duration: "-5 minutes" }),
      "RoomSessionFixture.completed: duration is negative"
    ],
    ["the id zero", () => RoomSessionFixture.id(0), "expected a whole number from 1"]
  ]

  for (const [name, make, message] of mistakes) {
    it(`a session with ${name} ends the test with a defect`, () => {
      assert.throws(make, message)
    })
  }
})

describe("ErrorFixture", () => {
  it("ErrorFixture has a function for every error class, under its own name", () => {
    const tags = Object.entries(ErrorFixture).map(([name, make]) => [name, make()._tag] as const)
    assert.strictEqual(tags.length, 12)
    for (const [name, tag] of tags) assert.strictEqual(`signalwire${name.toLowerCase()}`, tag.toLowerCase())
  })

  it("ErrorFixture changes only the given fields", () => {
    assert.strictEqual(ErrorFixture.serverUnavailable({ status: 504 }).status, 504)
    assert.strictEqual(ErrorFixture.transportError({ reason: "Tls" }).code, "CERT_HAS_EXPIRED")
    assert.strictEqual(ErrorFixture.transportError({ reason: "Tls" }).attempts, 1)
    assert.strictEqual(ErrorFixture.transportError().attempts, 3)
    assert.isUndefined(ErrorFixture.transportError({ reason: "Other" }).code)
    assert.isUndefined(ErrorFixture.invalidResponse({ reason: "TooLarge" }).path)
  })

  it("durations of an error are given as any duration, and a retryAfter can be left out", () => {
    const { elapsed, retryAfter } = ErrorFixture.rateLimited({ retryAfter: "90 seconds", elapsed: 20 })
    assert.deepStrictEqual([retryAfter, elapsed], [Duration.seconds(90), Duration.millis(20)])
    assert.isUndefined(ErrorFixture.rateLimited({ retryAfter: undefined }).retryAfter)
    assert.deepStrictEqual(ErrorFixture.rateLimited({ attempts: 2 }).retryAfter, Duration.minutes(1))
    assert.deepStrictEqual(
      ErrorFixture.serverUnavailable({ retryAfter: Duration.seconds(5) }).retryAfter,
      Duration.seconds(5)
    )
    // untyped JavaScript can pass any text
    assert.throws(() => Reflect.apply(ErrorFixture.rateLimited, undefined, [{ retryAfter: "soon" }]), "no duration")
  })

  it("fields of an error that contradict each other end the test with a defect", () => {
    assert.throws(() => ErrorFixture.notFound({ attempts: 0 }), "ErrorFixture.notFound: attempts is 0")
    assert.throws(() => ErrorFixture.notFound({ elapsed: Duration.infinity }), "elapsed is not finite")
    assert.throws(() => ErrorFixture.unexpectedStatus({ status: 404 }), "status 404 is not unexpected")
    assert.throws(() => ErrorFixture.unexpectedStatus({ status: -1 }), "-1 is not a status")
    assert.throws(
      () => ErrorFixture.transportError({ reason: "Refused", code: "ENOTFOUND" }),
      "ENOTFOUND is a code of Dns, not of Refused"
    )
    assert.throws(
      () => ErrorFixture.transportError({ reason: "Reset", code: "ETIMEDOUT" }),
      "ETIMEDOUT is a code of a timeout, not of Reset"
    )
    for (const field of ["path", "expected"]) {
      assert.throws(
        () => ErrorFixture.invalidResponse({ reason: "TooLarge", [field]: "id" }),
        "belong to SchemaMismatch"
      )
    }
  })

  it.each([
    ["an InternalServerError", 3, ErrorFixture.internalServerError()],
    ["a NotFound", 1, ErrorFixture.notFound()],
    ["a RequestTimeout with two attempts", 2, ErrorFixture.requestTimeout({ attempts: 2 })],
    ["a RequestTimeout of an unsent request", 0, ErrorFixture.requestTimeout({ requestsSent: 0 })],
    ["a TransportError Reset", 3, ErrorFixture.transportError({ reason: "Reset" })],
    ["a TransportError Refused", 0, ErrorFixture.transportError({ reason: "Refused" })],
    ["an InvalidRequest", 0, ErrorFixture.invalidRequest()]
  ])("the requestsSent of %s is %i", (_, requestsSent, error) => assert.strictEqual(error.requestsSent, requestsSent))
})

describe("RoomSessionArbitrary", () => {
  const sampled = { numRuns: 200 }

  it("consistent sessions have no contradictions, and are equal to themselves after encoding and decoding", () => {
    FastCheck.assert(
      FastCheck.property(RoomSessionArbitrary.consistent, session => {
        const { end_time, start_time, status } = session
        assert.isNotNull(start_time)
        assert.isNotNull(session.created_at)
        assert.isNotNull(session.updated_at)
        assert.strictEqual(status === "completed", end_time !== null)
        // a session in progress is updated when its duration is set
        const until = end_time ?? session.updated_at
        assert.isAtMost(start_time.epochMillis, until.epochMillis)
        assert.strictEqual(seconds(session), Math.floor((until.epochMillis - start_time.epochMillis) / 1000))
        assert.isAtMost(session.created_at.epochMillis, session.updated_at.epochMillis)
        const from = session.join_from?.epochMillis ?? Number.NEGATIVE_INFINITY
        const close = session.join_until?.epochMillis ?? Number.POSITIVE_INFINITY
        assert.isTrue(
          from <= start_time.epochMillis && start_time.epochMillis <= close,
          "starts while members may join"
        )
        assert.isAtMost(
          until.epochMillis,
          session.remove_at?.epochMillis ?? Number.POSITIVE_INFINITY,
          "ends by its removal"
        )
        assert.isTrue(Equal.equals(roundTrip(encode(session)), session))
      }),
      sampled
    )
  })

  it("consistent sessions are completed or in progress, with flags and without", () => {
    const sample = FastCheck.sample(RoomSessionArbitrary.consistent, 200)
    assert.sameMembers([...new Set(sample.map(({ status }) => status))], ["completed", "in-progress"])
    for (const flag of ["tone_on_entry_and_exit", "room_join_video_off", "user_join_video_off", "locked"] as const) {
      assert.deepStrictEqual(new Set(sample.map(session => session[flag])), new Set([true, false, null]), flag)
    }
  })

  it("any valid sessions are equal to themselves after encoding and decoding", () => {
    FastCheck.assert(
      FastCheck.property(RoomSessionArbitrary.anyValid, session => {
        assert.isTrue(Equal.equals(roundTrip(encode(session)), session))
      }),
      sampled
    )
  })
})
