import { RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Either, Equal, FastCheck, Schema } from "effect"
import * as decode from "../src/internal/response/decode.ts"
import { neverNull, nullable, sessionId, wireSession } from "./support/sessions.ts"

const { RoomSessionSummary } = RoomSession

const encode = Schema.encodeSync(RoomSessionSummary)
const bySchema = Schema.decodeUnknownEither(RoomSessionSummary)

/** Decodes as the client does, strictly or leniently, by both decoders, and asserts that they agree. */
const decoderOf = (isLenient: boolean) => {
  const fast = decode.make(RoomSessionSummary, FastDecoder.make, isLenient)
  const schema = decode.make(RoomSessionSummary, decode.bySchema, isLenient)
  return (chunks: ReadonlyArray<Uint8Array>) => {
    const drifts: Array<string> = []
    const others: Array<string> = []
    const note = (into: Array<string>) => (found: ReadonlyArray<{ path: string; expected: string }>) =>
      void into.push(...found.map(({ expected, path }) => `${path}: ${expected}`))
    const result = fast(chunks, note(drifts))
    assert.deepStrictEqual(schema(chunks, note(others)), result)
    assert.deepStrictEqual(others, drifts)
    return { result, drifts }
  }
}

const strict = decoderOf(false)
const lenient = decoderOf(true)
const byClient = (chunks: ReadonlyArray<Uint8Array>) => strict(chunks).result

const bytes = (value: unknown) => [new TextEncoder().encode(JSON.stringify(value))]

/** Decodes by the client and by Schema, and asserts that they agree. */
const read = (value: unknown): RoomSession.RoomSessionSummary => {
  const session = Either.getOrThrow(byClient(bytes(value)))
  assert.isTrue(Equal.equals(session, Either.getOrThrow(bySchema(value))))
  return session
}

const reject = (value: unknown): decode.DecodeError => {
  assert.isTrue(Either.isLeft(bySchema(value)), "Schema accepts it")
  return Either.getOrThrow(Either.flip(byClient(bytes(value))))
}

const withValue = (key: string, value: unknown) => ({ ...wireSession, [key]: value })

const without = (...keys: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(wireSession).filter(([key]) => !keys.includes(key)))

const readLeniently = (value: unknown) => {
  const { drifts, result } = lenient(bytes(value))
  return { session: Either.getOrThrow(result), drifts }
}

const timestamps = ["join_from", "join_until", "remove_at", "start_time", "end_time", "created_at", "updated_at"]

describe("sessions", () => {
  it.prop("a session decodes from its encoded form", [RoomSessionSummary], ([session]) => {
    const wire = JSON.parse(JSON.stringify(encode(session)))
    assert.isTrue(Equal.equals(Either.getOrThrow(bySchema(wire)), session))
    assert.isTrue(Equal.equals(Either.getOrThrow(byClient(bytes(wire))), session))
  }, { fastCheck: { numRuns: 500 } })

  it("a session encodes to all 26 keys in the form that the service sends", () => {
    assert.deepStrictEqual({ ...encode(read(wireSession)) }, wireSession)
    const sparse = encode(read(without(...nullable)))
    assert.deepStrictEqual(Object.keys(sparse).toSorted(), Object.keys(wireSession).toSorted())
    assert.strictEqual(Object.keys(sparse).length, 26)
  })

  it("a decoded session is an instance with exact values", () => {
    const session = read(wireSession)
    assert.instanceOf(session, RoomSessionSummary)
    assert.strictEqual(session.id, sessionId)
    assert.isTrue(Equal.equals(session.duration, Duration.minutes(30)))
    assert.isTrue(Equal.equals(session.end_time, DateTime.unsafeMake("2026-03-01T09:30:00.500Z")))
    assert.isTrue(Equal.equals(session, read(wireSession)))
    assert.isFalse(Equal.equals(session, read(withValue("locked", true))))
  })
})

describe("decoding", () => {
  it.each([[20, "20", 20], ["20", "20", 20], [30, "30", 30], [29.97, "29.97", 29.97], ["60", "60", 60]])(
    "fps %j is the string %j in memory, and encodes to %j",
    (wire, fps, written) => {
      const session = read(withValue("fps", wire))
      assert.strictEqual(session.fps, fps)
      assert.strictEqual(encode(session).fps, written)
    }
  )

  it.each([["quality", "4k"], ["fps", "variable"], ["fps", "020"], ["fps", "Infinity"], ["status", "paused"], [
    "status",
    ""
  ], ["layout", "spiral"]])(
    "the field %s has the undocumented value %j in memory, and encodes to it",
    (key, value) => {
      const session = read(withValue(key, value))
      assert.strictEqual(Reflect.get(session, key), value)
      assert.strictEqual(Reflect.get(encode(session), key), value)
    }
  )

  it.each(nullable)("the field %s is null where it is null or missing", key => {
    assert.isNull(Reflect.get(read(withValue(key, null)), key))
    assert.isNull(Reflect.get(read(without(key)), key))
  })

  it("unknown keys are ignored", () => {
    const session = read({ ...wireSession, cost_in_dollars: 0.1, recordings: [{}] })
    assert.isTrue(Equal.equals(session, read(wireSession)))
    assert.deepStrictEqual(Object.keys(session).toSorted(), Object.keys(wireSession).toSorted())
  })

  it.each(["__proto__", "constructor"])("a key %s is ignored, as any unknown key", key => {
    const text = `{"${key}":{"polluted":true},${JSON.stringify(wireSession).slice(1)}`
    const session = Either.getOrThrow(byClient([new TextEncoder().encode(text)]))
    assert.isTrue(Equal.equals(session, read(wireSession)))
    assert.strictEqual(Object.getPrototypeOf(session), RoomSessionSummary.prototype)
    assert.isFalse(Object.hasOwn(session, key))
    assert.isUndefined(Reflect.get({}, "polluted"))
  })

  it.each([
    ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"],
    ["2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00Z"],
    ["2026-03-01T09:00:00.5Z", "2026-03-01T09:00:00.500Z"],
    ["2026-03-01T09:00:00.123456Z", "2026-03-01T09:00:00.123Z"],
    ["2026-03-01T09:00:00.123999999999Z", "2026-03-01T09:00:00.123Z"],
    ["2026-03-01T01:00:00-08:00", "2026-03-01T09:00:00Z"],
    ["2026-03-01T14:45:00.250+05:45", "2026-03-01T09:00:00.250Z"],
    ["2026-03-01T09:00:00+0000", "2026-03-01T09:00:00Z"],
    ["2026-03-01T03:30:00-0530", "2026-03-01T09:00:00Z"],
    ["2026-03-01t09:00:00z", "2026-03-01T09:00:00Z"],
    ["2022-12-31T23:59:60Z", "2023-01-01T00:00:00Z"],
    ["2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z"],
    ["2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"],
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"]
  ])("the date-time %s encodes to %s", (wire, utc) => {
    for (const key of timestamps) assert.strictEqual(Reflect.get(encode(read(withValue(key, wire))), key), utc)
  })
})

describe("decode errors", () => {
  it.each(neverNull)("a session whose %s is missing or null is SchemaMismatch", key => {
    assert.deepInclude(reject(without(key)), { reason: "SchemaMismatch", path: key })
    assert.deepInclude(reject(withValue(key, null)), { reason: "SchemaMismatch", path: key })
  })

  it.each([
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00.000Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T09:60:00Z",
    "2026-03-01T09:00:61Z",
    "2026-03-01T09:60:60Z",
    "9999-12-31T23:59:60Z",
    "2026-03-01T09:00:00",
    "2026-03-01 09:00:00Z",
    "2026-03-01",
    "2026-03-01T09:00:00.Z",
    "2026-03-01T09:00:00+25:00",
    "2026-03-01T09:00:00+01:60",
    "2026-03-01T09:00:00+01",
    "+002026-03-01T09:00:00Z",
    "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:00:00+01:00",
    "Sun, 01 Mar 2026 09:00:00 GMT",
    "",
    "yesterday"
  ])("a session with the date-time %j is SchemaMismatch", text => {
    for (const key of timestamps) {
      assert.deepInclude(reject(withValue(key, text)), { reason: "SchemaMismatch", path: key })
    }
  })

  it.each([
    ["id", "not-a-uuid"],
    ["id", 1],
    ["room_id", "42"],
    ["name", 7],
    ["name", {}],
    ["max_members", "20"],
    ["max_members", 2.5],
    ["quality", 720],
    ["fps", true],
    ["fps", []],
    ["join_from", 1_772_355_600],
    ["locked", "false"],
    ["locked", 0],
    ["record_on_start", []],
    ["status", 1],
    ["preview_url", false],
    ["sync_audio_video", "yes"]
  ])("a session whose %s is %j is SchemaMismatch", (key, value) => {
    assert.deepInclude(reject(withValue(key, value)), { reason: "SchemaMismatch", path: key })
  })

  it.each(["duration", "remove_after_seconds_elapsed"])(
    "a session whose %s is not a whole number of seconds that is exact in milliseconds is SchemaMismatch",
    key => {
      for (const value of [-1, 0.5, 1800.25, "1800", 2 ** 53, 2 ** 53 / 1000 + 1, 1e300]) {
        assert.deepInclude(reject(withValue(key, value)), { reason: "SchemaMismatch", path: key })
      }
      assert.strictEqual(Reflect.get(encode(read(withValue(key, 0))), key), 0)
      assert.strictEqual(Reflect.get(encode(read(withValue(key, 9_007_199_254_740))), key), 9_007_199_254_740)
    }
  )

  it("a session with an integer above 2^53, which a number cannot hold, is SchemaMismatch", () => {
    const text = JSON.stringify(wireSession).replace("\"max_members\":20", "\"max_members\":9007199254740993")
    assert.deepInclude(Either.getOrThrow(Either.flip(byClient([new TextEncoder().encode(text)]))), {
      reason: "SchemaMismatch",
      path: "max_members"
    })
    assert.deepInclude(reject(withValue("duration", 2 ** 53 + 2)), { path: "duration" })
  })

  it.each([
    ["null", null],
    ["an empty list", []],
    ["a list with a session", [wireSession]],
    ["a string", "session"],
    ["a number", 1],
    ["a boolean", true]
  ])("%s in place of a session is SchemaMismatch", (_, value) => {
    assert.deepInclude(reject(value), { reason: "SchemaMismatch", path: "" })
  })

  it("SchemaMismatch names what is expected, and does not contain the value", () => {
    const { expected } = reject(withValue("locked", "PRIVATE"))
    assert.strictEqual(expected, "a boolean, or null")
    for (const key of Object.keys(wireSession)) {
      const expected = reject(withValue(key, { PRIVATE: "PRIVATE" })).expected ?? ""
      assert.isFalse(expected.includes("PRIVATE"), key)
      assert.isAtMost(expected.length, 128)
    }
  })

  it("a duration with a fraction of a second does not encode", () => {
    const half = Object.assign(read(wireSession), { duration: Duration.millis(1500) })
    assert.throws(() => encode(half))
    assert.throws(() => new RoomSessionSummary(half))
  })
})

describe("lenient decoding", () => {
  it("lenient decoding has the result of strict decoding where that succeeds", () => {
    assert.deepStrictEqual(readLeniently(wireSession), { session: read(wireSession), drifts: [] })
  })

  it.each(nullable)(
    "in lenient decoding, %s is null where it cannot be decoded, and all other fields are as they were sent",
    key => {
      const unreadable = ["name", "display_name", "layout", "preview_url", "status", "quality"].includes(key) ? 7 : {}
      const { drifts, session } = readLeniently(withValue(key, unreadable))
      assert.isTrue(Equal.equals(session, read(withValue(key, null))))
      assert.deepStrictEqual(drifts, [`${key}: ${reject(withValue(key, unreadable)).expected}`])
    }
  )

  it.each(neverNull)("lenient decoding fails where %s cannot be decoded", key => {
    for (const value of [7, {}, null]) {
      const { drifts, result } = lenient(bytes({ ...withValue(key, value), duration: -1 }))
      assert.deepInclude(Either.getOrThrow(Either.flip(result)), { reason: "SchemaMismatch", path: key })
      assert.deepStrictEqual(drifts, [])
    }
  })

  it.each([
    ["null", null],
    ["a list", []],
    ["a string", "session"],
    ["a number", 1]
  ])("lenient decoding fails for %s in place of a session", (_, value) => {
    assert.deepInclude(Either.getOrThrow(Either.flip(lenient(bytes(value)).result)), { path: "" })
  })

  it.prop(
    "both decoders agree in both modes, and a field that is decoded leniently is the same as strictly, or null",
    [FastCheck.dictionary(FastCheck.constantFrom(...Object.keys(wireSession), "extra"), FastCheck.jsonValue())],
    ([changes]) => {
      const value = JSON.parse(JSON.stringify({ ...wireSession, ...changes }))
      const { drifts, result } = lenient(bytes(value))
      const { result: strictly } = strict(bytes(value))
      if (Either.isRight(strictly)) assert.deepStrictEqual([result, drifts], [strictly, []])
      if (Either.isLeft(result) || Either.isRight(strictly)) return
      const paths = drifts.map(drift => drift.split(":")[0] ?? "")
      assert.isAbove(paths.length, 0)
      const corrected = { ...value, ...Object.fromEntries(paths.map(path => [path, null])) }
      assert.isTrue(Equal.equals(result.right, read(corrected)))
    },
    { fastCheck: { numRuns: 1000 } }
  )
})

describe("the expected value", () => {
  const expectations = {
    id: "a UUID",
    room_id: "a UUID, or null",
    name: "a string, or null",
    display_name: "a string, or null",
    max_members: "a whole number, or null",
    quality: "a string, or null",
    fps: "a string or a number, or null",
    join_from: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    join_until: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    remove_at: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    remove_after_seconds_elapsed: "a whole number of seconds, at least 0, or null",
    layout: "a string, or null",
    record_on_start: "a boolean",
    tone_on_entry_and_exit: "a boolean, or null",
    room_join_video_off: "a boolean, or null",
    user_join_video_off: "a boolean, or null",
    locked: "a boolean, or null",
    start_time: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    end_time: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    duration: "a whole number of seconds, at least 0, or null",
    status: "a string, or null",
    created_at: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    updated_at: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null",
    preview_url: "a string, or null",
    prioritize_handraise: "a boolean, or null",
    sync_audio_video: "a boolean, or null"
  }

  it.each(Object.entries(expectations))(
    "the expected value of %s is %s, whatever was sent instead",
    (key, expected) => {
      for (const value of [{}, [], { PRIVATE: 1 }, [1, 2]]) {
        assert.strictEqual(reject(withValue(key, value)).expected, expected)
      }
    }
  )

  it.each(["start_time", "created_at", "duration", "max_members", "id", "room_id"])(
    "the expected value of %s does not depend on the value that was sent",
    key => {
      for (const value of ["", "PRIVATE", -0.5, "2026-02-30T00:00:00Z", true]) {
        assert.strictEqual(reject(withValue(key, value)).expected, Reflect.get(expectations, key))
      }
    }
  )

  it.each(neverNull)("the expected value of %s is the same where it is missing", key => {
    assert.strictEqual(reject(without(key)).expected, expectations[key])
  })

  it("the expected value of a session is an object", () => {
    assert.strictEqual(reject([wireSession]).expected, "an object")
  })
})

describe("the JSON of a session", () => {
  it.prop(
    "the JSON of a session is as the service sends it, and decodes to an equal session",
    [RoomSessionSummary],
    ([session]) => {
      const text = JSON.stringify(session)
      assert.deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(encode(session))))
      assert.isTrue(Equal.equals(Schema.decodeSync(Schema.parseJson(RoomSessionSummary))(text), session))
    },
    { fastCheck: { numRuns: 200 } }
  )

  it("the JSON of a session equals the JSON that was decoded, in the order of the contract", () => {
    assert.strictEqual(JSON.stringify({ session: read(wireSession) }), JSON.stringify({ session: wireSession }))
  })
})

describe("RoomSessionId", () => {
  const isId = Schema.is(RoomSession.RoomSessionId)
  it("a RoomSessionId is a UUID in either case", () => {
    assert.isTrue(isId(sessionId))
    assert.isTrue(isId(sessionId.toUpperCase()))
  })
  it.each([
    "",
    "..",
    "%2e%2e",
    "a/b",
    `${sessionId} `,
    `${sessionId}\n`,
    `{${sessionId}}`,
    sessionId.replaceAll("-", "")
  ])(
    "%j is not a RoomSessionId",
    text => assert.isFalse(isId(text))
  )
})
