import type { Faults } from "./fault.ts"

export const headers = {
  "headers of one byte every 200 ms are RequestTimeout": { number: 28, retried: true },
  "a header of 200 KB is TransportError Malformed": { number: 29, retried: false },
  "5,000 headers are TransportError Malformed in bounded time": { number: 30, retried: false },
  "a request id is truncated and sanitized": {
    number: 31,
    detail:
      "10 KB, ANSI codes, an encoded CRLF; a control character in a header is TransportError Malformed, not retried"
  },
  "Retry-After: 1 delays the retry by at least 1 s": { number: 32, retried: true },
  "a Retry-After beyond the deadline fails at once, with retryAfter in the error": {
    number: 33,
    retried: false,
    detail: "such as 99999999"
  },
  "an invalid Retry-After is ignored, and the retry waits for its backoff": {
    number: 34,
    retried: true,
    detail: "-5, abc, empty, 1e9, 0x10, NaN; the delay is never below the floor of the backoff"
  },
  "a Retry-After as an HTTP-date is honored": {
    number: 35,
    detail: "past: the backoff; in a second: about 1 s; in the year 9999: the call fails at once"
  },
  "of two Retry-After headers the larger one counts": {
    number: 36,
    retried: true,
    exceptions: {
      "node:http": "the first header counts: the others are dropped before the library sees them"
    }
  },
  "an HTTP-date in Retry-After is measured from the Date of the response": {
    number: 37,
    retried: true,
    detail: "with a `Date` that is off by an hour"
  }
} satisfies Faults
