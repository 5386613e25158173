import { SignalWireError } from "@effect-signalwire/core"
import { describe } from "@effect/vitest"
import type { Expected } from "./harness/expected.ts"
import { cases, oneCase } from "./harness/faultTest.ts"
import type { MockResponse } from "./harness/mockServer.ts"
import { type MockedCase, mockedCases } from "./harness/mockedCases.ts"
import { forever, head, json, pause, send, sequence, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

const typed = { "content-type": "application/json" }
const ok: MockResponse = { status: 200, headers: typed, body: session() }
const contract = (status: number, error: string): MockResponse => ({
  status,
  headers: typed,
  body: JSON.stringify({ error })
})
const serverError = contract(500, "Internal Server Error")

/** A case for each key. */
const each = <K extends string | number>(
  keys: ReadonlyArray<K>,
  toCase: (key: K) => MockedCase
): Readonly<Record<string, MockedCase>> => Object.fromEntries(keys.map(key => [String(key), toCase(key)]))

const notRetried = (error: Readonly<Record<string, unknown>>): Expected => ({
  error: { ...error, attempts: 1 },
  requests: 1
})
const retried = (error: Readonly<Record<string, unknown>>): Expected => ({
  error: { ...error, attempts: 3 },
  requests: 3
})

const errorDetail = {
  type: "validation_error",
  code: "not_a_uuid",
  message: "Not a UUID",
  attribute: "id",
  url: "https://example.com/errors"
}

/** Bodies of errors, some of which echo the credentials. */
const bodies: Readonly<Record<string, Omit<MockResponse, "status">>> = {
  "other JSON": { headers: typed, body: "{\"message\":\"You sent {authorization}\"}", echo: true },
  "JSON that is not an object": { headers: typed, body: "[null,1]" },
  "HTML": { headers: { "content-type": "text/html" }, body: "<h1>No: {authorization}</h1>", echo: true },
  "no body": {}
}

const contractErrors = [
  { status: 400, tag: "SignalWireBadRequest", error: "Bad Request" },
  { status: 401, tag: "SignalWireUnauthorized", error: "Unauthorized" },
  { status: 404, tag: "SignalWireNotFound", error: "Not Found" }
]

describe("Status", () => {
  mockedCases("a 500 is retried, and a 200 after it is a session", {
    "500, then 200": { responses: [serverError, ok], expected: { requests: 2 } }
  })

  mockedCases("a 500 to every request is InternalServerError with attempts and request id, after 3 requests", {
    "500 with JSON": {
      responses: [{ ...serverError, headers: { ...typed, "x-request-id": "req-1" } }],
      expected: retried({ _tag: "SignalWireInternalServerError", requestId: "req-1" })
    },
    "500 with HTML": {
      responses: [{
        status: 500,
        headers: { "content-type": "text/html" },
        body: "<h1>{authorization}</h1>",
        echo: true
      }],
      expected: retried({ _tag: "SignalWireInternalServerError", requestId: "<redacted>" })
    }
  })

  mockedCases(
    "408, 502, 503 and 504 are ServerUnavailable",
    each([408, 502, 503, 504], status => ({
      responses: [{ status, body: "<h1>{authorization}</h1>", echo: true }],
      expected: retried({ _tag: "SignalWireServerUnavailable", status })
    }))
  )

  mockedCases("a 429 without Retry-After is RateLimited", {
    "429": { responses: [{ status: 429 }], expected: retried({ _tag: "SignalWireRateLimited", retryAfter: undefined }) }
  })

  mockedCases(
    "501 and 505 are UnexpectedStatus",
    each(
      [501, 505],
      status => ({ responses: [{ status }], expected: notRetried({ _tag: "SignalWireUnexpectedStatus", status }) })
    )
  )

  mockedCases(
    "400, 401 and 404 are BadRequest, Unauthorized and NotFound, whatever their body",
    Object.fromEntries(
      contractErrors.flatMap(({ error, status, tag }) =>
        Object.entries({ "the contract's body": contract(status, error), ...bodies }).map(([name, body]) => [
          `${status} with ${name}`,
          { responses: [{ ...body, status }] as const, expected: notRetried({ _tag: tag, status }) }
        ])
      )
    )
  )

  mockedCases(
    "403, 409, 410, 418 and 422 are UnexpectedStatus with details from errors[]",
    each([403, 409, 410, 418, 422], status => ({
      responses: [{ status, headers: typed, body: JSON.stringify({ errors: [errorDetail] }) }],
      expected: notRetried({
        _tag: "SignalWireUnexpectedStatus",
        status,
        details: [new SignalWireError.ErrorDetail(errorDetail)]
      })
    }))
  )

  mockedCases(
    "201, 204, 205, 206 and 304 are UnexpectedStatus",
    each([201, 204, 205, 206, 304], status => ({
      responses: [status === 204 || status === 304 ? { status } : { ...ok, status }],
      expected: notRetried({ _tag: "SignalWireUnexpectedStatus", status })
    }))
  )

  const noStatus: Expected = {
    error: { _tag: new Set(["SignalWireTransportError", "SignalWireUnexpectedStatus"]), attempts: 1 },
    requests: 1
  }

  cases(
    "the statuses 99, 700 and 1000 are TransportError Malformed or UnexpectedStatus",
    Object.fromEntries([99, 700, 1000].map(status => [
      String(status),
      { scripts: [json(status, session())] as const, expected: noStatus }
    ]))
  )

  oneCase("a 103 every 200 ms without an end is RequestTimeout", [
    forever(sequence(send(head(103, { link: "</style.css>; rel=preload" })), pause(200)))
  ], {
    scale: timed,
    error: { _tag: "SignalWireRequestTimeout", attempts: 3 },
    requests: 3
  })

  const except = {
    fetch: { scale: timed, error: { _tag: new Set(["SignalWireTransportError", "SignalWireRequestTimeout"]) } },
    "node:http": {
      scale: timed,
      error: {
        _tag: new Set(["SignalWireUnexpectedStatus", "SignalWireTransportError", "SignalWireRequestTimeout"])
      },
      mayStayOpen: 3
    }
  }

  cases("a 101 upgrade is UnexpectedStatus or TransportError Malformed", {
    "to a WebSocket": {
      scripts: [sequence(send(head(101, { connection: "Upgrade", upgrade: "websocket" }), "\0\0"), stall)],
      expected: noStatus,
      except
    },
    "without a protocol": { scripts: [sequence(send(head(101)), stall)], expected: noStatus, except },
    "to TLS": {
      scripts: [sequence(send(head(101, { connection: "Upgrade", upgrade: "TLS/1.2" })), stall)],
      expected: noStatus,
      except
    }
  })
})
