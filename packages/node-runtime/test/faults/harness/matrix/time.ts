import type { Faults } from "./fault.ts"

export const time = {
  "a body that stalls after 10 bytes is RequestTimeout": { number: 54, retried: true },
  "a body of one byte every 200 ms is RequestTimeout": { number: 55, retried: true },
  "a 400 whose body stalls is BadRequest within the attempt timeout": { number: 56, retried: false },
  "the deadline ends a call that has attempts left": { number: 57, detail: "every attempt takes 450 ms, then 500" },
  "a backoff beyond the deadline fails at once, without a sleep": { number: 58, retried: false },
  "a wall clock that moves by an hour during the call changes no bound": { number: 59, detail: "time is monotonic" },
  "an event loop that is blocked for 1 s is one timeout, and the call settles once": { number: 60 }
} satisfies Faults
