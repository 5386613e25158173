import type { Faults } from "./fault.ts"

export const input = {
  "an id that is no UUID is InvalidRequest, without a request and without the value": {
    number: 79,
    detail: ".., %2e%2e, ../x, a/b, ?, #, CRLF, NUL, @h/, 1 MB, a number, null"
  },
  "an invalid space is a ConfigError that says what is accepted": {
    number: 80,
    detail: "a.b, evil.com/, x@y, non-ASCII, empty"
  },
  "an empty, blank or multi-line token and a project id with a colon are ConfigErrors, not defects": { number: 81 },
  "a token with characters above U+00FF is sent as UTF-8, byte by byte": { number: 82 },
  "an invalid timeout, limit or number of retries is a ConfigError": {
    number: 83,
    detail: "timeouts of 0, -1, NaN, infinity and 2^31 ms; negative and fractional retries"
  },
  "http to a host that is not loopback and a URL with credentials are ConfigErrors, and 0 bytes are sent": {
    number: 84
  }
} satisfies Faults
