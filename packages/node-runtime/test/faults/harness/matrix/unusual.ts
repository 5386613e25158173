import type { Faults } from "./fault.ts"

export const unusual = {
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
