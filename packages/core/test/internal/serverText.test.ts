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

describe("the Authorization header", () => {
  it.each([
    ["project", "token"],
    ["project", "Grüße"],
    ["project", "日本語🔑"],
    ["prøject", "a:b:c"],
    ["project", "%+/ \\\""]
  ])("project %s and token %s are sent as the base64 of their UTF-8 bytes", (projectId, token) => {
    const expected = Buffer.from(`${projectId}:${token}`, "utf8").toString("base64")
    assert.strictEqual(basic(service(projectId, token)), `Basic ${expected}`)
  })

  it.prop("every token is sent byte for byte", [FastCheck.fullUnicodeString({ minLength: 1 })], ([token]) => {
    const sent = basic(service("project", token)).slice("Basic ".length)
    assert.strictEqual(Buffer.from(sent, "base64").toString("utf8"), `project:${token}`)
  })
})

describe("texts of the server", () => {
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
  ])("the text %j is sanitized to %j", (text, shown) => assert.strictEqual(sanitize(text, 256, harmless), shown))

  it.each(["", " ", "\r\n", "\u001b[0m"])("the text %j is sanitized to undefined", text => {
    assert.isUndefined(sanitize(text, 256, harmless))
  })

  it("a value that is not a string is sanitized to undefined", () => {
    for (const value of [undefined, null, 7, {}, []]) assert.isUndefined(sanitize(value, 256, harmless))
  })

  it.prop("a text is sanitized to one line of at most the given length, without control characters", [
    FastCheck.fullUnicodeString({ maxLength: 400 }),
    FastCheck.integer({ min: 1, max: 300 })
  ], ([text, length]) => {
    const shown = sanitize(text, length, harmless) ?? ""
    assert.isAtMost(shown.length, length)
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.notMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  }, { fastCheck: { numRuns: 1000 } })

  it("a text that is cut does not end within a character", () => {
    assert.strictEqual(sanitize(`${"x".repeat(9)}🔑`, 10, harmless), "x".repeat(9))
  })

  it("a text of up to 4 MB of control sequences and escapes is sanitized in less than 250 ms of CPU", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    for (const piece of ["\u001b[", "%2", "\\u00", "\r\n", "a", "\u001b"]) {
      const started = process.cpuUsage()
      sanitize(piece.repeat(1_000_000), 128, containsSecret)
      assert.isBelow(cpuMillisSince(started), 250, JSON.stringify(piece))
    }
  })

  it.each([
    ["as a whole", "your token PTtopsecret is wrong"],
    ["between ANSI sequences", "PTtopsecret".split("").join("\u001b[31m")],
    ["beyond the part that is shown", `${"x".repeat(120)} PTtopsecret`]
  ])("a text that contains the token %s is <redacted>", (_, text) => {
    assert.strictEqual(sanitize(text, 128, makeContainsSecret(service("project", "PTtopsecret"))), "<redacted>")
  })

  it("a text that is too long to be examined does not end with the beginning of a token", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    for (let sequences = 4000; sequences < 4100; sequences++) {
      assert.notInclude(sanitize(`a${"\u001b[0m".repeat(sequences)} PTtopsecret`, 128, containsSecret), "P")
    }
  })
})
