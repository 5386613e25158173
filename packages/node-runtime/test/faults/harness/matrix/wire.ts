import type { Faults } from "./fault.ts"

export const wire = {
  "a closed port is TransportError Refused after 3 attempts": { number: 1, retried: true },
  "a reset after the request is retried, and the call succeeds": { number: 2, retried: true },
  "a FIN before the headers is retried, and the call succeeds": { number: 3, retried: true },
  "an idle connection that is closed or reset on reuse is retried on a new one, and the call succeeds": {
    number: 4,
    retried: true
  },
  "a server that never responds is RequestTimeout after 3 attempts, or at the deadline": { number: 5, retried: true },
  "a SYN without a SYN-ACK is RequestTimeout": {
    number: 6,
    retried: true,
    equivalent: "a listener whose full backlog makes the system drop each further SYN"
  },
  "a reset in the body is retried, and is TransportError Truncated if it persists": { number: 7, retried: true },
  "a body that is shorter than its Content-Length is TransportError Truncated, never a session": {
    number: 8,
    retried: true
  },
  "a chunked body without its last chunk is TransportError Truncated": { number: 9, retried: true },
  "a bad chunk size is TransportError Malformed": {
    number: 10,
    retried: false,
    exceptions: {
      "node:http": "Truncated, retried: a parse error in a body is reported as a connection error"
    }
  },
  "an SSH banner is TransportError Malformed": { number: 11, retried: false },
  "a header line without a colon is TransportError Malformed": { number: 12, retried: false },
  "two different Content-Length headers are TransportError Malformed": {
    number: 13,
    retried: false,
    exceptions: {
      fetch: "may be Truncated, retried: the error of the body may come before the headers are read"
    }
  },
  "Content-Length and Transfer-Encoding together are TransportError Malformed": { number: 14, retried: false },
  "extra bytes after the body never become the response of a later call": {
    number: 15,
    detail:
      "the first call succeeds; bytes that are read after the next request was written cannot be distinguished from its response, over any transport",
    exceptions: {
      fetch: "the same, but the response before the extra bytes may be lost, and its call is retried"
    }
  },
  "a name that does not resolve is TransportError Dns": {
    number: 16,
    retried: false,
    detail: "`EAI_AGAIN` is retried",
    equivalent: "`dns.lookup` of the process is replaced by one that fails"
  }
} satisfies Faults
