import type { Faults } from "./fault.ts"

const opensMore = "opens a connection for each call"

export const load = {
  "1,000 concurrent calls open at most 32 connections, and all settle": {
    number: 71,
    exceptions: { "node:http": opensMore, fetch: opensMore }
  },
  "waiting in a pool full of calls without a response counts against the deadline, not against the attempt": {
    number: 72,
    exceptions: { "node:http": opensMore, fetch: opensMore }
  },
  "two clients with two tokens in one process each send their own": { number: 73 },
  "calls that are in flight when the layer closes end with an error, and no connection is left": {
    number: 74,
    exceptions: {
      "node:http": "calls are still in progress: their deadline ends them at the latest",
      fetch:
        "calls are still in progress: their deadline ends them at the latest; idle connections stay with the process"
    }
  }
} satisfies Faults
