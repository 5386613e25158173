import { SignalWireError } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { ConfigError, Duration } from "effect"
import * as report from "../src/report.ts"
import type { Service } from "../src/target.ts"

const space: Service = {
  _tag: "Space",
  origin: "https://acme.signalwire.com",
  variable: "SIGNALWIRE_SPACE",
  proxy: undefined
}
const elapsed = Duration.millis(12)
const lines = (error: SignalWireError.SignalWireError, target: Service = space) =>
  report.ofError(error, target).lines.join("\n")

/** At least one error of every tag, which the type checks. */
const texts: {
  readonly [Tag in SignalWireError.SignalWireError["_tag"]]: ReadonlyArray<
    readonly [SignalWireError.SignalWireError & { readonly _tag: Tag }, string]
  >
} = {
  SignalWireBadRequest: [
    [
      new SignalWireError.BadRequest({ elapsed, requestId: "r-1" }),
      `the service rejects the request as invalid (status 400, 1 attempt, 12 ms)
Check the id. If it is right, give SignalWire's support the request id r-1.`
    ],
    [
      new SignalWireError.BadRequest({
        elapsed,
        details: [new SignalWireError.ErrorDetail({ message: "id is not a UUID." })]
      }),
      `the service rejects the request as invalid (status 400, 1 attempt, 12 ms)
The service says: id is not a UUID.
Check the id. If it is right, ask SignalWire's support.`
    ],
    [
      new SignalWireError.BadRequest({ elapsed, details: [new SignalWireError.ErrorDetail({ message: " \u0007" })] }),
      `the service rejects the request as invalid (status 400, 1 attempt, 12 ms)
Check the id. If it is right, ask SignalWire's support.`
    ]
  ],
  SignalWireUnprocessableContent: [
    [
      new SignalWireError.UnprocessableContent({
        elapsed,
        operation: "RoomSessions.list",
        details: [new SignalWireError.ErrorDetail({ message: "Page token is invalid" })]
      }),
      `the service rejects a parameter of the request (status 422, 1 attempt, 12 ms)
The service says: Page token is invalid
Check the options. If they are right, ask SignalWire's support.`
    ]
  ],
  SignalWireUnauthorized: [
    [
      new SignalWireError.Unauthorized({
        elapsed,
        details: [new SignalWireError.ErrorDetail({ message: "Unauthorized" })]
      }),
      `not authorized (status 401): wrong or missing credentials, the address of another space, a token without the Video scope, or an account that is not verified (1 attempt, 12 ms)
Check SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN, and the scopes of the token.`
    ],
    [
      new SignalWireError.Unauthorized({
        elapsed,
        details: [new SignalWireError.ErrorDetail({ message: "Validate a number first." })]
      }),
      `not authorized (status 401): wrong or missing credentials, the address of another space, a token without the Video scope, or an account that is not verified (1 attempt, 12 ms)
The service says: Validate a number first.
Check SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN, and the scopes of the token.`
    ]
  ],
  SignalWireNotFound: [[
    new SignalWireError.NotFound({ elapsed }),
    `not found in this project (status 404, 1 attempt, 12 ms)
Check the id and SIGNALWIRE_PROJECT_ID: sessions of other projects are not found.`
  ]],
  SignalWireInternalServerError: [[
    new SignalWireError.InternalServerError({ elapsed, attempts: 3, requestId: "r-1" }),
    `the service failed (status 500, 3 attempts, 12 ms)
Try again later. If the error persists, give SignalWire's support the request id r-1.`
  ]],
  SignalWireRateLimited: [[
    new SignalWireError.RateLimited({ elapsed, retryAfter: Duration.millis(89_100) }),
    `too many requests (status 429); it asks for a delay of 90 s (1 attempt, 12 ms)
Try again in 1 minute 30 seconds, with fewer requests.`
  ]],
  SignalWireServerUnavailable: [[
    new SignalWireError.ServerUnavailable({ elapsed, status: 504 }),
    `the service is not available (status 504, 1 attempt, 12 ms)
Try again later. If the error persists, ask SignalWire's support.`
  ]],
  SignalWireUnexpectedStatus: [
    [
      new SignalWireError.UnexpectedStatus({ elapsed, status: 403 }),
      `forbidden (status 403): wrong or missing credentials, the address of another space, a token without the Video scope, or an account that is not verified (1 attempt, 12 ms)
Check SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN, and the scopes of the token.`
    ],
    [
      new SignalWireError.UnexpectedStatus({ elapsed, status: 302 }),
      `the service responded with a status that this operation does not have (status 302, 1 attempt, 12 ms)
Check that https://acme.signalwire.com is the space: redirects are not followed.`
    ],
    [
      new SignalWireError.UnexpectedStatus({
        elapsed,
        status: 422,
        details: [new SignalWireError.ErrorDetail({ message: "must be a valid\nroom session id" })]
      }),
      `the service responded with a status that this operation does not have (status 422, 1 attempt, 12 ms)
The service says: must be a valid room session id
Check the id. If it is right, ask SignalWire's support.`
    ],
    [
      new SignalWireError.UnexpectedStatus({
        elapsed,
        status: 409,
        requestId: "r-1",
        details: [
          new SignalWireError.ErrorDetail({ attribute: "locale" }),
          new SignalWireError.ErrorDetail({ attribute: "id" })
        ]
      }),
      `the service responded with a status that this operation does not have (status 409, 1 attempt, 12 ms)
Check the id. If it is right, give SignalWire's support the request id r-1.`
    ],
    [
      new SignalWireError.UnexpectedStatus({ elapsed, status: 418, requestId: "r\u001b1" }),
      `the service responded with a status that this operation does not have (status 418, 1 attempt, 12 ms)
Check that https://acme.signalwire.com is the space. If it is, give SignalWire's support the request id r 1.`
    ]
  ],
  SignalWireInvalidResponse: [
    [
      new SignalWireError.InvalidResponse({ elapsed, reason: "UnexpectedContentType" }),
      `the response cannot be used: its content type is not JSON in UTF-8 (1 attempt, 12 ms)
Check that https://acme.signalwire.com is the space, and that no proxy responds in its place.`
    ],
    [
      new SignalWireError.InvalidResponse({ elapsed, reason: "SchemaMismatch", path: "created_at" }),
      `the response cannot be used: its body does not match the contract, at created_at (1 attempt, 12 ms)
The service may have changed: check for a newer version of this command.`
    ]
  ],
  SignalWireTransportError: [
    [
      new SignalWireError.TransportError({ elapsed, attempts: 3, reason: "Refused", code: "ECONNREFUSED" }),
      `no connection could be made (ECONNREFUSED, 3 attempts, 12 ms)
No server responds at https://acme.signalwire.com: check the address, and that this machine can reach it.`
    ],
    [
      new SignalWireError.TransportError({ elapsed, reason: "Dns", code: "ENOTFOUND" }),
      `the host name could not be resolved (ENOTFOUND, 1 attempt, 12 ms)
Check SIGNALWIRE_SPACE, which gives the address https://acme.signalwire.com, and the network of this machine.`
    ],
    [
      new SignalWireError.TransportError({ elapsed, reason: "Tls", code: "CERT_HAS_EXPIRED" }),
      `the secure connection could not be made (CERT_HAS_EXPIRED, 1 attempt, 12 ms)
Check the clock of this machine. If a proxy intercepts TLS, set SIGNALWIRE_REST_CA_FILE to a file with its certificate authority.`
    ]
  ],
  SignalWireRequestTimeout: [[
    new SignalWireError.RequestTimeout({ elapsed, phase: "deadline" }),
    `no whole response within the deadline of the call (1 attempt, 12 ms)
Try again later, and check that this machine can reach https://acme.signalwire.com.`
  ]],
  SignalWireInvalidRequest: [[
    new SignalWireError.InvalidRequest(),
    `id is not valid: expected a UUID; nothing was sent
Copy the whole id: 36 characters with hyphens.`
  ]]
}

describe("report", () => {
  for (const [error, text] of Object.values(texts).flat()) {
    it(`${error._tag} is reported with: ${text.split("\n").slice(1).join(" ")}`, () => {
      assert.strictEqual(lines(error), text)
    })
  }

  it("a rejected parameter is reported with what to check: the options of the list of sessions, else the id", () => {
    const check = (operation: string) => lines(new SignalWireError.UnprocessableContent({ elapsed, operation }))
    assert.match(check("RoomSessions.list"), /\nCheck the options\. If they are right, ask SignalWire's support\.$/)
    assert.match(check("RoomSessions.members"), /\nCheck the id\. If it is right, ask SignalWire's support\.$/)
  })

  it("a 404 of a list of a session is reported like a session that is not found, and that of the sessions is not", () => {
    const check = (operation: string) =>
      lines(new SignalWireError.UnexpectedStatus({ elapsed, status: 404, operation }))
    assert.match(check("RoomSessions.events"), /\nCheck the id and SIGNALWIRE_PROJECT_ID: [^\n]+$/)
    assert.match(check("RoomSessions.list"), /\nCheck that https:\/\/acme\.signalwire\.com is the space\. [^\n]+$/)
  })

  it("a host name that cannot be resolved is reported with the variable that the address comes from", () => {
    const error = new SignalWireError.TransportError({ elapsed, reason: "Dns" })
    assert.strictEqual(
      lines(error, { ...space, origin: "https://video.example.com", variable: "SIGNALWIRE_REST_BASE_URL" }),
      `the host name could not be resolved (1 attempt, 12 ms)
Check SIGNALWIRE_REST_BASE_URL, which gives the address https://video.example.com, and the network of this machine.`
    )
  })

  it("an error that the proxy may cause is reported with the variable of the proxy", () => {
    const proxied: Service = { ...space, proxy: "HTTPS_PROXY" }
    for (const reason of ["Refused", "Dns", "Proxy"] as const) {
      const error = new SignalWireError.TransportError({ elapsed, reason })
      assert.include(lines(error, proxied), "HTTPS_PROXY")
      assert.notInclude(lines(error), "HTTPS_PROXY")
    }
  })

  it("a session that the embedded sandbox does not have is reported with the ids that it has, and no variable", () => {
    const [{ id: one }, { id: two }] = SandboxSpace.seeds
    assert.strictEqual(
      lines(new SignalWireError.NotFound({ elapsed }), {
        _tag: "Sandbox",
        origin: "http://127.0.0.1:4080",
        ids: [one, two]
      }),
      `not found in this project (status 404, 1 attempt, 12 ms)
The embedded sandbox has these sessions:
  ${one}
  ${two}`
    )
  })

  it("each reason of a TransportError and an InvalidResponse is reported with one line of advice", () => {
    const { reason: transport } = SignalWireError.TransportError.fields
    const { reason: invalid } = SignalWireError.InvalidResponse.fields
    const all = [
      ...transport.literals.map(reason => new SignalWireError.TransportError({ reason })),
      ...invalid.literals.map(reason => new SignalWireError.InvalidResponse({ reason }))
    ]
    for (const error of all) assert.match(lines(error), /^[^\n]+\n[A-Z][^\n]+\.$/)
  })

  it("each variable that is missing or invalid is reported, without values", () => {
    const error = ConfigError.And(
      ConfigError.MissingData(["SIGNALWIRE_PROJECT_ID"], "Expected SIGNALWIRE_PROJECT_ID to exist"),
      ConfigError.InvalidData(["SIGNALWIRE_SPACE"], "Expected the name of a space")
    )
    assert.deepStrictEqual(report.ofConfigError(error, "Set it.").lines, [
      "SIGNALWIRE_PROJECT_ID is not set. Expected SIGNALWIRE_PROJECT_ID to exist.",
      "SIGNALWIRE_SPACE cannot be used. Expected the name of a space.",
      "Set it."
    ])
    const wrong = ConfigError.InvalidData(["SIGNALWIRE_SPACE"], "Expected the name of a space")
    assert.lengthOf(report.ofConfigError(wrong, "Set it.").lines, 1)
  })
})
