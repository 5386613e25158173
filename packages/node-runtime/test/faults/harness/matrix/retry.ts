import type { Faults } from "./fault.ts"

export const retry = {
  "10,000 sampled delays are within the formula and reach both bounds": { number: 61 },
  "1,000 calls at a server that always responds 500 send no more requests than the retry budget allows": {
    number: 62,
    detail: "at most 1,000 + 20"
  },
  "the retry budget refills after an outage, and retries resume": { number: 63 },
  "maxRetries: 0 makes one attempt, even after a reset": {
    number: 64,
    detail: "a dead connection that was used before is still replaced (fault 94)"
  },
  "every attempt sends the same credentials, and its span has its number": { number: 65 }
} satisfies Faults
