import { assert, describe, it } from "@effect/vitest"
import { FastCheck, Redacted } from "effect"
import { ErrorDetail } from "../../src/SignalWireError.ts"
import { makeContainsSecret } from "../../src/internal/request/authorization.ts"
import * as errorDetails from "../../src/internal/response/errorDetails.ts"

const harmless = () => false

const containsSecret = makeContainsSecret({
  origin: "https://acme.signalwire.com",
  pathPrefix: "",
  projectId: "project",
  apiToken: Redacted.make("PTtopsecret")
})

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value))

const readAs = (contentType: string | undefined, value: unknown, isSecret: (text: string) => boolean = harmless) =>
  errorDetails.read({ headers: { "content-type": contentType }, chunks: [bytes(value)] }, isSecret)

const read = (value: unknown, isSecret?: (text: string) => boolean) => readAs("application/json", value, isSecret)

const details = (...expected: ReadonlyArray<ConstructorParameters<typeof ErrorDetail>[0]>) =>
  expected.map(fields => new ErrorDetail(fields))

const full = {
  type: "validation_error",
  code: "not_a_uuid",
  message: "must be a UUID",
  attribute: "id",
  url: "https://x"
}

describe("error details", () => {
  it.each<readonly [form: string, body: unknown, expected: ReadonlyArray<ErrorDetail>]>([
    ["a list", { errors: [full, { code: "second" }] }, details(full, { code: "second" })],
    [
      "a list without parameters",
      { errors: [{ ...full, attribute: null, url: null }] },
      details({
        type: full.type,
        code: full.code,
        message: full.message
      })
    ],
    [
      "a list of texts",
      { errors: ["is invalid", "is late"] },
      details(
        { message: "is invalid" },
        { message: "is late" }
      )
    ],
    ["a list of objects and texts", { errors: [{ code: "a" }, "b"] }, details({ code: "a" }, { message: "b" })],
    ["a list without a name", [{ code: "a" }, "b"], details({ code: "a" }, { message: "b" })],
    ["a list as `error`", { error: [{ code: "a" }] }, details({ code: "a" })],
    ["one object", full, details(full)],
    ["one object as `error`", { error: full }, details(full)],
    ["one object as `errors`", { errors: { message: "is invalid" } }, details({ message: "is invalid" })],
    ["an object without a code", { errors: [{ type: "t", message: "m" }] }, details({ type: "t", message: "m" })],
    ["the contract's body", { error: "Bad Request" }, details({ message: "Bad Request" })],
    ["a text as `errors`", { errors: "is invalid" }, details({ message: "is invalid" })],
    ["a message", { message: "Validate a number first." }, details({ message: "Validate a number first." })],
    ["a text", "\"Forbidden\"", details({ message: "Forbidden" })],
    [
      "the older form",
      { errors: [{ detail: "is blank", status: "422", title: "Invalid", code: "422" }] },
      details({
        type: "Invalid",
        code: "422",
        message: "is blank"
      })
    ],
    [
      "an object with numbers and a page about it",
      { code: 20_003, message: "Authenticate", more_info: "https://x/20003", status: 401 },
      details({ code: "20003", message: "Authenticate", url: "https://x/20003" })
    ],
    [
      "a problem of RFC 9457",
      { type: "https://x/p", title: "Gone", status: 410, detail: "It ended" },
      details({
        type: "https://x/p",
        message: "It ended"
      })
    ],
    [
      "lists by parameter",
      { errors: { id: ["is invalid", "is long"], name: "is blank" } },
      details(
        { attribute: "id", message: "is invalid" },
        { attribute: "id", message: "is long" },
        { attribute: "name", message: "is blank" }
      )
    ],
    [
      "lists by parameter as `error`",
      { error: { code: ["is taken"] } },
      details({
        attribute: "code",
        message: "is taken"
      })
    ],
    ["objects by parameter", { errors: { id: [{ code: "blank" }] } }, details({ attribute: "id", code: "blank" })],
    [
      "an error of OAuth",
      { error: "invalid_token", error_description: "It expired" },
      details({
        type: "invalid_token",
        message: "It expired"
      })
    ],
    [
      "a name and a message",
      { error: "Not Found", message: "No such route", statusCode: 404 },
      details({
        type: "Not Found",
        message: "No such route"
      })
    ],
    ["an empty list beside a message", { errors: [], message: "is invalid" }, details({ message: "is invalid" })]
  ])("details are read from %s", (_, body, expected) => assert.deepStrictEqual(read(body), expected))

  it.each([
    ["text/plain", "Unauthorized"],
    ["text/plain; charset=utf-8", "  Unauthorized\r\n"],
    [undefined, "Unauthorized"],
    ["application/json", "Unauthorized"],
    ["application/problem+json", "Unauthorized"],
    ["text/html", "{\"message\":\"Unauthorized\"}"]
  ])(
    "with the content type %s, the text %j is the message of a detail",
    (contentType, body) => assert.deepStrictEqual(readAs(contentType, body), details({ message: "Unauthorized" }))
  )

  it.each([
    [undefined, "<html><body>502</body></html>"],
    ["application/json", " \n<!doctype html><script>{\"message\":\"no\"}</script>"],
    ["text/html", "502 Bad Gateway <br>"],
    ["application/xml", "<Error><Code>AccessDenied</Code></Error>"],
    ["image/png", "PNG"],
    ["text/css", "body { color: red }"]
  ])(
    "with the content type %s, the text %j has no details",
    (contentType, body) => assert.deepStrictEqual(readAs(contentType, body), [])
  )

  it.each([
    "",
    " ",
    "null",
    "true",
    "[]",
    "7",
    "{}",
    "{\"errors\":[]}",
    "{\"errors\":{}}",
    "{\"errors\":7}",
    "{\"errors\":null}",
    "{\"error\":{\"error\":{\"error\":{\"message\":\"deep\"}}}}",
    "{\"errors\":[null,7,[],{},true]}",
    "{\"errors\":[{\"code\":true,\"message\":{\"a\":1}}]}",
    "{\"errors\":[{\"code\":\"cut off",
    "{\"error\":\"Unauth",
    "{\"__proto__\":{\"code\":\"x\"}}"
  ])("the body %j has no details", text => assert.deepStrictEqual(read(text), []))

  it.each([
    ["[", "[".repeat(60_000)],
    ["{\"error\":", "{\"error\":".repeat(7000)],
    ["{\"a\":", "{\"a\":".repeat(7000) + "1" + "}".repeat(7000)]
  ])(
    "a body that nests %s thousands of times has no details",
    (_, text) => assert.deepStrictEqual(read(text.slice(0, 65_536)), [])
  )

  it("a body that was cut off has the details of its complete errors", () => {
    const whole = JSON.stringify({ errors: [full, { code: "second", message: "m" }, { code: "third" }] })
    assert.deepStrictEqual(read(whole.slice(0, -5)), details(full, { code: "second", message: "m" }))
    assert.deepStrictEqual(read(whole.slice(0, 30)), [])
  })

  it("one error that was cut off has the detail of its complete members", () => {
    const flat = "{\"code\":\"outer\",\"message\":\"a {brace} in it\",\"links\":{\"title\":\"see docs\"},\"mor"
    assert.deepStrictEqual(read(flat), details({ code: "outer", message: "a {brace} in it" }))
    const nested = "{\"errors\":[{\"code\":\"outer\",\"message\":\"real\",\"meta\":{\"message\":\"inner\"}},{\"cod"
    assert.deepStrictEqual(read(nested), details({ code: "outer", message: "real" }))
  })

  it.each<readonly [body: unknown, detail: object]>([
    [{ errors: { id: { code: "x", message: "y" } } }, { attribute: "id", code: "x", message: "y" }],
    [{ errors: {}, error: ["no"] }, { message: "no" }],
    [{ errors: { title: "can't be blank" } }, { attribute: "title", message: "can't be blank" }],
    [{ errors: { id: [{ message: "no", attribute: null }] } }, { attribute: "id", message: "no" }],
    [{ errors: [...Array.from({ length: 20 }, () => null), { code: "late" }] }, { code: "late" }],
    [{ message: ["no"] }, { message: "no" }]
  ])("a detail is read from %j", (body, detail) => assert.deepStrictEqual(read(body), details(detail)))

  it("a line of a log as plain text is the message of a detail", () => {
    const headers = { "content-type": "text/plain" }
    const found = errorDetails.read({ headers, chunks: [bytes("[error] upstream timed out")] }, harmless)
    assert.deepStrictEqual(found, details({ message: "[error] upstream timed out" }))
  })

  it("a text that was cut off is a message up to its last complete character", () => {
    const chunks = [bytes("Zugriff verw"), bytes("ä").subarray(0, 1)]
    assert.deepStrictEqual(errorDetails.read({ headers: {}, chunks }, harmless), details({ message: "Zugriff verw" }))
  })

  it.prop("a body that is cut off anywhere has no details that the whole body does not have", [
    FastCheck.array(FastCheck.record({ code: FastCheck.string(), message: FastCheck.fullUnicodeString() })),
    FastCheck.nat()
  ], ([errors, cut]) => {
    const whole = bytes({ errors })
    const found = errorDetails.read({ headers: {}, chunks: [whole.subarray(0, cut % whole.length)] }, harmless)
    const all = read({ errors })
    assert.isTrue(found.every(detail => all.some(other => other.code === detail.code)))
  })

  it("a body of bytes that are not UTF-8 has no details", () => {
    assert.deepStrictEqual(errorDetails.read({ headers: {}, chunks: [new Uint8Array([0xff, 0xfe])] }, harmless), [])
  })

  it("a body has at most 16 details, with texts of at most 256 characters", () => {
    const long = { message: "m".repeat(1000), code: "c\r\n\u001b[1md" }
    for (
      const body of [
        { errors: Array.from({ length: 100 }, () => long) },
        Array.from({ length: 100 }, () => long),
        { errors: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, [long, long]])) }
      ]
    ) {
      const found = read(body)
      assert.strictEqual(found.length, 16)
      assert.isTrue(found.every(detail => detail.message?.length === 256 && detail.code === "c d"))
    }
  })

  it.each<readonly [string, unknown]>([
    ["a message", { errors: [{ message: "PTtopsecret is wrong" }] }],
    ["a text", "PTtopsecret is wrong"],
    ["a text as `error`", { error: "PTtopsecret is wrong" }],
    ["a list of texts", { errors: ["PTtopsecret is wrong"] }],
    ["one that was cut off", "{\"errors\":[{\"message\":\"PTtopsecret is wrong\"},{\"me"]
  ])("details are redacted where %s contains the token", (_, body) => {
    assert.deepStrictEqual(read(body, containsSecret), details({ message: "<redacted>" }))
  })

  it("details are redacted where the name of a parameter or a URL contains the token", () => {
    assert.deepStrictEqual(
      read({ errors: { PTtopsecret: ["is wrong"] } }, containsSecret),
      details({
        attribute: "<redacted>",
        message: "is wrong"
      })
    )
    assert.deepStrictEqual(
      read({ more_info: "https://x/?PTtopsecret" }, containsSecret),
      details({ url: "<redacted>" })
    )
  })
})
