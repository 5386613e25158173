import { describe } from "@effect/vitest"
import { Duration } from "effect"
import { against, cases, type Expected } from "./harness/row.ts"
import { authorizationOf, drip, head, json, withRequest } from "./harness/scripts.ts"
import { session } from "./harness/session.ts"
import { timed } from "./harness/transports.ts"
import { backoff, unavailable, waits } from "./harness/waits.ts"

/** What other calls of the row do at the same time included. */
const mostCpuMillis = 2000

const typed = { "content-type": "application/json" }
const httpDate = (millisFromNow: number) => new Date(Date.now() + millisFromNow).toUTCString()

const atOnce = (retryAfter: Duration.Duration) => ({ _tag: "SignalWireServerUnavailable", attempts: 1, retryAfter })

describe("Headers", () => {
  against(28, [drip(head(200, typed), 200)], {
    scale: timed,
    failure: { _tag: "SignalWireRequestTimeout", attempts: 3 },
    requests: 3
  })

  against(29, [json(200, session(), { "x-large": "x".repeat(200_000) })], {
    failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  })

  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x-${index}`, String(index)]))

  against(30, [json(200, session(), many)], {
    failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1,
    cpuMillis: mostCpuMillis
  })

  const withRequestId = (requestId: string) => json(404, "{}", { "x-request-id": requestId })
  const seenAs = (requestId: string | undefined): Expected => ({
    failure: { _tag: "SignalWireNotFound", requestId },
    requests: 1
  })
  const malformed: Expected = {
    failure: { _tag: "SignalWireTransportError", reason: "Malformed", attempts: 1 },
    requests: 1
  }

  cases(31, {
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
    "the credentials": {
      scripts: [withRequest(request => withRequestId(`no ${authorizationOf(request)}`))],
      expected: seenAs("<redacted>")
    },
    "nothing": { scripts: [withRequestId("")], expected: seenAs(undefined) }
  })

  waits(32, { "one second": { headers: () => ({ "retry-after": "1" }), gap: { from: 990, to: 1500 } } })

  against(33, [unavailable({ "retry-after": "99999999" })], {
    failure: atOnce(Duration.seconds(99_999_999)),
    requests: 1,
    boundMillis: 250
  })

  waits(
    34,
    Object.fromEntries(["-5", "abc", "", "1e9", "0x10", "NaN", "0"].map(value => [
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
