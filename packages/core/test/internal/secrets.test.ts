import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { contains, redact } from "../../src/internal/secrets.ts"
import { cpuMillisSince } from "../support/cpu.ts"

const json = (text: string): string => JSON.stringify(text).slice(1, -1)

/** As `json_encode` of PHP and the serializer of .NET write it. */
const asciiJson = (text: string): string =>
  json(text).replaceAll("/", "\\/").replace(
    /[^ -~]|[&<>'+]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

/** As RFC 3986 has it: everything but the unreserved characters is encoded. */
const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16)}`)

const encodings: Readonly<Record<string, (text: string) => string>> = {
  "unchanged": text => text,
  "in lower case": text => text.toLowerCase(),
  "in upper case": text => text.toUpperCase(),
  "URL-encoded": encodeURIComponent,
  "URL-encoded as RFC 3986 has it": percent,
  "URL-encoded with digits in lower case": text => encodeURIComponent(text).replace(/%../g, byte => byte.toLowerCase()),
  "URL-encoded twice": text => encodeURIComponent(percent(text)),
  "URL-encoded as a whole": encodeURI,
  "in a URL-encoded form": text => new URLSearchParams({ text }).toString().slice("text=".length),
  "in JSON": json,
  "in JSON of ASCII": asciiJson,
  "in JSON with escaped slashes": text => json(text).replaceAll("/", "\\/"),
  "in JSON in JSON": text => json(json(text)),
  "in JSON of ASCII in JSON": text => json(asciiJson(text)),
  "as Latin-1": text => Buffer.from(text).toString("latin1")
}

const base64 = (text: string): string => Buffer.from(text).toString("base64")

const secretsOf = (token: string) => {
  const pair = base64(`f1e2d3c4:${token}`)
  return {
    contains: contains(token, pair),
    secrets: {
      "token": token,
      "token in base64": base64(token),
      "token in base64url": Buffer.from(token).toString("base64url"),
      "pair": pair,
      "pair without padding": pair.replace(/=+$/, ""),
      "pair in base64url": Buffer.from(pair, "base64").toString("base64url"),
      "decoded pair": `f1e2d3c4:${token}`
    }
  }
}

const tokens = [
  "PT0123456789abcdef0123456789abcdef0123456789abcdef",
  "t%+/=&?ü\"\\secret-of-mine",
  "??>>~~ñé-topsecret-1",
  "a b'c(d)e*f!g",
  "日本語🔑の秘密のトークン"
]

describe("secrets in a text", () => {
  it.each(Object.entries(encodings))("every secret is found %s", (_, encode) => {
    for (const token of tokens) {
      const { contains, secrets } = secretsOf(token)
      for (const [secret, text] of Object.entries(secrets)) {
        assert.isTrue(contains(`you sent "${encode(text)}"`), `the ${secret} of ${token}`)
      }
    }
  })

  it.each(Object.entries(encodings))("the first 8 characters of every secret are found %s", (_, encode) => {
    for (const token of tokens) {
      const { contains, secrets } = secretsOf(token)
      for (const [secret, text] of Object.entries(secrets)) {
        const start = text.startsWith("f1e2d3c4:") ? "f1e2d3c4:".length : 0
        const characters = Array.from(text.slice(start)).slice(0, 8)
        assert.isTrue(contains(`you sent ${encode(characters.join(""))}`), `the ${secret} of ${token}`)
      }
    }
  })

  const { contains: containsSecret } = secretsOf("PT0123456789abcdef")

  it("seven characters of a secret, or the project id, are not found", () => {
    for (const text of ["PT01234", base64("PT012345").slice(0, 7), "f1e2d3c4", "7d1f-9a%20b+c"]) {
      assert.isFalse(containsSecret(`you sent ${text}`), text)
    }
  })

  it("a text with another character in place of one of the secret's is not a secret", () => {
    const token = "a/b-'\\~f"
    const containsSecret = contains(token, "")
    for (const [index, character] of Array.from(token).entries()) {
      for (const other of ["", "+", "x", " ", "\\"].filter(other => other !== character)) {
        assert.isFalse(containsSecret(token.slice(0, index) + other + token.slice(index + 1)), `${other} at ${index}`)
      }
      assert.isTrue(containsSecret(token))
    }
  })

  it("a secret of less than 8 characters is found as a whole", () => {
    assert.isTrue(contains("a+b", base64("p:a+b"))("a%2Bb"))
    assert.isFalse(contains("a+b", base64("p:a+b"))("a%2B"))
  })

  it("an empty secret is found nowhere", () => assert.isFalse(contains("", base64("project:"))("any text")))

  it("a text that contains a secret is replaced as a whole", () => {
    assert.strictEqual(redact("you sent PT0123456789abcdef", containsSecret), "<redacted>")
    assert.strictEqual(redact("you sent nothing", containsSecret), "you sent nothing")
  })

  it.prop("every secret of any token is found in every encoding", [
    FastCheck.fullUnicodeString({ minLength: 1 }),
    FastCheck.constantFrom(...Object.values(encodings).slice(3)),
    FastCheck.string()
  ], ([token, encode, before]) => {
    const { contains, secrets } = secretsOf(token)
    for (const secret of Object.values(secrets)) assert.isTrue(contains(before + encode(secret)))
  })

  // the time of code that Stryker has instrumented is another one
  it.skipIf(process.env["MUTATION_TESTS"] !== undefined)(
    "a text of 64 KiB is searched in less than 10 ms of CPU",
    () => {
      const pieces = ["\\", "%25", "%2", "PT01234", "\\u00", "é", "PT%2Fs3", base64("PT0123").slice(0, 7)]
      for (const token of [...tokens, "\\".repeat(20), `${"\\".repeat(7)}x`, `${"\\\"".repeat(4)}x`, "%".repeat(20)]) {
        const { contains } = secretsOf(token)
        for (const piece of pieces) {
          const text = piece.repeat(65_536 / piece.length)
          const millis = Array.from({ length: 5 }, () => {
            const start = process.cpuUsage()
            contains(text)
            return cpuMillisSince(start)
          })
          assert.isBelow(Math.min(...millis), 10, `${token} in ${piece}`)
        }
      }
    }
  )
})
