/** What a fuzzed response is made of, as data that fast-check can shrink. */
import { RoomSession } from "@effect-signalwire/core"
import { RoomSessionArbitrary } from "@effect-signalwire/core/testing"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"

const position = FastCheck.nat(0xffff)
const bytes = FastCheck.uint8Array({ minLength: 1, maxLength: 24 })

/** Changes to the JSON text, before it is framed: the response is complete, but its body may not be a session. */
const bodyDamage = FastCheck.oneof(
  FastCheck.record({ _tag: FastCheck.constant("Cut" as const), at: position }),
  FastCheck.record({ _tag: FastCheck.constant("Flip" as const), at: position, bit: FastCheck.nat(7) }),
  FastCheck.record({ _tag: FastCheck.constant("Insert" as const), at: position, bytes }),
  FastCheck.record({
    _tag: FastCheck.constant("Delete" as const),
    at: position,
    count: FastCheck.integer({ min: 1, max: 40 })
  })
)

/** Another value for a key, which the schema may or may not allow. */
const replacement = FastCheck.record({
  _tag: FastCheck.constant("Replace" as const),
  key: position,
  value: FastCheck.oneof(FastCheck.jsonValue({ maxDepth: 2 }), FastCheck.constant(undefined))
})

/** Changes to the bytes on the wire, framing included. */
const wireDamage = FastCheck.record({ _tag: FastCheck.constant("Wire" as const), change: bodyDamage })

/** Status lines and headers with which even a valid body is not a success. */
const headDamage = FastCheck.oneof(
  FastCheck.record({
    _tag: FastCheck.constant("Status" as const),
    status: FastCheck.oneof(
      FastCheck.constantFrom(
        101,
        201,
        204,
        206,
        301,
        302,
        304,
        307,
        400,
        401,
        403,
        404,
        408,
        422,
        429,
        500,
        502,
        503,
        504
      ),
      FastCheck.integer({ min: 0, max: 1200 }).filter(status => status !== 200)
    )
  }),
  FastCheck.record({
    _tag: FastCheck.constant("Header" as const),
    line: FastCheck.constantFrom(
      "content-encoding: gzip",
      "content-length: 1",
      "content-length: -1",
      "content-length: 99999999999999999999",
      "content-length: 0x10",
      "content-length: 2, 3",
      "transfer-encoding: gzip",
      "transfer-encoding: chunked, identity",
      "a line without its colon",
      ": no name",
      "bad name: x",
      "nul: a\u0000b",
      `x-large: ${"a".repeat(20_000)}`
    )
  }),
  FastCheck.record({
    _tag: FastCheck.constant("ContentType" as const),
    type: FastCheck.constantFrom(
      "text/html",
      "text/plain; charset=utf-8",
      "application/json; charset=utf-16",
      "image/webp"
    )
  }),
  FastCheck.record({ _tag: FastCheck.constant("Garbage" as const), bytes: FastCheck.uint8Array({ maxLength: 600 }) }),
  FastCheck.record({
    _tag: FastCheck.constant("Echo" as const),
    status: FastCheck.constantFrom(400, 401, 404, 422, 429, 500, 503),
    form: FastCheck.constantFrom("header", "base64", "token", "url", "json")
  })
)

const none = FastCheck.constant({ _tag: "None" as const })

const framing = FastCheck.oneof(
  FastCheck.constant({ _tag: "Length" as const }),
  FastCheck.record({
    _tag: FastCheck.constant("Chunked" as const),
    sizes: FastCheck.array(FastCheck.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }),
    extension: FastCheck.constantFrom("", ";a=b", ";a=\"b\""),
    trailer: FastCheck.constantFrom("", "x-trailer: 1\r\n")
  }),
  FastCheck.constant({ _tag: "Close" as const })
)

const damage = FastCheck.oneof(
  { weight: 3, arbitrary: none },
  { weight: 4, arbitrary: bodyDamage },
  { weight: 2, arbitrary: replacement },
  { weight: 6, arbitrary: wireDamage },
  { weight: 4, arbitrary: headDamage }
)

const encode = Schema.encodeSync(RoomSession.RoomSessionSummary)

export const plan = FastCheck.record({
  session: RoomSessionArbitrary.anyValid.map(session => ({ ...encode(session) })),
  extra: FastCheck.dictionary(FastCheck.string({ maxLength: 12 }), FastCheck.jsonValue({ maxDepth: 1 }), {
    maxKeys: 2
  }),
  withoutNulls: FastCheck.boolean(),
  numericFps: FastCheck.boolean(),
  indent: FastCheck.constantFrom(0, 2),
  version: FastCheck.constantFrom("1.1", "1.1", "1.1", "1.0"),
  phrase: FastCheck.constantFrom("OK", "", "Everything is fine", "\u00e9\u00e8"),
  contentType: FastCheck.constantFrom(
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON;charset=\"UTF-8\"",
    "application/vnd.api+json",
    undefined
  ),
  headers: FastCheck.array(
    FastCheck.constantFrom(
      "Server: nginx",
      "x-request-id: abc",
      "Date: Tue, 24 Nov 2026 04:00:00 GMT",
      "x-empty:",
      "Retry-After: 1",
      "Connection: keep-alive",
      "Set-Cookie: a=b"
    ),
    { maxLength: 4 }
  ),
  interim: FastCheck.constantFrom("", "", "", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
  framing,
  damage,
  after: FastCheck.constantFrom("", "", "", "junk", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
  cuts: FastCheck.array(position, { maxLength: 5 }),
  pause: FastCheck.constantFrom("none", "tick", "millisecond"),
  ending: FastCheck.constantFrom("stay", "fin", "reset")
})

export type Plan = typeof plan extends FastCheck.Arbitrary<infer P> ? P : never
