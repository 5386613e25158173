import { assert, describe, it } from "@effect/vitest"
import { FastCheck, Redacted } from "effect"
import { basic, makeContainsSecret } from "../../src/internal/request/authorization.ts"
import { sanitize } from "../../src/internal/response/serverText.ts"
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

describe("a text of the server", () => {
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
  ])("%j is shown as %j", (text, shown) => assert.strictEqual(sanitize(text, 256, harmless), shown))

  it.each([undefined, null, 7, {}, [], "", " ", "\r\n", "\u001b[0m"])("%j is undefined", value => {
    assert.isUndefined(sanitize(value, 256, harmless))
  })

  it.prop("is shown as one line of at most its length, without control characters", [
    FastCheck.fullUnicodeString({ maxLength: 400 }),
    FastCheck.integer({ min: 1, max: 300 })
  ], ([text, length]) => {
    const shown = sanitize(text, length, harmless) ?? ""
    assert.isAtMost(shown.length, length)
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.notMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  }, { fastCheck: { numRuns: 1000 } })

  it("that is cut does not end within a character", () => {
    assert.strictEqual(sanitize(`${"x".repeat(9)}🔑`, 10, harmless), "x".repeat(9))
  })

  it("that is 4 MB of control sequences and escapes takes less than 250 ms of CPU", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    for (const piece of ["\u001b[", "%2", "\\u00", "\r\n", "a", "\u001b"]) {
      const started = process.cpuUsage()
      sanitize(piece.repeat(1_000_000), 128, containsSecret)
      assert.isBelow(cpuMillisSince(started), 250, JSON.stringify(piece))
    }
  })

  it.each([
    ["whole", "your token PTtopsecret is wrong"],
    ["between ANSI sequences", "PTtopsecret".split("").join("\u001b[31m")],
    ["beyond what is shown", `${"x".repeat(120)} PTtopsecret`]
  ])("that contains the token %s is shown as <redacted>", (_, text) => {
    assert.strictEqual(sanitize(text, 128, makeContainsSecret(service("project", "PTtopsecret"))), "<redacted>")
  })

  it("that is too long to be examined does not show the beginning of a token where it is cut", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    for (let sequences = 4000; sequences < 4100; sequences++) {
      assert.notInclude(sanitize(`a${"\u001b[0m".repeat(sequences)} PTtopsecret`, 128, containsSecret), "P")
    }
  })
})
