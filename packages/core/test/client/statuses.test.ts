import { RequestPolicy, SignalWireError } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { credentials, getOver } from "../support/client.ts"
import { json, ok, type PlayedResponse } from "../support/responses.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Tag = SignalWireError.SignalWireError["_tag"]

const noRetries = { policy: RequestPolicy.noRetries }

const declared = [
  [400, "SignalWireBadRequest", "Bad Request"],
  [401, "SignalWireUnauthorized", "Unauthorized"],
  [404, "SignalWireNotFound", "Not Found"],
  [500, "SignalWireInternalServerError", "Internal Server Error"]
] as const

const bodies: ReadonlyArray<readonly [kind: string, change: Partial<PlayedResponse>]> = [
  ["the body of the contract", {}],
  ["another JSON body", { chunks: ["{\"message\":\"no\"}"] }],
  ["an HTML body", { headers: { "content-type": "text/html" }, chunks: ["<html></html>"] }],
  ["a gzip body", { headers: { "content-encoding": "gzip" }, chunks: [new Uint8Array([31, 139, 8, 0])] }],
  ["no body", { headers: {}, chunks: [] }],
  ["a body above maxErrorBodyBytes", { chunks: ["x".repeat(70_000)] }]
]

const declaredWithBodies = declared.flatMap(([status, tag, phrase]) =>
  bodies.map(([kind, change]) => [status, kind, tag, phrase, change] as const)
)

const unexpected = [403, 409, 410, 418, 422, 501, 505, 201, 204, 205, 206, 299, 301, 302, 303, 304, 307, 308]

const notRetried: ReadonlyArray<readonly [status: number, tag: Tag]> = [
  [400, "SignalWireBadRequest"],
  [401, "SignalWireUnauthorized"],
  [404, "SignalWireNotFound"],
  ...unexpected.map(status => [status, "SignalWireUnexpectedStatus"] as const)
]

const retried: ReadonlyArray<readonly [status: number, tag: Tag]> = [
  [500, "SignalWireInternalServerError"],
  [429, "SignalWireRateLimited"],
  [408, "SignalWireServerUnavailable"],
  [502, "SignalWireServerUnavailable"],
  [503, "SignalWireServerUnavailable"],
  [504, "SignalWireServerUnavailable"]
]

const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")

const echoes = [
  ["the token", "PTtopsecret"],
  ["the base64 of project and token", pair],
  ["the URL-encoded base64 of project and token", encodeURIComponent(pair)],
  ["the authorization header", `Basic ${pair}`]
] as const

describe.concurrent.each(transports)("statuses over %s", (_, over) => {
  it.effect.each(declaredWithBodies)("a %d with %s is %s", ([status, , tag, phrase, change]) =>
    Effect.gen(function*() {
      const transport = over({ ...json(status, JSON.stringify({ error: phrase })), ...change })
      const error = yield* Effect.flip(getOver(transport, noRetries))
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect.each(notRetried)(
    "a %d is %s, is not retried, and its location is not followed",
    ([status, tag]) =>
      Effect.gen(function*() {
        const transport = over(json(status, "{}", { location: "https://evil.example/steal" }), ok)
        const error = yield* Effect.flip(getOver(transport))
        assert.strictEqual(error._tag, tag)
        assert.strictEqual("status" in error ? error.status : undefined, status)
        assert.strictEqual(transport.requests.length, 1)
      })
  )

  it.effect.each(retried)("a %d is %s after three attempts", ([status, tag]) =>
    Effect.gen(function*() {
      const transport = over(json(status, "<html>", { "x-request-id": "r-1" }))
      const error = yield* Effect.flip(within("1 minute")(getOver(transport)))
      assert.strictEqual(error._tag, tag)
      assert.include(error, { status, attempts: 3, requestId: "r-1" })
      assert.strictEqual(transport.requests.length, 3)
    }))

  it.effect.each([400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504])(
    "a %d has the error details of its body, and no text of the server in its message",
    status =>
      Effect.gen(function*() {
        const detail = { type: "validation_error", code: "not_a_uuid", message: "must be a UUID", attribute: "id" }
        const error = yield* Effect.flip(getOver(over(json(status, JSON.stringify({ errors: [detail] }))), noRetries))
        assert.deepStrictEqual("details" in error ? error.details : [], [new SignalWireError.ErrorDetail(detail)])
        assert.notInclude(error.message, "must be")
      })
  )

  it.effect("a 400 whose body stalls is BadRequest after attemptTimeout", () =>
    Effect.gen(function*() {
      const transport = over({ ...json(400, "{"), stalls: true })
      const error = yield* Effect.flip(
        within("500 millis")(getOver(transport, { policy: { attemptTimeout: "500 millis" } }))
      )
      assert.strictEqual(error._tag, "SignalWireBadRequest")
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect.each(["x-request-id", "x-signalwire-request-id", "request-id", "x-amzn-requestid"])(
    "the request id of an error is the header %s, up to 128 characters of it",
    name =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(getOver(over(json(404, "", { [name]: `r-1${"x".repeat(10_000)}` }))))
        assert.strictEqual("requestId" in error ? error.requestId : undefined, `r-1${"x".repeat(125)}`)
      })
  )

  it.effect.each(echoes)("an error does not contain %s that a server echoes", ([, echo]) =>
    Effect.gen(function*() {
      for (const status of [400, 401, 403, 404, 422, 429, 500, 503]) {
        const response = json(status, JSON.stringify({ errors: [{ message: echo, code: echo }] }), {
          "x-request-id": echo
        })
        const error = yield* Effect.flip(getOver(over(response), noRetries))
        const shown = JSON.stringify(error) + error.message + (error.stack ?? "")
        for (const secret of ["PTtopsecret", pair]) assert.notInclude(shown, secret)
      }
    }))
})
