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
  }
} satisfies Faults
