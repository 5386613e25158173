import { assert, describe } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import * as invariant from "./harness/invariant.ts"
import type { Transport } from "./harness/matrix.ts"
import * as rawServer from "./harness/rawServer.ts"
import { against, assertOutcome, call, type Expected, row } from "./harness/row.ts"
import { authorizationOf, drip, head, json, ok, withRequest } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"

const typed = { "content-type": "application/json" }
const unavailable = (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) => json(503, "{}", headers)

/** Gaps between requests that a `Retry-After` may lead to, in milliseconds. */
interface Gap {
  readonly from: number
  readonly to: number
}

/** What is waited without a `Retry-After`: from half of the first backoff, and some time for the machine. */
const backoff: Gap = { from: 50, to: 400 }

/** A server that is unavailable once; how long the client waits then. */
const waits = (
  number: 32 | 34 | 35 | 36 | 37,
  all: Readonly<
    Record<
      string,
      & { readonly headers: () => Readonly<Record<string, string | ReadonlyArray<string>>> }
      & (
        | { readonly gap: Gap; readonly except?: Partial<Record<Transport, Gap>> }
        | { readonly failure: Expected["failure"] }
      )
    >
  >
): void =>
  row(number, transport =>
    Effect.forEach(
      Object.entries(all),
      ([name, one]) =>
        Effect.scoped(Effect.gen(function*() {
          const where = `${name} over ${transport}`
          const server = yield* rawServer.make([unavailable(one.headers()), ok])
          const outcome = yield* call(transport, server)
          if ("failure" in one) {
            assertOutcome(outcome, server.requests.length, { failure: one.failure ?? {}, requests: 1 }, where)
            return
          }
          assertOutcome(outcome, server.requests.length, { requests: 2 }, where)
          const [first = 0, second = 0] = server.times
          const gap = one.except?.[transport] ?? one.gap
          assert.isAtLeast(second - first, gap.from, where)
          assert.isAtMost(second - first, gap.to, where)
        })),
      { concurrency: "unbounded", discard: true }
    ))

const httpDate = (millisFromNow: number) => new Date(Date.now() + millisFromNow).toUTCString()

const atOnce = (retryAfter: Duration.Duration) => ({ _tag: "ServerUnavailable", attempts: 1, retryAfter })

describe("Headers", () => {
  against(28, [drip(head(200, typed), 200)], {
    failure: { _tag: "RequestTimeout", attempts: 3 },
    requests: 3
  })

  against(29, [json(200, session(), { "x-large": "x".repeat(200_000) })], {
    failure: { _tag: "TransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  })

  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x-${index}`, String(index)]))

  against(30, [json(200, session(), many)], {
    failure: { _tag: "TransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  })

  const requestIds: Readonly<
    Record<string, { readonly sent: rawServer.Script; readonly seen: string | RegExp | undefined }>
  > = {
    "10 KB": { sent: json(404, "{}", { "x-request-id": "r".repeat(10_000) }), seen: "r".repeat(128) },
    "ANSI codes": { sent: json(404, "{}", { "x-request-id": "a\u001b[31mb\u001b[0mc" }), seen: "refused" },
    "ANSI codes of one character": {
      sent: json(404, "{}", { "x-request-id": "a\u009b31mb" }),
      seen: /^a\P{Cc}*31mb$/u
    },
    "CRLF, encoded": {
      sent: json(404, "{}", { "x-request-id": "a%0d%0ax-injected: b" }),
      seen: "a%0d%0ax-injected: b"
    },
    "the credentials": {
      sent: withRequest(request => json(404, "{}", { "x-request-id": `no ${authorizationOf(request)}` })),
      seen: "<redacted>"
    },
    "nothing": { sent: json(404, "{}", { "x-request-id": "" }), seen: undefined }
  }

  row(
    31,
    transport =>
      Effect.forEach(Object.entries(requestIds), ([name, { seen, sent }]) =>
        Effect.scoped(Effect.gen(function*() {
          const server = yield* rawServer.make([sent])
          const outcome = yield* call(transport, server)
          if (transport === "fetch" && name === "ANSI codes") {
            assertOutcome(outcome, server.requests.length, { failure: { _tag: "TransportError" } }, name)
            return
          }
          const failure = Option.getOrThrow(invariant.failureOf(outcome.exit))
          const requestId = "requestId" in failure ? failure.requestId : undefined
          // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
          assert.notMatch(requestId ?? "", /[\0-\x1f\x7f-\x9f]/, `${name} over ${transport}`)
          if (seen instanceof RegExp) assert.match(requestId ?? "", seen, `${name} over ${transport}`)
          else assert.strictEqual(requestId, seen, `${name} over ${transport}`)
        })), { concurrency: "unbounded", discard: true })
  )

  waits(32, { "one second": { headers: () => ({ "retry-after": "1" }), gap: { from: 990, to: 1500 } } })

  against(33, [unavailable({ "retry-after": "99999999" })], {
    failure: atOnce(Duration.seconds(99_999_999)),
    requests: 1,
    boundMillis: 250
  })

  waits(
    34,
    Object.fromEntries(["-5", "abc", "", "1e9", "0x10", "NaN", "1.5", "0"].map(value => [
      `'${value}'`,
      { headers: () => ({ "retry-after": value }), gap: backoff }
    ]))
  )

  waits(35, {
    "a date that has passed": { headers: () => ({ "retry-after": httpDate(-60_000) }), gap: backoff },
    // dates are whole seconds
    "a date in a second": {
      headers: () => ({ date: "Tue, 03 Mar 2026 10:00:00 GMT", "retry-after": "Tue, 03 Mar 2026 10:00:01 GMT" }),
      gap: { from: 990, to: 1500 }
    },
    "a date in the year 9999": {
      headers: () => ({ date: "Fri, 31 Dec 9999 23:00:00 GMT", "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }),
      failure: atOnce(Duration.seconds(3599))
    },
    "a date that is none": { headers: () => ({ "retry-after": "Tue, 31 Feb 2099 10:00:00 GMT" }), gap: backoff }
  })

  waits(36, {
    "the larger first": { headers: () => ({ "retry-after": ["1", "0"] }), gap: { from: 990, to: 1500 } },
    "the larger last": {
      headers: () => ({ "retry-after": ["0", "1"] }),
      gap: { from: 990, to: 1500 },
      except: { "node:http": backoff }
    }
  })

  waits(37, {
    "an hour behind": {
      headers: () => ({ date: httpDate(-3_600_000), "retry-after": httpDate(-3_600_000 + 1000) }),
      gap: { from: 900, to: 2000 }
    },
    "an hour ahead": {
      headers: () => ({ date: httpDate(3_600_000), "retry-after": httpDate(3_600_000) }),
      gap: backoff
    }
  })
})
