import { assert, describe, it } from "@effect/vitest"
import { FastCheck, Redacted } from "effect"
import { ErrorDetail } from "../../src/SignalWireError.ts"
import { basic, makeTaint } from "../../src/internal/authorization.ts"
import * as errorDetails from "../../src/internal/errorDetails.ts"
import { clean } from "../../src/internal/serverText.ts"
import { cpuMillisSince } from "../support/cpu.ts"

const service = (projectId: string, token: string) => ({
  origin: "https://acme.signalwire.com",
  pathPrefix: "",
  projectId,
  apiToken: Redacted.make(token)
})

const harmless = () => false

describe("authorization", () => {
  it.each([
    ["project", "token"],
    ["project", "Grüße"],
    ["project", "日本語🔑"],
    ["prøject", "a:b:c"],
    ["project", "%+/ \\\""]
  ])("the pair %s and %s is the base64 of its UTF-8 bytes", (projectId, token) => {
    const expected = Buffer.from(`${projectId}:${token}`, "utf8").toString("base64")
    assert.strictEqual(basic(service(projectId, token)), `Basic ${expected}`)
  })

  it.prop("the pair is byte-exact for every token", [FastCheck.fullUnicodeString({ minLength: 1 })], ([token]) => {
    const sent = basic(service("project", token)).slice("Basic ".length)
    assert.strictEqual(Buffer.from(sent, "base64").toString("utf8"), `project:${token}`)
  })
})

describe("text of a server", () => {
  it.each([
    ["plain", "plain"],
    ["  two  words ", "two  words"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b[1;31;42mloud", "loud"],
    ["\u001b]0;title\u0007rest", "0;title rest"],
    ["one\r\ntwo", "one two"],
    ["one\u2028two\u2029three", "one two three"],
    ["a\u0000b\u007fc\u009bd", "a b c d"],
    ["right\u202eleft\u200bzero\ufeffbom", "right left zero bom"],
    ["\ud800lone", "lone"],
    ["Grüße 日本語 🔑", "Grüße 日本語 🔑"]
  ])("%j is shown as %j", (text, shown) => assert.strictEqual(clean(text, 256, harmless), shown))

  it.each([undefined, null, 7, {}, [], "", " ", "\r\n", "\u001b[0m"])("%j is nothing", value => {
    assert.isUndefined(clean(value, 256, harmless))
  })

  it.prop("is one line of at most its length, without control characters", [
    FastCheck.fullUnicodeString({ maxLength: 400 }),
    FastCheck.integer({ min: 1, max: 300 })
  ], ([text, length]) => {
    const shown = clean(text, length, harmless) ?? ""
    assert.isAtMost(shown.length, length)
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.notMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  }, { fastCheck: { numRuns: 1000 } })

  it("does not end within a character", () => {
    assert.strictEqual(clean(`${"x".repeat(9)}🔑`, 10, harmless), "x".repeat(9))
  })

  it("a long text takes no long time", () => {
    const taint = makeTaint(service("project", "PTtopsecret"))
    for (const piece of ["\u001b[", "%2", "\\u00", "\r\n", "a", "\u001b"]) {
      const started = process.cpuUsage()
      clean(piece.repeat(1_000_000), 128, taint)
      assert.isBelow(cpuMillisSince(started), 250, JSON.stringify(piece))
    }
  })
})

/** All the ways in which a server may repeat a secret. */
const echoes = (secret: string): ReadonlyArray<readonly [way: string, text: string]> => [
  ["as it is", secret],
  ["inside of words", `your token ${secret} is wrong`],
  ["URL-encoded", encodeURIComponent(secret)],
  ["URL-encoded with lower-case digits", encodeURIComponent(secret).replace(/%../g, byte => byte.toLowerCase())],
  ["URL-encoded throughout", [...Buffer.from(secret)].map(byte => `%${byte.toString(16).padStart(2, "0")}`).join("")],
  ["as a URL with its plus signs", encodeURI(secret)],
  ["as a form", new URLSearchParams({ secret }).toString()],
  ["in JSON", JSON.stringify({ secret })],
  [
    "in JSON, all escaped",
    secret.split("").map(char => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
  ],
  ["twice URL-encoded", encodeURIComponent(encodeURIComponent(secret))],
  ["in JSON in JSON in JSON", JSON.stringify(JSON.stringify(JSON.stringify({ secret })))],
  [
    "in hexadecimal escapes",
    secret.replace(/[^a-z0-9]/gi, char =>
      char.charCodeAt(0) < 256
        ? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`
        : char)
  ],
  ["as HTML", secret.replace(/[^a-z0-9]/gi, char => `&#x${(char.codePointAt(0) ?? 0).toString(16)};`)],
  ["as HTML with decimals", secret.replace(/[^a-z0-9]/gi, char => `&#${char.codePointAt(0)};`)],
  ["as HTML with names", secret.replaceAll("&", "&amp;").replaceAll("\"", "&quot;").replaceAll("<", "&lt;")],
  ["in a header, its bytes as latin-1", Buffer.from(secret).toString("latin1")],
  ["in part", `${secret.slice(0, 19)}...`],
  ["with colours", secret.split("").join("\u001b[31m")],
  ["over two lines", `${secret.slice(0, 3)}\r\n${secret.slice(3)}`],
  ["with invisible characters", secret.split("").join("\u200b")]
]

describe("secrets", () => {
  for (const token of ["PTtopsecret0123456789", "t%+/=&?ü\"\\secret-of-mine", "??>>~~ñé-topsecret-1"]) {
    const credentials = service("f1e2d3c4", token)
    const taint = makeTaint(credentials)
    const pair = basic(credentials).slice("Basic ".length)
    const urlSafe = pair.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

    describe.each([
      ["token", token],
      ["token in base64", Buffer.from(token).toString("base64")],
      ["token in base64url", Buffer.from(token).toString("base64url")],
      ["pair", pair],
      ["pair in base64url", urlSafe],
      ["pair without padding", pair.replace(/=+$/, "")]
    ])(
      `the %s of ${token}`,
      (_, secret) => {
        it.each(echoes(secret))("is not shown %s", (_way, text) => {
          const shown = clean(text, 256, taint) ?? ""
          assert.strictEqual(shown, "<redacted>")
        })
      }
    )
  }

  it("a text cut in the middle of the secret does not show the first half", () => {
    const taint = makeTaint(service("project", "PTtopsecret"))
    assert.strictEqual(clean(`${"x".repeat(120)} PTtopsecret`, 128, taint), "<redacted>")
    for (let colours = 4000; colours < 4100; colours++) {
      assert.notInclude(clean(`a${"\u001b[0m".repeat(colours)} PTtopsecret`, 128, taint), "P")
    }
  })

  it("an ordinary text stays", () => {
    const taint = makeTaint(service("project", "PTtopsecret"))
    assert.strictEqual(clean("7d1f-9a%20b+c", 128, taint), "7d1f-9a%20b+c")
  })
})

describe("details of a refusal", () => {
  const read = (value: unknown, taint: (text: string) => boolean = harmless) =>
    errorDetails.read([new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value))], taint)

  const full = {
    type: "validation_error",
    code: "not_a_uuid",
    message: "must be a UUID",
    attribute: "id",
    url: "https://x"
  }

  it("the vendor's list is read", () => {
    assert.deepStrictEqual(read({ errors: [full, { code: "second" }] }), [
      new ErrorDetail(full),
      new ErrorDetail({ code: "second" })
    ])
  })

  it("one complaint without a list is read", () => assert.deepStrictEqual(read(full), [new ErrorDetail(full)]))

  it("the older shape is read", () => {
    assert.deepStrictEqual(
      read({ errors: [{ detail: "must be a UUID", status: "422", title: "Invalid", code: "x" }] }),
      [new ErrorDetail({ type: "Invalid", code: "x", message: "must be a UUID" })]
    )
  })

  it("a message alone is read", () => {
    assert.deepStrictEqual(read({ message: "Unauthorized" }), [new ErrorDetail({ message: "Unauthorized" })])
  })

  it.each([
    "{\"error\":\"Bad Request\"}",
    "<html><body>400</body></html>",
    "",
    "null",
    "[]",
    "7",
    "\"text\"",
    "{\"errors\":[]}",
    "{\"errors\":{}}",
    "{\"errors\":[null,7,\"x\",[],{}]}",
    "{\"errors\":[{\"code\":\"cut off",
    "{\"errors\":[{\"code\":7,\"message\":{\"a\":1}}]}",
    "{\"__proto__\":{\"code\":\"x\"}}",
    "[".repeat(60_000)
  ])("%j has none", text => assert.deepStrictEqual(read(text.slice(0, 65_536)), []))

  it("bytes that are not UTF-8 have none", () => {
    assert.deepStrictEqual(errorDetails.read([new Uint8Array([0xff, 0xfe])], harmless), [])
  })

  it("at most 16 are kept, of at most 256 characters each", () => {
    const found = read({
      errors: Array.from({ length: 100 }, () => ({ message: "m".repeat(1000), code: "c\r\n\u001b[1md" }))
    })
    assert.strictEqual(found.length, 16)
    assert.isTrue(found.every(detail => detail.message?.length === 256 && detail.code === "c d"))
  })

  it("a detail that repeats the token is redacted", () => {
    const taint = makeTaint(service("project", "PTtopsecret"))
    assert.deepStrictEqual(read({ errors: [{ code: "x", message: "PTtopsecret is wrong" }] }, taint), [
      new ErrorDetail({ code: "x", message: "<redacted>" })
    ])
  })
})
