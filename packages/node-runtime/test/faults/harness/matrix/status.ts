import type { Faults } from "./fault.ts"

export const status = {
  "a 500 is retried, and a 200 after it is a session": { number: 17, retried: true },
  "a 500 to every request is InternalServerError with attempts and request id, after 3 requests": {
    number: 18,
    retried: true
  },
  "408, 502, 503 and 504 are ServerUnavailable": { number: 19, retried: true },
  "a 429 without Retry-After is RateLimited": { number: 20, retried: true },
  "501 and 505 are UnexpectedStatus": { number: 21, retried: false },
  "400, 401 and 404 are BadRequest, Unauthorized and NotFound, whatever their body": {
    number: 22,
    retried: false,
    detail: "the body of the contract, other JSON, HTML, none"
  },
  "403, 409, 410, 418 and 422 are UnexpectedStatus with details from errors[]": { number: 23, retried: false },
  "201, 204, 205, 206 and 304 are UnexpectedStatus": { number: 24, retried: false },
  "the statuses 99, 700 and 1000 are TransportError Malformed or UnexpectedStatus": { number: 25, retried: false },
  "a 103 every 200 ms without an end is RequestTimeout": { number: 26, retried: true },
  "a 101 upgrade is UnexpectedStatus or TransportError Malformed": {
    number: 27,
    retried: false,
    exceptions: {
      "node:http": "TransportError or RequestTimeout; the connection may stay open until the server closes it",
      fetch:
        "TransportError, which may be Reset, retried; some versions of fetch do not report an upgrade: RequestTimeout, retried"
    }
  }
} satisfies Faults
