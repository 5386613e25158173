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
  ])("%j is shown as %j", (text, shown) => assert.strictEqual(sanitize(text, 256, harmless), shown))

  it.each([undefined, null, 7, {}, [], "", " ", "\r\n", "\u001b[0m"])("%j is nothing", value => {
    assert.isUndefined(sanitize(value, 256, harmless))
  })

  it.prop("is one line of at most its length, without control characters", [
    FastCheck.fullUnicodeString({ maxLength: 400 }),
    FastCheck.integer({ min: 1, max: 300 })
  ], ([text, length]) => {
    const shown = sanitize(text, length, harmless) ?? ""
    assert.isAtMost(shown.length, length)
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.notMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  }, { fastCheck: { numRuns: 1000 } })

  it("does not end within a character", () => {
    assert.strictEqual(sanitize(`${"x".repeat(9)}🔑`, 10, harmless), "x".repeat(9))
  })

  it("a long text takes no long time", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    for (const piece of ["\u001b[", "%2", "\\u00", "\r\n", "a", "\u001b"]) {
      const started = process.cpuUsage()
      sanitize(piece.repeat(1_000_000), 128, containsSecret)
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
  [
    "URL-encoded throughout, four times",
    encodeURIComponent(encodeURIComponent(encodeURIComponent(
      [...Buffer.from(secret)].map(byte => `%${byte.toString(16).padStart(2, "0")}`).join("")
    )))
  ],
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
  ["with invisible characters", secret.split("").join("\u200b")],
  ["with signs that are letters in lower case", secret.split("").join("\u212a")]
]

describe("secrets", () => {
  for (const token of ["PTtopsecret0123456789", "t%+/=&?ü\"\\secret-of-mine", "??>>~~ñé-topsecret-1"]) {
    const credentials = service("f1e2d3c4", token)
    const containsSecret = makeContainsSecret(credentials)
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
          const shown = sanitize(text, 256, containsSecret) ?? ""
          assert.strictEqual(shown, "<redacted>")
        })
      }
    )
  }

  it("a text cut in the middle of the secret does not show the first half", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    assert.strictEqual(sanitize(`${"x".repeat(120)} PTtopsecret`, 128, containsSecret), "<redacted>")
    for (let colours = 4000; colours < 4100; colours++) {
      assert.notInclude(sanitize(`a${"\u001b[0m".repeat(colours)} PTtopsecret`, 128, containsSecret), "P")
    }
  })

  it("an ordinary text stays", () => {
    const containsSecret = makeContainsSecret(service("project", "PTtopsecret"))
    assert.strictEqual(sanitize("7d1f-9a%20b+c", 128, containsSecret), "7d1f-9a%20b+c")
  })
})

const bytesOf = (text: string): string => Buffer.from(text).toString("latin1")

const pointOf = (point: number): string => (point > 0x10ffff ? "" : bytesOf(String.fromCodePoint(point)))

const unescaped = (text: string): string =>
  text
    .replace(/(?:%|\\x)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/(?:\\u[0-9a-f]{4})+/gi, units =>
      bytesOf(units.replace(/\\u(....)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))))
    .replace(/&#x([0-9a-f]{1,8});?/gi, (_, hex: string) =>
      pointOf(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,10});?/g, (_, digits: string) => pointOf(Number(digits)))
    .replace(/&(?:lt|gt|quot|apos|nbsp);/g, "")
    .replace(/&amp;/g, "&")

/** Finds a secret, or eight letters and digits of it, slowly: by a look for each part of each form. */
const slowly = (token: string, pair: string) => {
  const plain = (text: string) =>
    unescaped(unescaped(unescaped(unescaped(text)))).replace(/[\s+\\"'&<>=/_-]/g, "").toLowerCase()
  const alphanumeric = (text: string) => text.replace(/[^0-9a-z]/g, "")
  const base64 = (text: string) => Buffer.from(text).toString("base64")
  const secrets = [token, pair, base64(token), base64(`-${token}`), base64(`--${token}`), base64(`Basic ${pair}`)]
    .concat(base64(`-${pair}`), base64(`--${pair}`))
    .concat(Buffer.from(token).toString("hex"), Buffer.from(pair).toString("hex"))
  const forms = secrets.map(secret => plain(bytesOf(secret))).filter(form => form !== "")
  const parts = forms.map(alphanumeric)
    .flatMap(form => Array.from({ length: Math.max(0, form.length - 7) }, (_, start) => form.slice(start, start + 8)))
  return (text: string) =>
    secrets.some(secret => text.includes(secret)) ||
    [plain(text), plain(bytesOf(text))].some(found =>
      forms.some(form => found.includes(form)) || parts.some(part => alphanumeric(found).includes(part))
    )
}

const writings: ReadonlyArray<(text: string) => string> = [
  text => text,
  text => encodeURIComponent(Buffer.from(text).toString()),
  text => [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  text => [...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  text => text.split("").map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  text => Array.from(text, character => `&#x${character.codePointAt(0)?.toString(16)};`).join(""),
  text => Array.from(text, character => `&#${character.codePointAt(0)}`).join(""),
  text => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
  text => Array.from(text, character => `&amp;#x${character.codePointAt(0)?.toString(16).padStart(7, "0")};`).join(""),
  text => Buffer.from(JSON.stringify({ authorization: `Basic ${text}` })).toString("base64"),
  text => JSON.stringify(text),
  text => Buffer.from(text).toString("latin1"),
  text => text.toUpperCase(),
  text => text.split("").join("\u200b"),
  text => text.replaceAll(/k/gi, "\u212a")
]

describe("the look for a secret", () => {
  it.each([
    "PT0123456789abcdefghijklmnopqrstuvwxyz",
    "PT%2Fs3cr+t/\"q\\n\\u000a%0A&=?é漢🔑~",
    "short",
    "x&#65;yz\\x41secret",
    "kKiİ\u212asecretkeyki",
    "日本語🔑",
    "%"
  ])("for %j finds what a slow one finds", token => {
    const credentials = service("f1e2d3c4-b5a6", token)
    const pair = basic(credentials).slice("Basic ".length)
    const quick = makeContainsSecret(credentials)
    const slow = slowly(token, pair)
    const written = FastCheck.tuple(
      FastCheck.constantFrom(token, pair, Buffer.from(token).toString("base64"), Buffer.from(token).toString("hex")),
      FastCheck.array(FastCheck.constantFrom(...writings), { maxLength: 3 }),
      FastCheck.nat(10),
      FastCheck.integer({ min: 1, max: 60 })
    ).map(([secret, ways, start, length]) =>
      ways.reduce((text, write) => write(text), secret.slice(start % secret.length).slice(0, length))
    )
    const piece = FastCheck.oneof(
      written,
      FastCheck.fullUnicodeString({ maxLength: 4 }),
      FastCheck.constantFrom(
        "%",
        "%4",
        "\\",
        "\\x",
        "\\u00",
        "&",
        "&#",
        "&#x4",
        ";",
        " ",
        "\u001b[1m",
        "\u0000",
        "1",
        "41"
      )
    )
    const text = FastCheck.array(piece, { maxLength: 5 }).map(pieces => pieces.join(""))
    FastCheck.assert(FastCheck.property(text, said => assert.strictEqual(quick(said), slow(said))), { numRuns: 2000 })
  })
})
