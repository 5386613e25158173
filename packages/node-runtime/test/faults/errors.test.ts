import { SignalWireError } from "@effect-signalwire/core"
import { assert, describe } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import dns from "node:dns"
import * as hostileBodies from "./harness/hostileBodies.ts"
import { failureOf } from "./harness/invariant.ts"
import * as lag from "./harness/lag.ts"
import { once } from "./harness/once.ts"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, cases, row } from "./harness/row.ts"
import { head, json, ok, reply, send, sequence, stall } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"
import { backoff, waits } from "./harness/waits.ts"

const closedPort = Effect.scoped(Effect.map(rawServer.make([ok]), ({ baseUrl }) => baseUrl))

type Told = (error: Error) => void

/** Lookups of names are told nothing while the effect runs, and fail when it is over. */
const withSilentNames = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const original = dns.lookup
      const waiting: Array<Told> = []
      Reflect.set(dns, "lookup", (_: string, __: unknown, told: Told) => void waiting.push(told))
      return { original, waiting }
    }),
    () => effect,
    ({ original, waiting }) =>
      Effect.sync(() => {
        Reflect.set(dns, "lookup", original)
        for (const told of waiting) told(new Error("The name server said nothing"))
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

const sayings = (...texts: ReadonlyArray<string>) => texts.map(message => ({ message }))

interface ErrorBody {
  readonly body: unknown
  /** Default JSON. */
  readonly contentType?: string
  readonly details: ReadonlyArray<ConstructorParameters<typeof SignalWireError.ErrorDetail>[0]>
}

/** Each shape that is known of the service, and of what stands before it. */
const errorBodies: Readonly<Record<string, ErrorBody>> = {
  "the contract's": { body: { error: "Not Found" }, details: sayings("Not Found") },
  "a list": { body: { errors: [invalid, missing] }, details: [invalid, missing] },
  "a list with nulls": { body: { errors: [{ ...missing, attribute: null, url: null }] }, details: [missing] },
  "a list without codes": { body: { errors: [{ message: "Too late" }] }, details: sayings("Too late") },
  "a list of texts": { body: { errors: ["Too late", "Too long"] }, details: sayings("Too late", "Too long") },
  "one object": { body: invalid, details: [invalid] },
  "one object inside": { body: { error: missing }, details: [missing] },
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
  "numbers and more": {
    body: { code: 20_003, message: "Authenticate first", more_info: "https://example.com/20003", status: 401 },
    details: [{ code: "20003", message: "Authenticate first", url: "https://example.com/20003" }]
  },
  "a message": { body: { message: "Validate a number first." }, details: sayings("Validate a number first.") },
  "a text in JSON": { body: "\"Forbidden\"", details: sayings("Forbidden") },
  "plain text": { body: "Unauthorized\n", contentType: "text/plain", details: sayings("Unauthorized") },
  "HTML": { body: "<h1>502 Bad Gateway</h1>", contentType: "text/html", details: [] },
  "nothing": { body: "", details: [] }
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

/** The `Date` of responses, against which a `Retry-After` is read. */
const date = "Tue, 03 Mar 2026 10:00:00 GMT"
const aSecond = { from: 990, to: 1500 }

const withRetryAfter = (retryAfter: string, gap = aSecond) => ({
  headers: () => ({ date, "retry-after": retryAfter }),
  gap
})

describe("Errors that say more", () => {
  row(101, transport =>
    Effect.forEach(
      Object.entries(tags).flatMap(([status, tag]) =>
        Object.entries(errorBodies).map(([name, body]) => ({ status: Number(status), tag, name, ...body }))
      ),
      ({ body, contentType = "application/json", details, name, status, tag }) =>
        Effect.scoped(Effect.gen(function*() {
          const target = yield* rawServer.make([reply(status, asText(body), { "content-type": contentType })])
          const outcome = yield* call(transport, target, { policy: { maxRetries: 0 } })
          assertOutcome(outcome, target.requests.length, {
            failure: { _tag: tag, status, details: details.map(detail => new SignalWireError.ErrorDetail(detail)) },
            requests: 1
          }, `${status} with ${name} over ${transport}`)
        })),
      { concurrency: 8, discard: true }
    ))

  row(102, transport =>
    Effect.forEach([400, 401, 404, 422, 500, 503], status =>
      Effect.scoped(Effect.gen(function*() {
        const isRetried = status >= 500
        let closed = 0
        const target = yield* rawServer.make([halfOfAList(status), ok], {
          onConnection: socket => socket.once("close", () => closed++)
        })
        const where = `${status} over ${transport}`
        const outcome = yield* call(transport, target, {
          boundMillis: isRetried ? 1100 : 1000,
          use: ({ get }, id) =>
            Effect.onExit(get(id), () =>
              Effect.map(
                lag.becomes(() => closed > 0, 250),
                isClosed => assert.isTrue(isClosed, `the connection is closed, ${where}`)
              ))
        })
        const failure = { status, attempts: 1, details: [new SignalWireError.ErrorDetail(invalid)] }
        assertOutcome(outcome, target.requests.length, isRetried ? { requests: 2 } : { failure, requests: 1 }, where)
        assert.isAtLeast(outcome.millis, 990, `the body is waited for, ${where}`)
      })), { concurrency: "unbounded", discard: true }))

  waits(103, {
    "RFC 850": withRetryAfter("Tuesday, 03-Mar-26 10:00:01 GMT"),
    "RFC 850, more than 50 years away": withRetryAfter("Tuesday, 03-Mar-76 10:00:01 GMT", backoff),
    "RFC 850, a day that does not exist": withRetryAfter("Tuesday, 31-Feb-26 10:00:01 GMT", backoff),
    "RFC 850, beyond the deadline": {
      headers: () => ({ date, "retry-after": "Tuesday, 03-Mar-26 11:00:00 GMT" }),
      failure: { _tag: "SignalWireServerUnavailable", attempts: 1, retryAfter: Duration.hours(1) }
    },
    "asctime": withRetryAfter("Tue Mar  3 10:00:01 2026"),
    "a Date in asctime": {
      headers: () => ({ date: "Tue Mar  3 10:00:00 2026", "retry-after": "Tue, 03 Mar 2026 10:00:01 GMT" }),
      gap: aSecond
    },
    "a fraction": withRetryAfter("0.5", { from: 490, to: 900 }),
    "a fraction above one": withRetryAfter("1.1", { from: 1090, to: 1500 }),
    "blanks": withRetryAfter(" \t 1 \t "),
    "blanks around a date": withRetryAfter("  Tue, 03 Mar 2026 10:00:01 GMT  "),
    "no fraction": withRetryAfter("1.", backoff),
    "an exponent": withRetryAfter("1.0e3", backoff)
  })

  row(104, transport =>
    Effect.gen(function*() {
      for (const status of [401, 403] as const) {
        const target = yield* rawServer.make([json(status, JSON.stringify({ message: "the server's own words" }))])
        const outcome = yield* call(transport, target)
        const where = `${status} over ${transport}`
        assertOutcome(outcome, target.requests.length, { failure: { _tag: tags[status], status }, requests: 1 }, where)
        const { message } = Option.getOrThrow(failureOf(outcome.exit))
        for (const cause of causes) assert.include(message, cause, where)
        assert.notInclude(message, "the server's own words", where)
      }
    }))

  row(105, transport =>
    Effect.gen(function*() {
      const refused = yield* call(transport, { baseUrl: yield* closedPort, requests: [] })
      assertOutcome(refused, 0, {
        failure: { _tag: "SignalWireTransportError", reason: "Refused", attempts: 3, requestsSent: 0 }
      }, `a refused connection over ${transport}`)

      const silent = yield* withSilentNames(
        call(transport, { baseUrl: `https://silent.${transport.replace(":", "-")}.invalid`, requests: [] }, {
          scale: timed
        })
      )
      assertOutcome(silent, 0, {
        failure: { _tag: "SignalWireRequestTimeout", attempts: 3, requestsSent: transport === "undici" ? 0 : 3 }
      }, `DNS silence over ${transport}`)

      const closing = yield* rawServer.make([ok], { onConnection: socket => socket.end() })
      const closed = yield* call(transport, closing)
      assertOutcome(closed, 0, {
        failure: { _tag: "SignalWireTransportError", reason: "Reset", attempts: 3, requestsSent: 3 }
      }, `FIN at accept over ${transport}`)
      assert.strictEqual(closing.connections(), 3)
    }), { sequential: true })

  once(119, hostileBodies.check)

  cases(
    120,
    Object.fromEntries([407, 421].map(status => [
      String(status),
      {
        scripts: [json(status, "{}")] as const,
        expected: {
          failure: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
          requests: 1
        },
        except: {
          fetch: {
            failure: { _tag: "SignalWireUnexpectedStatus", status, attempts: 1, requestsSent: 1 },
            requests: status === 421 ? 2 : 1
          }
        }
      }
    ]))
  )

  against(
    121,
    [sequence(
      send(
        head(200, { "content-type": "application/json", "content-length": String(session().length) }, "x".repeat(1e6))
      ),
      send(session())
    )],
    { failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 }, requests: 1 },
    { except: { fetch: { requests: 1 } } }
  )
})
