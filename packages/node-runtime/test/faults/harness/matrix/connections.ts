import type { Faults } from "./fault.ts"

export const connections = {
  "dead idle connections cost no retry: the call succeeds on a new connection": {
    number: 94,
    detail:
      "1, 3, 8 and 32 connections, reset or closed: at once; after one without a response the retry takes a new connection, and the others are closed",
    exceptions: {
      "node:http": "each dead connection costs an attempt: `http.Agent` chooses the connection",
      fetch: "each dead connection costs an attempt: fetch chooses the connection"
    }
  },
  "40 calls in sequence succeed though the server closes or resets every reused connection": {
    number: 95,
    exceptions: {
      "node:http": "each reuse costs an attempt, until the retry budget is exhausted",
      fetch: "each reuse costs an attempt, until the retry budget is exhausted"
    }
  },
  "many more concurrent calls than connections all succeed": {
    number: 96,
    detail:
      "waiting for a connection counts against the deadline only; a deadline in the queue is RequestTimeout, phase deadline, 0 requests sent",
    exceptions: {
      "node:http": "opens a connection for each call, within the time of its attempt",
      fetch: "opens a connection for each call, within the time of its attempt"
    },
    equivalent: "400 calls of 20 ms over 4 connections, each waiting up to four times the time of an attempt"
  },
  "a damaged TLS record is TransportError Truncated at once, and the next call uses a new connection": {
    number: 97,
    retried: true,
    detail: "in the body, and while the connection is idle; not at the timeout",
    exceptions: {
      "node:http": "the same, tested by hand: its layer takes no certificate authority of a test",
      fetch: "RequestTimeout, retried: fetch does not report it within the time of the attempt, tested by hand"
    }
  },
  "a TLS 1.3 server that requires a client certificate is TransportError Tls, as under 1.2": {
    number: 98,
    retried: false
  },
  "an unexpected 100 Continue is TransportError Malformed": {
    number: 99,
    retried: false,
    detail: "from the server and from a proxy: undici's parser rejects it",
    exceptions: {
      "node:http": "success"
    }
  },
  "a layer that closes during a call ends it at once with TransportError Closed and the number of requests sent": {
    number: 100,
    detail: "as on SIGTERM; in a delay between attempts too; after the shutdownGrace of the policy, where it is set",
    exceptions: {
      "node:http": "the same; a request counts as sent from the beginning of its attempt",
      fetch: "the same; a request counts as sent from the beginning of its attempt"
    }
  }
} satisfies Faults
