import { RoomSession, type SignalWireError } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import process from "node:process"
import { inspect } from "node:util"
import { gzipSync } from "node:zlib"
import { failureOf } from "./harness/invariant.ts"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, cases, type Expected, row } from "./harness/row.ts"
import { endless, head, json, ok, reply, send, sequence, stall } from "./harness/scripts.ts"
import { session, sessionId, wireSession } from "./harness/session.ts"

const typed = { "content-type": "application/json" }
const mebibyte = 1_048_576

/** What the system may hold between a server that goes on writing and a client that no longer reads. */
const buffered = 12 * mebibyte

const refused = (fields: Readonly<Record<string, unknown>>): Expected => ({
  failure: { _tag: "SignalWireInvalidResponse", attempts: 1, ...fields },
  requests: 1
})
const unusable = (reason: SignalWireError.InvalidResponse["reason"]) => refused({ reason })
const mismatch = (path: string) => refused({ reason: "SchemaMismatch", path })

/** The session's text with more in front of its own keys, which JSON itself could not be made to say. */
const prefixed = (text: string): string => `{${text},${session().slice(1)}`

/** The session's text with another text in place of a key's value. */
const withText = (key: keyof typeof wireSession, text: string): string =>
  `{${
    Object.entries(wireSession)
      .map(([name, value]) => `${JSON.stringify(name)}:${name === key ? text : JSON.stringify(value)}`)
      .join(",")
  }}`

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth)

const decoded = (success: Readonly<Record<string, unknown>> = {}): Expected => ({ requests: 1, success })

describe("Bodies", () => {
  against(38, [ok], decoded({ id: sessionId, name: "weekly", status: "completed", fps: "20", remove_at: null }))

  against(39, [json(200, session({ a_new_key: { with: ["anything"] }, another: null }))], decoded({ name: "weekly" }))

  cases(40, {
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
    "null where there is never null": { body: session({ record_on_start: null }), path: "record_on_start" },
    "a string for a boolean": { body: session({ locked: "PRIVATE" }), path: "locked" },
    "an object for a string": { body: session({ name: { PRIVATE: "PRIVATE" } }), path: "name" },
    "no date": { body: session({ start_time: "PRIVATE" }), path: "start_time" },
    "a day that does not exist": { body: session({ start_time: "2026-02-30T00:00:00Z" }), path: "start_time" },
    "a fraction of a second": { body: session({ duration: 1.5 }), path: "duration" },
    "no UUID": { body: session({ room_id: "PRIVATE" }), path: "room_id" },
    "an array": { body: `[${session()}]`, path: "" },
    "a string": { body: "\"PRIVATE\"", path: "" },
    "null": { body: "null", path: "" }
  }

  row(41, transport =>
    Effect.forEach(Object.entries(wrong), ([name, { body, path }]) =>
      Effect.gen(function*() {
        const where = `${name} over ${transport}`
        const target = yield* rawServer.make([json(200, body)])
        const outcome = yield* call(transport, target)
        assertOutcome(outcome, target.requests.length, mismatch(path), where)
        const failure = Option.getOrThrow(failureOf(outcome.exit))
        const shown = inspect(failure, { depth: 10, showHidden: true }) + JSON.stringify(failure)
        assert.notMatch(shown, /PRIVATE|02-30|1\.5/, `no values, ${where}`)
      }), { concurrency: "unbounded", discard: true }))

  cases(42, {
    "by its length": { scripts: [json(200, "")], expected: unusable("InvalidJson") },
    "in chunks": {
      scripts: [send(head(200, { ...typed, "transfer-encoding": "chunked" }), "0\r\n\r\n")],
      expected: unusable("InvalidJson")
    },
    "white space": { scripts: [json(200, " \r\n")], expected: unusable("InvalidJson") }
  })

  against(43, [reply(200, "<h1>Welcome</h1>", { "content-type": "text/html" })], unusable("UnexpectedContentType"))

  against(44, [json(200, "<!doctype html><h1>Welcome</h1>")], unusable("InvalidJson"))

  cases(45, {
    "charset utf-16": {
      scripts: [reply(200, Buffer.from(session(), "utf16le"), { "content-type": "application/json; charset=utf-16" })],
      expected: unusable("UnexpectedContentType")
    },
    "UTF-16 that does not say so": {
      scripts: [json(200, Buffer.from(`\ufeff${session()}`, "utf16le"))],
      expected: unusable("InvalidUtf8")
    },
    "a BOM": { scripts: [json(200, `\ufeff${session()}`)], expected: decoded({ name: "weekly" }) }
  })

  const badUtf8 = Buffer.from(session({ name: "@@@@" }))
  badUtf8.set([0xff, 0xfe, 0xc0, 0x80], badUtf8.indexOf("@@@@"))

  cases(46, {
    "FF FE C0 80": { scripts: [json(200, badUtf8)], expected: unusable("InvalidUtf8") },
    "a character cut in two": {
      scripts: [json(200, Buffer.from(session({ name: "é" })).subarray(0, session().indexOf("weekly") + 1))],
      expected: unusable("InvalidUtf8")
    }
  })

  const polluting = prefixed(
    "\"__proto__\":{\"polluted\":true},\"constructor\":{\"prototype\":{\"polluted\":true}},\"toString\":1"
  )

  row(47, transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([json(200, polluting)])
      const outcome = yield* call(transport, target)
      assertOutcome(outcome, target.requests.length, decoded({ name: "weekly" }), transport)
      const found = Exit.isSuccess(outcome.exit) ? outcome.exit.value : undefined
      assert.strictEqual(Object.getPrototypeOf(found), RoomSession.RoomSessionSummary.prototype)
      assert.isFalse(Object.keys(found ?? {}).some(key => key === "constructor" || key === "toString"))
      assert.isUndefined(Reflect.get({}, "polluted"))
      assert.isUndefined(Reflect.get(found ?? {}, "polluted"))
    }))

  /** What the other transports do at the same time included. */
  const bounded = (expected: Expected): Expected => ({ ...expected, cpuMillis: 2000 })

  cases(48, {
    "a million [": { scripts: [json(200, "[".repeat(1_000_000))], expected: bounded(unusable("InvalidJson")) },
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

  against(
    49,
    [sequence(send(head(200, { ...typed, "content-length": String(60 * mebibyte) })), stall)],
    { ...unusable("TooLarge"), boundMillis: 250 }
  )

  const chunk = Buffer.from(`10000\r\n${" ".repeat(65_536)}\r\n`)

  /** What a server that never stops could send, and by how much the process grew. */
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
      const outcome = yield* call(transport, target)
      const grown = process.memoryUsage.rss() - before
      assertOutcome(outcome, target.requests.length, expected, transport)
      return { sent, grown }
    })

  row(50, transport =>
    Effect.gen(function*() {
      const first = head(200, { ...typed, "transfer-encoding": "chunked" })
      const flood = flooded({ transport, first, bytes: chunk, expected: unusable("TooLarge") })
      // what is compiled and allocated once is no growth
      yield* flood
      const { grown, sent } = yield* flood
      assert.isAtMost(sent, mebibyte + buffered, transport)
      assert.isBelow(grown, 20 * mebibyte, transport)
    }), { sequential: true })

  const bomb = gzipSync(Buffer.alloc(8 * mebibyte, " "), { level: 9 })

  cases(51, {
    "a gzip bomb": {
      scripts: [json(200, bomb, { "content-encoding": "gzip" })],
      expected: unusable("UnsupportedEncoding"),
      except: { fetch: unusable("TooLarge") }
    },
    "gzip of a session": {
      scripts: [json(200, gzipSync(session()), { "content-encoding": "gzip" })],
      expected: unusable("UnsupportedEncoding"),
      except: { fetch: decoded({ name: "weekly" }) }
    },
    "a session that is called gzip": {
      scripts: [json(200, session(), { "content-encoding": "gzip" })],
      expected: unusable("UnsupportedEncoding"),
      except: {
        "node:http": decoded({ name: "weekly" }),
        fetch: { failure: { _tag: "SignalWireTransportError", reason: "Other", attempts: 1 }, requests: 1 }
      }
    },
    "a thousand layers": {
      scripts: [json(200, bomb, { "content-encoding": Array.from({ length: 1000 }, () => "gzip").join(", ") })],
      expected: unusable("UnsupportedEncoding"),
      except: {
        fetch: { failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 }
      }
    },
    "brotli": {
      scripts: [json(200, "x", { "content-encoding": "br" })],
      expected: unusable("UnsupportedEncoding")
    },
    "identity": { scripts: [json(200, session(), { "content-encoding": "identity" })], expected: decoded() },
    "gzip as the transfer encoding": {
      scripts: [send(head(200, { ...typed, "transfer-encoding": "gzip" }), bomb)],
      expected: {
        failure: { _tag: new Set(["SignalWireInvalidResponse", "SignalWireTransportError"]), attempts: 1 },
        requests: 1
      }
    }
  })

  row(52, transport =>
    Effect.gen(function*() {
      const { sent } = yield* flooded({
        transport,
        first: head(500, { ...typed, "content-length": String(60 * mebibyte) }),
        bytes: Buffer.alloc(65_536, " "),
        expected: { failure: { _tag: "SignalWireInternalServerError", attempts: 3 }, requests: 3 }
      })
      assert.isAtMost(sent, 3 * buffered, transport)
    }), { sequential: true })

  cases(53, {
    "another": {
      scripts: [json(200, session({ id: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" }))],
      expected: mismatch("id")
    },
    "the same in capitals": { scripts: [json(200, session({ id: sessionId.toUpperCase() }))], expected: decoded() }
  })
})
