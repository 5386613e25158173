import type { Faults } from "./fault.ts"

/** Requests to the sandbox; its tests are in that package. */
export const sandbox = {
  "a path in another case, with a trailing or doubled slash is a 404, and another method a 405 with Allow, as JSON": {
    number: 122
  }
} satisfies Faults
