import { SignalWireError } from "@effect-signalwire/core"
import { describe } from "@effect/vitest"
import type { Reply } from "./harness/mockServer.ts"
import { mocked, type MockedCase } from "./harness/mocked.ts"
import { against, cases, type Expected } from "./harness/row.ts"
import { forever, head, json, pause, send, sequence, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

const typed = { "content-type": "application/json" }
const ok: Reply = { status: 200, headers: typed, body: session() }
const contract = (status: number, error: string): Reply => ({ status, headers: typed, body: JSON.stringify({ error }) })
const broken = contract(500, "Internal Server Error")

/** Each with what it is expected to come to. */
const each = <K extends string | number>(
  keys: ReadonlyArray<K>,
  toCase: (key: K) => MockedCase
): Readonly<Record<string, MockedCase>> => Object.fromEntries(keys.map(key => [String(key), toCase(key)]))

const once = (failure: Readonly<Record<string, unknown>>): Expected => ({
  failure: { ...failure, attempts: 1 },
  requests: 1
})
const thrice = (failure: Readonly<Record<string, unknown>>): Expected => ({
  failure: { ...failure, attempts: 3 },
  requests: 3
})

const complaint = {
  type: "validation_error",
  code: "not_a_uuid",
  message: "Not a UUID",
  attribute: "id",
  url: "https://example.com/errors"
}

/** Bodies that an error may come with, the credentials among them. */
const bodies: Readonly<Record<string, Omit<Reply, "status">>> = {
  "another JSON": { headers: typed, body: "{\"message\":\"You sent {authorization}\"}", echo: true },
  "JSON that is no object": { headers: typed, body: "[null,1]" },
  "HTML": { headers: { "content-type": "text/html" }, body: "<h1>No: {authorization}</h1>", echo: true },
  "nothing": {}
}

const contractFailures = [
  { status: 400, tag: "SignalWireBadRequest", error: "Bad Request" },
  { status: 401, tag: "SignalWireUnauthorized", error: "Unauthorized" },
  { status: 404, tag: "SignalWireNotFound", error: "Not Found" }
]

describe("Status", () => {
  mocked(17, { "500, then 200": { replies: [broken, ok], expected: { requests: 2 } } })

  mocked(18, {
    "500 for ever": {
      replies: [{ ...broken, headers: { ...typed, "x-request-id": "req-1" } }],
      expected: thrice({ _tag: "SignalWireInternalServerError", requestId: "req-1" })
    },
    "500 with HTML": {
      replies: [{
        status: 500,
        headers: { "content-type": "text/html" },
        body: "<h1>{authorization}</h1>",
        echo: true
      }],
      expected: thrice({ _tag: "SignalWireInternalServerError", requestId: "<redacted>" })
    }
  })

  mocked(
    19,
    each([408, 502, 503, 504], status => ({
      replies: [{ status, body: "<h1>{authorization}</h1>", echo: true }],
      expected: thrice({ _tag: "SignalWireServerUnavailable", status })
    }))
  )

  mocked(20, {
    "429": { replies: [{ status: 429 }], expected: thrice({ _tag: "SignalWireRateLimited", retryAfter: undefined }) }
  })

  mocked(
    21,
    each(
      [501, 505],
      status => ({ replies: [{ status }], expected: once({ _tag: "SignalWireUnexpectedStatus", status }) })
    )
  )

  mocked(
    22,
    Object.fromEntries(
      contractFailures.flatMap(({ error, status, tag }) =>
        Object.entries({ "the contract's body": contract(status, error), ...bodies }).map(([name, body]) => [
          `${status} with ${name}`,
          { replies: [{ ...body, status }] as const, expected: once({ _tag: tag, status }) }
        ])
      )
    )
  )

  mocked(
    23,
    each([403, 409, 410, 418, 422], status => ({
      replies: [{ status, headers: typed, body: JSON.stringify({ errors: [complaint] }) }],
      expected: once({
        _tag: "SignalWireUnexpectedStatus",
        status,
        details: [new SignalWireError.ErrorDetail(complaint)]
      })
    }))
  )

  mocked(
    24,
    each([201, 204, 205, 206, 304], status => ({
      replies: [status === 204 || status === 304 ? { status } : { ...ok, status }],
      expected: once({ _tag: "SignalWireUnexpectedStatus", status })
    }))
  )

  const noStatus: Expected = {
    failure: { _tag: new Set(["SignalWireTransportError", "SignalWireUnexpectedStatus"]), attempts: 1 },
    requests: 1
  }

  cases(
    25,
    Object.fromEntries([99, 700, 1000].map(status => [
      String(status),
      { scripts: [json(status, session())] as const, expected: noStatus }
    ]))
  )

  against(26, [forever(sequence(send(head(103, { link: "</style.css>; rel=preload" })), pause(200)))], {
    scale: timed,
    failure: { _tag: "SignalWireRequestTimeout", attempts: 3 },
    requests: 3
  })

  const except = {
    fetch: { scale: timed, failure: { _tag: new Set(["SignalWireTransportError", "SignalWireRequestTimeout"]) } },
    "node:http": {
      scale: timed,
      failure: {
        _tag: new Set(["SignalWireUnexpectedStatus", "SignalWireTransportError", "SignalWireRequestTimeout"])
      },
      left: 3
    }
  }

  cases(27, {
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
