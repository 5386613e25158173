import { SignalWireError } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import dns from "node:dns"
import { call } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { assertResult } from "./harness/expected.ts"
import { cases, eachTransport, once, oneCase } from "./harness/faultTest.ts"
import * as hostileBodies from "./harness/hostileBodies.ts"
import * as lag from "./harness/lag.ts"
import * as rawServer from "./harness/rawServer.ts"
import { backoff, retryAfterCases } from "./harness/retryAfterCases.ts"
import { head, json, ok, respond, send, sequence, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

type Callback = (error: Error) => void

/** No lookup of a name completes while the effect runs; all fail when it has ended. */
const withoutDns = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const original = dns.lookup
      const pending: Array<Callback> = []
      Reflect.set(dns, "lookup", (_: string, __: unknown, callback: Callback) => void pending.push(callback))
      return { original, pending }
    }),
    () => effect,
    ({ original, pending }) =>
      Effect.sync(() => {
        Reflect.set(dns, "lookup", original)
        for (const callback of pending) callback(new Error("The name server did not respond"))
      })
  )

const tags = {
  400: "SignalWireBadRequest",
  401: "SignalWireUnauthorized",
  403: "SignalWireUnexpectedStatus",
  404: "SignalWireNotFound",
  422: "SignalWireUnexpectedStatus",
  429: "SignalWireRateLimited",
  500: "SignalWireInternalServerError",
  502: "SignalWireServerUnavailable",
  503: "SignalWireServerUnavailable"
} as const

const invalid = {
  type: "validation_error",
  code: "invalid_parameter",
  message: "Id must be a UUID",
  attribute: "id",
  url: "https://example.com/errors#invalid_parameter"
}
const missing = { type: "validation_error", code: "missing_parameter", message: "Name is missing" }

const messages = (...texts: ReadonlyArray<string>) => texts.map(message => ({ message }))

interface ErrorBody {
  readonly body: unknown
  /** Default JSON. */
  readonly contentType?: string
  readonly details: ReadonlyArray<ConstructorParameters<typeof SignalWireError.ErrorDetail>[0]>
}

/** Each known shape of the service, and of proxies in front of it. */
const errorBodies: Readonly<Record<string, ErrorBody>> = {
  "the contract's": { body: { error: "Not Found" }, details: messages("Not Found") },
  "a list": { body: { errors: [invalid, missing] }, details: [invalid, missing] },
  "a list with nulls": { body: { errors: [{ ...missing, attribute: null, url: null }] }, details: [missing] },
  "a list without codes": { body: { errors: [{ message: "Too late" }] }, details: messages("Too late") },
  "a list of texts": { body: { errors: ["Too late", "Too long"] }, details: messages("Too late", "Too long") },
  "one object": { body: invalid, details: [invalid] },
  "one object in error": { body: { error: missing }, details: [missing] },
  "the older list": {
    body: { errors: [{ detail: "Label is blank", status: "422", title: "Invalid Attribute", code: "422" }] },
    details: [{ type: "Invalid Attribute", code: "422", message: "Label is blank" }]
  },
  "lists by parameter": {
    body: { errors: { name: ["is blank", "is short"], id: ["is invalid"] } },
    details: [
      { attribute: "name", message: "is blank" },
      { attribute: "name", message: "is short" },
      { attribute: "id", message: "is invalid" }
    ]
  },
  "a numeric code and more_info": {
    body: { code: 20_003, message: "Authenticate first", more_info: "https://example.com/20003", status: 401 },
    details: [{ code: "20003", message: "Authenticate first", url: "https://example.com/20003" }]
  },
  "a message": { body: { message: "Validate a number first." }, details: messages("Validate a number first.") },
  "a text in JSON": { body: "\"Forbidden\"", details: messages("Forbidden") },
  "plain text": { body: "Unauthorized\n", contentType: "text/plain", details: messages("Unauthorized") },
  "HTML": { body: "<h1>502 Bad Gateway</h1>", contentType: "text/html", details: [] },
  "no body": { body: "", details: [] }
}

const asText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body))

const causes = ["credentials", "address of another space", "Video scope", "account that is not verified"]

/** A body that stalls after one error and half of another. */
const halfOfAList = (status: number): rawServer.Script =>
  sequence(
    send(
      head(status, { "content-type": "application/json", "content-length": "900" }),
      JSON.stringify({ errors: [invalid, missing] }).slice(0, -20)
    ),
    stall
  )

/** The `Date` of responses, from which a `Retry-After` is measured. */
const date = "Tue, 03 Mar 2026 10:00:00 GMT"
const aSecond = { from: 990, to: 1500 }

const withRetryAfter = (retryAfter: string, delay = aSecond) => ({
  headers: () => ({ date, "retry-after": retryAfter }),
  delay
})

describe("Error details", () => {
  eachTransport(
    "each known error body becomes details of one shape in the error of its status",
    transport =>
      Effect.forEach(
        Object.entries(tags).flatMap(([status, tag]) =>
          Object.entries(errorBodies).map(([name, body]) => ({ status: Number(status), tag, name, ...body }))
        ),
        ({ body, contentType = "application/json", details, name, status, tag }) =>
          Effect.scoped(Effect.gen(function*() {
            const target = yield* rawServer.make([respond(status, asText(body), { "content-type": contentType })])
            const result = yield* call(transport, target, { policy: { maxRetries: 0 } })
            assertResult(result, target.requests.length, {
              error: { _tag: tag, status, details: details.map(detail => new SignalWireError.ErrorDetail(detail)) },
              requests: 1
            }, `${status} with ${name} over ${transport}`)
          })),
        { concurrency: 8, discard: true }
      )
  )

  eachTransport(
    "an error status whose body stalls is its error 1 s after the headers, with the details that arrived",
    transport =>
      Effect.forEach([400, 401, 404, 422, 500, 503], status =>
        Effect.scoped(Effect.gen(function*() {
          const isRetried = status >= 500
          let closed = 0
          const target = yield* rawServer.make([halfOfAList(status), ok], {
            onConnection: socket => socket.once("close", () => closed++)
          })
          const where = `${status} over ${transport}`
          const result = yield* call(transport, target, {
            boundMillis: isRetried ? 1100 : 1000,
            use: ({ get }, id) =>
              Effect.onExit(get(id), () =>
                Effect.map(
                  lag.becomes(() => closed > 0, 250),
                  isClosed => assert.isTrue(isClosed, `the connection is closed, ${where}`)
                ))
          })
          const error = { status, attempts: 1, details: [new SignalWireError.ErrorDetail(invalid)] }
          assertResult(result, target.requests.length, isRetried ? { requests: 2 } : { error, requests: 1 }, where)
          assert.isAtLeast(result.millis, 990, `the call waits for the body, ${where}`)
        })), { concurrency: "unbounded", discard: true })
  )

  retryAfterCases("a Retry-After in RFC 850 or asctime form, with a fraction or with blanks is honored", {
    "RFC 850": withRetryAfter("Tuesday, 03-Mar-26 10:00:01 GMT"),
    "RFC 850, more than 50 years away": withRetryAfter("Tuesday, 03-Mar-76 10:00:01 GMT", backoff),
    "RFC 850, a day that does not exist": withRetryAfter("Tuesday, 31-Feb-26 10:00:01 GMT", backoff),
    "RFC 850, beyond the deadline": {
      headers: () => ({ date, "retry-after": "Tuesday, 03-Mar-26 11:00:00 GMT" }),
      error: { _tag: "SignalWireServerUnavailable", attempts: 1, retryAfter: Duration.hours(1) }
    },
    "asctime": withRetryAfter("Tue Mar  3 10:00:01 2026"),
    "a Date in asctime": {
      headers: () => ({ date: "Tue Mar  3 10:00:00 2026", "retry-after": "Tue, 03 Mar 2026 10:00:01 GMT" }),
      delay: aSecond
    },
    "a fraction": withRetryAfter("0.5", { from: 490, to: 900 }),
    "a fraction above one": withRetryAfter("1.1", { from: 1090, to: 1500 }),
    "blanks": withRetryAfter(" \t 1 \t "),
    "blanks around a date": withRetryAfter("  Tue, 03 Mar 2026 10:00:01 GMT  "),
    "a fraction without digits": withRetryAfter("1.", backoff),
    "an exponent": withRetryAfter("1.0e3", backoff)
  })

  eachTransport("the messages of 401 and 403 name the four causes", transport =>
    Effect.gen(function*() {
      for (const status of [401, 403] as const) {
        const target = yield* rawServer.make([json(status, JSON.stringify({ message: "a text of the server" }))])
        const result = yield* call(transport, target)
        const where = `${status} over ${transport}`
        assertResult(result, target.requests.length, { error: { _tag: tags[status], status }, requests: 1 }, where)
        const { message } = Option.getOrThrow(errorOf(result.exit))
        for (const cause of causes) assert.include(message, cause, where)
        assert.notInclude(message, "a text of the server", where)
      }
    }))

  eachTransport(
    "attempts counts the attempts, and requestsSent the requests that were sent",
    transport =>
      Effect.gen(function*() {
        const refused = yield* call(transport, { baseUrl: yield* rawServer.closedPort, requests: [] })
        assertResult(refused, 0, {
          error: { _tag: "SignalWireTransportError", reason: "Refused", attempts: 3, requestsSent: 0 }
        }, `a refused connection over ${transport}`)

        const unresponsive = yield* withoutDns(
          call(transport, { baseUrl: `https://unresponsive.${transport.replace(":", "-")}.invalid`, requests: [] }, {
            scale: timed
          })
        )
        assertResult(unresponsive, 0, {
          error: { _tag: "SignalWireRequestTimeout", attempts: 3, requestsSent: transport === "undici" ? 0 : 3 }
        }, `DNS without a response over ${transport}`)

        const closing = yield* rawServer.make([ok], { onConnection: socket => socket.end() })
        const closed = yield* call(transport, closing)
        assertResult(closed, 0, {
          error: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3, requestsSent: 3 }
        }, `FIN at accept over ${transport}`)
        assert.strictEqual(closing.connections(), 3)
      }),
    { sequential: true }
  )

  once("an error body of 64 KiB takes less than 10 ms of CPU, whatever it contains", hostileBodies.check)

  cases(
    "407 and 421 are UnexpectedStatus",
    Object.fromEntries([407, 421].map(status => [
      String(status),
      {
        scripts: [json(status, "{}")] as const,
        expected: {
          error: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
          requests: 1
        },
        except: {
          fetch: {
            error: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
            requests: status === 421 ? 2 : 1
          }
        }
      }
    ]))
  )

  oneCase(
    "a reason phrase of 1 MB is TransportError Malformed",
    [sequence(
      send(
        head(200, { "content-type": "application/json", "content-length": String(session().length) }, "x".repeat(1e6))
      ),
      send(session())
    )],
    { error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 },
    { except: { fetch: { requests: 1 } } }
  )
})
