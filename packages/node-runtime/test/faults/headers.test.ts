import { describe } from "@effect/vitest"
import { Duration } from "effect"
import type { Expected } from "./harness/expected.ts"
import { cases, oneCase } from "./harness/faultTest.ts"
import { backoff, retryAfterCases, unavailable } from "./harness/retryAfterCases.ts"
import { authorizationOf, drip, head, json, withRequest } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"

/** Includes the CPU time of other calls of the test, which run at the same time. */
const mostCpuMillis = 2000

const typed = { "content-type": "application/json" }
const httpDate = (millisFromNow: number) => new Date(Date.now() + millisFromNow).toUTCString()

const atOnce = (retryAfter: Duration.Duration) => ({ _tag: "SignalWireServerUnavailable", attempts: 1, retryAfter })

describe("Headers", () => {
  oneCase("headers of one byte every 200 ms are RequestTimeout", [drip(head(200, typed), 200)], {
    scale: timed,
    error: { _tag: "SignalWireRequestTimeout", attempts: 3 },
    requests: 3
  })

  oneCase(
    "a header of 200 KB is TransportError Malformed",
    [json(200, session(), { "x-large": "x".repeat(200_000) })],
    {
      error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
      requests: 1
    }
  )

  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x-${index}`, String(index)]))

  oneCase("5,000 headers are TransportError Malformed in bounded time", [json(200, session(), many)], {
    error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1,
    cpuMillis: mostCpuMillis
  })

  const withRequestId = (requestId: string) => json(404, "{}", { "x-request-id": requestId })
  const seenAs = (requestId: string | undefined): Expected => ({
    error: { _tag: "SignalWireNotFound", requestId },
    requests: 1
  })
  const malformed: Expected = {
    error: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  }

  cases("a request id is truncated and sanitized", {
    "10 KB": { scripts: [withRequestId("r".repeat(10_000))], expected: seenAs("r".repeat(128)) },
    "ANSI codes": { scripts: [withRequestId("a\u001b[31mb\u001b[0mc")], expected: malformed },
    "a bell": { scripts: [withRequestId("a\u0007b")], expected: malformed },
    // its two bytes in UTF-8, of which the second is an ANSI code of one character
    "an ANSI code of one character": { scripts: [withRequestId("a\u009b31mb")], expected: seenAs("a\u00c2 31mb") },
    "a tab": { scripts: [withRequestId("a\tb")], expected: seenAs("a b") },
    "CRLF, encoded": {
      scripts: [withRequestId("a%0d%0ax-injected: b")],
      expected: seenAs("a%0d%0ax-injected: b")
    },
    "the credentials, echoed": {
      scripts: [withRequest(request => withRequestId(`no ${authorizationOf(request)}`))],
      expected: seenAs("<redacted>")
    },
    "empty": { scripts: [withRequestId("")], expected: seenAs(undefined) }
  })

  retryAfterCases("Retry-After: 1 delays the retry by at least 1 s", {
    "one second": { headers: () => ({ "retry-after": "1" }), delay: { from: 990, to: 1500 } }
  })

  oneCase("a Retry-After beyond the deadline fails at once, with retryAfter in the error", [
    unavailable({ "retry-after": "99999999" })
  ], {
    error: atOnce(Duration.seconds(99_999_999)),
    requests: 1,
    boundMillis: 250
  })

  retryAfterCases(
    "an invalid Retry-After is ignored, and the retry waits for its backoff",
    Object.fromEntries(["-5", "abc", "", "1e9", "0x10", "NaN", "0"].map(value => [
      `'${value}'`,
      { headers: () => ({ "retry-after": value }), delay: backoff }
    ]))
  )

  retryAfterCases("a Retry-After as an HTTP-date is honored", {
    "a date that has passed": { headers: () => ({ "retry-after": httpDate(-60_000) }), delay: backoff },
    // dates are whole seconds
    "a date in a second": {
      headers: () => ({ date: "Tue, 03 Mar 2026 10:00:00 GMT", "retry-after": "Tue, 03 Mar 2026 10:00:01 GMT" }),
      delay: { from: 990, to: 1500 }
    },
    "a date in the year 9999": {
      headers: () => ({ date: "Fri, 31 Dec 9999 23:00:00 GMT", "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }),
      error: atOnce(Duration.seconds(3599))
    },
    "a date that does not exist": {
      headers: () => ({ "retry-after": "Tue, 31 Feb 2099 10:00:00 GMT" }),
      delay: backoff
    }
  })

  retryAfterCases("of two Retry-After headers the larger one counts", {
    "the larger first": { headers: () => ({ "retry-after": ["1", "0"] }), delay: { from: 990, to: 1500 } },
    "the larger last": {
      headers: () => ({ "retry-after": ["0", "1"] }),
      delay: { from: 990, to: 1500 },
      except: { "node:http": backoff }
    }
  })

  retryAfterCases("an HTTP-date in Retry-After is measured from the Date of the response", {
    "an hour behind": {
      headers: () => ({ date: httpDate(-3_600_000), "retry-after": httpDate(-3_600_000 + 1000) }),
      delay: { from: 900, to: 2000 }
    },
    "an hour ahead": {
      headers: () => ({ date: httpDate(3_600_000), "retry-after": httpDate(3_600_000) }),
      delay: backoff
    }
  })
})
