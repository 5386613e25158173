import type { Faults } from "./fault.ts"

const equivalent = "`test` makes a fiftieth of the calls and checks what is left; `soak` makes all of them and measures"

export const soak = {
  "20,000 mixed calls over all faults grow no heap, leave no timers and stay within the connection limit": {
    number: 91,
    detail: "the slope of the heap is about 0",
    equivalent
  },
  "10,000 failed TLS handshakes grow no heap": { number: 92, equivalent },
  "5,000 error responses with unread bodies stay within the connection limit": { number: 93, equivalent }
} satisfies Faults
