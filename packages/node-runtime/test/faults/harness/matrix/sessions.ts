import type { Faults } from "./fault.ts"

export const sessions = {
  "sessions of 2021, 2024, 2026 and of the list are decoded, with null for what they lack": {
    number: 106,
    detail: "2021 without four flags, 2024 with 20 keys; bodies of the service and of its documents"
  },
  "a session in progress with a duration is decoded": {
    number: 107,
    detail: "`duration` is the time so far, and only `status` and `end_time` say that it is in progress"
  },
  "date-times with second 60, 12 fraction digits, +0000 or lower-case t and z are decoded": {
    number: 108,
    detail:
      "RFC 3339, and an offset without a colon; second 60 is the first of the next minute, what is finer than a millisecond is cut off"
  },
  "lenient decoding makes each unreadable nullable field null and reports it once": {
    number: 109,
    detail:
      "everything else is as it was sent; one warning and one report for each path and response, with the expectation and the number of values, never with a value; the metric counts the values"
  },
  "strict decoding of an unreadable field is SchemaMismatch that says what is expected": {
    number: 110,
    retried: false,
    detail: "the message names lenient decoding"
  },
  "text/json, a repeated content type and the encodings none and utf-8 are decoded": { number: 111 },
  "a mock that sends one id for every id is SchemaMismatch, and a session where echo is ignored": {
    number: 112,
    retried: false,
    detail: "the message says that another session was sent, and names `echo: \"ignore\"`"
  }
} satisfies Faults
