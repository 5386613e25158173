import { RoomSession, type SignalWireError } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import process from "node:process"
import { inspect } from "node:util"
import { gzipSync } from "node:zlib"
import { call } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { cases, eachTransport, oneCase } from "./harness/faultTest.ts"
import * as rawServer from "./harness/rawServer.ts"
import { endless, head, json, ok, respond, send, sequence, stall } from "./harness/scripts.ts"
import { session, sessionId, wireSession } from "./harness/session.ts"

const typed = { "content-type": "application/json" }
const mebibyte = 1_048_576

/** How many bytes the system may buffer between a server that still writes and a client that no longer reads. */
const buffered = 12 * mebibyte

const invalidResponse = (fields: Readonly<Record<string, unknown>>): Expected => ({
  error: { _tag: "SignalWireInvalidResponse", attempts: 1, ...fields },
  requests: 1
})
const invalid = (reason: SignalWireError.InvalidResponse["reason"]) => invalidResponse({ reason })
const mismatch = (path: string) => invalidResponse({ reason: "SchemaMismatch", path })

/** The text of the session with more text before its own keys, which `JSON.stringify` could not write. */
const prefixed = (text: string): string => `{${text},${session().slice(1)}`

/** The text of the session with another text in place of the value of a key. */
const withText = (key: keyof typeof wireSession, text: string): string =>
  `{${
    Object.entries(wireSession)
      .map(([name, value]) => `${JSON.stringify(name)}:${name === key ? text : JSON.stringify(value)}`)
      .join(",")
  }}`

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth)

const decoded = (fields: Readonly<Record<string, unknown>> = {}): Expected => ({ requests: 1, session: fields })

describe("Bodies", () => {
  oneCase(
    "the example of the contract is decoded",
    [ok],
    decoded({ id: sessionId, name: "weekly", status: "completed", fps: "20", remove_at: null })
  )

  oneCase("a session with unknown keys is decoded", [
    json(200, session({ a_new_key: { with: ["anything"] }, another: null }))
  ], decoded({ name: "weekly" }))

  cases("a new value of status, quality or fps is decoded", {
    "a new status": { scripts: [json(200, session({ status: "paused" }))], expected: decoded({ status: "paused" }) },
    "a new quality": { scripts: [json(200, session({ quality: "2160p" }))], expected: decoded({ quality: "2160p" }) },
    "a new fps": { scripts: [json(200, session({ fps: "60" }))], expected: decoded({ fps: "60" }) },
    "fps as a known number": { scripts: [json(200, session({ fps: 30 }))], expected: decoded({ fps: "30" }) },
    "fps as a new number": { scripts: [json(200, session({ fps: 59.94 }))], expected: decoded({ fps: "59.94" }) },
    "20 of the 26 keys": {
      scripts: [json(200, session({ prioritize_handraise: undefined, preview_url: undefined, fps: undefined }))],
      expected: decoded({ prioritize_handraise: null, preview_url: null, fps: null })
    }
  })

  const wrong: Readonly<Record<string, { readonly body: string; readonly path: string }>> = {
    "a missing key": { body: session({ record_on_start: undefined }), path: "record_on_start" },
    "null for a key that is never null": { body: session({ record_on_start: null }), path: "record_on_start" },
    "a string for a boolean": { body: session({ locked: "PRIVATE" }), path: "locked" },
    "an object for a string": { body: session({ name: { PRIVATE: "PRIVATE" } }), path: "name" },
    "text for a date-time": { body: session({ start_time: "PRIVATE" }), path: "start_time" },
    "a day that does not exist": { body: session({ start_time: "2026-02-30T00:00:00Z" }), path: "start_time" },
    "a fraction of a second": { body: session({ duration: 1.5 }), path: "duration" },
    "text for a UUID": { body: session({ room_id: "PRIVATE" }), path: "room_id" },
    "an array": { body: `[${session()}]`, path: "" },
    "a string": { body: "\"PRIVATE\"", path: "" },
    "null": { body: "null", path: "" }
  }

  eachTransport(
    "a missing key or a wrong type is InvalidResponse SchemaMismatch with the path and without values",
    transport =>
      Effect.forEach(Object.entries(wrong), ([name, { body, path }]) =>
        Effect.gen(function*() {
          const where = `${name} over ${transport}`
          const target = yield* rawServer.make([json(200, body)])
          const result = yield* call(transport, target)
          assertResult(result, target.requests.length, mismatch(path), where)
          const error = Option.getOrThrow(errorOf(result.exit))
          const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
          assert.notMatch(shown, /PRIVATE|02-30|1\.5/, `no values, ${where}`)
        }), { concurrency: "unbounded", discard: true })
  )

  cases("an empty 200 is InvalidResponse InvalidJson", {
    "by its length": { scripts: [json(200, "")], expected: invalid("InvalidJson") },
    "in chunks": {
      scripts: [send(head(200, { ...typed, "transfer-encoding": "chunked" }), "0\r\n\r\n")],
      expected: invalid("InvalidJson")
    },
    "white space": { scripts: [json(200, " \r\n")], expected: invalid("InvalidJson") }
  })

  oneCase("a 200 with text/html is InvalidResponse UnexpectedContentType", [
    respond(200, "<h1>Welcome</h1>", { "content-type": "text/html" })
  ], invalid("UnexpectedContentType"))

  oneCase(
    "HTML labeled as JSON is InvalidResponse InvalidJson",
    [json(200, "<!doctype html><h1>Welcome</h1>")],
    invalid("InvalidJson")
  )

  cases("UTF-16 is InvalidResponse UnexpectedContentType, and a BOM is ignored", {
    "charset utf-16": {
      scripts: [
        respond(200, Buffer.from(session(), "utf16le"), { "content-type": "application/json; charset=utf-16" })
      ],
      expected: invalid("UnexpectedContentType")
    },
    "UTF-16 without a charset": {
      scripts: [json(200, Buffer.from(`\ufeff${session()}`, "utf16le"))],
      expected: invalid("InvalidUtf8")
    },
    "a BOM": { scripts: [json(200, `\ufeff${session()}`)], expected: decoded({ name: "weekly" }) }
  })

  const badUtf8 = Buffer.from(session({ name: "@@@@" }))
  badUtf8.set([0xff, 0xfe, 0xc0, 0x80], badUtf8.indexOf("@@@@"))

  cases("a string with the bytes FF FE C0 80 is InvalidResponse InvalidUtf8", {
    "FF FE C0 80": { scripts: [json(200, badUtf8)], expected: invalid("InvalidUtf8") },
    "a character cut in two": {
      scripts: [json(200, Buffer.from(session({ name: "é" })).subarray(0, session().indexOf("weekly") + 1))],
      expected: invalid("InvalidUtf8")
    }
  })

  const polluting = prefixed(
    "\"__proto__\":{\"polluted\":true},\"constructor\":{\"prototype\":{\"polluted\":true}},\"toString\":1"
  )

  eachTransport(
    "the keys __proto__ and constructor are decoded and change no prototype",
    transport =>
      Effect.gen(function*() {
        const target = yield* rawServer.make([json(200, polluting)])
        const result = yield* call(transport, target)
        assertResult(result, target.requests.length, decoded({ name: "weekly" }), transport)
        const found = Exit.isSuccess(result.exit) ? result.exit.value : undefined
        assert.strictEqual(Object.getPrototypeOf(found), RoomSession.RoomSessionSummary.prototype)
        assert.isFalse(Object.keys(found ?? {}).some(key => key === "constructor" || key === "toString"))
        assert.isUndefined(Reflect.get({}, "polluted"))
        assert.isUndefined(Reflect.get(found ?? {}, "polluted"))
      })
  )

  /** Includes the CPU time of the other transports, which run at the same time. */
  const bounded = (expected: Expected): Expected => ({ ...expected, cpuMillis: 2000 })

  cases("a million [, duplicate keys, 1e400 and integers above 2^53 take bounded time", {
    "a million [": { scripts: [json(200, "[".repeat(1_000_000))], expected: bounded(invalid("InvalidJson")) },
    "half a million arrays": { scripts: [json(200, nested(500_000))], expected: bounded(mismatch("")) },
    "half a million arrays in a key": {
      scripts: [json(200, withText("name", nested(500_000)))],
      expected: bounded(mismatch("name"))
    },
    "half a million arrays in an unknown key": {
      scripts: [json(200, prefixed(`"unknown":${nested(500_000)}`))],
      expected: bounded(decoded({ name: "weekly" }))
    },
    "a key twice": { scripts: [json(200, prefixed("\"name\":\"first\""))], expected: decoded({ name: "weekly" }) },
    "1e400": { scripts: [json(200, withText("max_members", "1e400"))], expected: mismatch("max_members") },
    "an integer above 2^53": {
      scripts: [json(200, withText("max_members", "9007199254740993"))],
      expected: mismatch("max_members")
    },
    "a duration above 2^53": {
      scripts: [json(200, withText("duration", "9007199254740993"))],
      expected: mismatch("duration")
    }
  }, { sequential: true })

  oneCase(
    "a Content-Length of 60 MB is InvalidResponse TooLarge before the body is read",
    [sequence(send(head(200, { ...typed, "content-length": String(60 * mebibyte) })), stall)],
    { ...invalid("TooLarge"), boundMillis: 250 }
  )

  const chunk = Buffer.from(`10000\r\n${" ".repeat(65_536)}\r\n`)

  /** How many bytes a server could send without an end, and by how many the process grew. */
  const flooded = (
    { bytes, expected, first, transport }: {
      readonly transport: Parameters<typeof call>[0]
      readonly first: string
      readonly bytes: Buffer
      readonly expected: Expected
    }
  ) =>
    Effect.gen(function*() {
      let sent = 0
      const target = yield* rawServer.make([
        sequence(
          send(first),
          endless(bytes, count => {
            sent += count
          })
        )
      ])
      const before = process.memoryUsage.rss()
      const result = yield* call(transport, target)
      const grown = process.memoryUsage.rss() - before
      assertResult(result, target.requests.length, expected, transport)
      return { sent, grown }
    })

  eachTransport("endless chunks are InvalidResponse TooLarge at 1 MiB", transport =>
    Effect.gen(function*() {
      const first = head(200, { ...typed, "transfer-encoding": "chunked" })
      const flood = flooded({ transport, first, bytes: chunk, expected: invalid("TooLarge") })
      // the first run compiles code and fills caches
      yield* flood
      const { grown, sent } = yield* flood
      assert.isAtMost(sent, mebibyte + buffered, transport)
      assert.isBelow(grown, 20 * mebibyte, transport)
    }), { sequential: true })

  const bomb = gzipSync(Buffer.alloc(8 * mebibyte, " "), { level: 9 })

  cases("a compressed body is InvalidResponse UnsupportedEncoding", {
    "a gzip bomb": {
      scripts: [json(200, bomb, { "content-encoding": "gzip" })],
      expected: invalid("UnsupportedEncoding"),
      except: { fetch: invalid("TooLarge") }
    },
    "gzip of a session": {
      scripts: [json(200, gzipSync(session()), { "content-encoding": "gzip" })],
      expected: invalid("UnsupportedEncoding"),
      except: { fetch: decoded({ name: "weekly" }) }
    },
    "a session that is labeled gzip": {
      scripts: [json(200, session(), { "content-encoding": "gzip" })],
      expected: invalid("UnsupportedEncoding"),
      except: {
        "node:http": decoded({ name: "weekly" }),
        fetch: { error: { _tag: "SignalWireTransportError", reason: "Other", attempts: 1 }, requests: 1 }
      }
    },
    "a thousand layers": {
      scripts: [json(200, bomb, { "content-encoding": Array.from({ length: 1000 }, () => "gzip").join(", ") })],
      expected: invalid("UnsupportedEncoding"),
      except: {
        fetch: { error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 }
      }
    },
    "brotli": {
      scripts: [json(200, "x", { "content-encoding": "br" })],
      expected: invalid("UnsupportedEncoding")
    },
    "identity": { scripts: [json(200, session(), { "content-encoding": "identity" })], expected: decoded() },
    "gzip as the transfer encoding": {
      scripts: [send(head(200, { ...typed, "transfer-encoding": "gzip" }), bomb)],
      expected: {
        error: { _tag: new Set(["SignalWireInvalidResponse", "SignalWireTransportError"]), attempts: 1 },
        requests: 1
      }
    }
  })

  eachTransport(
    "a 500 with a 60 MB body is InternalServerError, and at most 64 KiB are read",
    transport =>
      Effect.gen(function*() {
        const { sent } = yield* flooded({
          transport,
          first: head(500, { ...typed, "content-length": String(60 * mebibyte) }),
          bytes: Buffer.alloc(65_536, " "),
          expected: { error: { _tag: "SignalWireInternalServerError", attempts: 3 }, requests: 3 }
        })
        assert.isAtMost(sent, 3 * buffered, transport)
      }),
    { sequential: true }
  )

  cases("a session with another id than the one asked for is InvalidResponse SchemaMismatch at id", {
    "another": {
      scripts: [json(200, session({ id: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" }))],
      expected: mismatch("id")
    },
    "the same in capitals": { scripts: [json(200, session({ id: sessionId.toUpperCase() }))], expected: decoded() }
  })
})
