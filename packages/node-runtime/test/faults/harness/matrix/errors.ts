import type { Faults } from "./fault.ts"

export const errors = {
  "each known error body becomes details of one shape in the error of its status": {
    number: 101,
    detail:
      "400, 401, 403, 404, 422, 429, 500, 502 and 503, retried or not as the status says; texts, messages, objects without a code, numbers, lists by parameter, plain text; none of HTML"
  },
  "an error status whose body stalls is its error 1 s after the headers, with the details that arrived": {
    number: 102,
    detail: "retried or not as the status says; the connection is closed",
    exceptions: {
      fetch: "the same, and another connection is opened in place of the closed one"
    }
  },
  "a Retry-After in RFC 850 or asctime form, with a fraction or with blanks is honored": {
    number: 103,
    retried: true,
    detail: "a year with two digits that is more than 50 years away is past"
  },
  "the messages of 401 and 403 name the four causes": {
    number: 104,
    retried: false,
    detail: "Unauthorized and UnexpectedStatus; credentials, space, scope, account not verified"
  },
  "attempts counts the attempts, and requestsSent the requests that were sent": {
    number: 105,
    retried: true,
    detail: "a refused connection, a DNS server that never responds, a FIN at accept",
    exceptions: {
      "node:http": "an attempt that may have sent its request counts as sent: DNS without a response",
      fetch: "an attempt that may have sent its request counts as sent: DNS without a response"
    }
  },
  "an error body of 64 KiB takes less than 10 ms of CPU, whatever it contains": {
    number: 119,
    detail:
      "nesting, escapes, and what is nearly a secret, in every known encoding: the same details as of any body, once warm",
    equivalent: "the client over a transport without sockets, by the CPU time of its process"
  },
  "407 and 421 are UnexpectedStatus": {
    number: 120,
    retried: false,
    exceptions: {
      fetch: "the same; Node's fetch sends a request again after a 421, and does not report it"
    }
  },
  "a reason phrase of 1 MB is TransportError Malformed": {
    number: 121,
    retried: false,
    detail: "it counts as headers",
    exceptions: {
      fetch: "a session: fetch keeps only the end of the phrase, without its length"
    }
  }
} satisfies Faults
