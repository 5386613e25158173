import type { Faults } from "./fault.ts"

export const interruption = {
  "a call that is interrupted before it is sent makes no request": { number: 66 },
  "interruption while connecting, in the headers or in the body closes the connection within 50 ms": {
    number: 67,
    exceptions: {
      fetch:
        "the connection of the request is closed, and another is opened in its place; a connection that is being made is finished; both stay open for later calls"
    }
  },
  "interruption during the backoff settles within 50 ms, and no request follows": { number: 68 },
  "a call that loses Effect.race, 1,000 times, leaks nothing": {
    number: 69,
    exceptions: {
      fetch: "connections that were being made are finished, and stay open for later calls"
    }
  },
  "one AbortSignal of 10,000 runPromise calls keeps no listeners": {
    number: 70,
    detail: "Effect itself leaves one for each call before 3.22.4"
  }
} satisfies Faults
