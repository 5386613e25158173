import type { Faults } from "./fault.ts"

export const transforms = {
  "a transform that reads, filters or logs responses changes the result of no fault": {
    number: 131,
    detail:
      "successes, errors, resets, truncated and compressed bodies, invalid responses, timeouts; requests and attempts too"
  },
  "a transform that never ends is RequestTimeout, before the request and after the response": {
    number: 132,
    retried: true,
    detail: "0 connections remain"
  },
  "an endless body that a transform reads is InvalidResponse TooLarge": { number: 133, retried: false },
  "a request that a transform sends to another origin has no credentials": {
    number: 134,
    detail: "nothing that the transform sees has them either"
  },
  "a transform and the code after a call under it see the AsyncLocalStorage store of their own caller": { number: 135 },
  "1,000 calls under a transform keep to maxConnections, and an interruption of all leaves no socket": {
    number: 136,
    exceptions: {
      "node:http": "it has no maxConnections",
      fetch:
        "it has no maxConnections, and the pool of the process keeps connections that were opened for aborted requests"
    }
  }
} satisfies Faults
