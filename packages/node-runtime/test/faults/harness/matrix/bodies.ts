import type { Faults } from "./fault.ts"

export const bodies = {
  "the example of the contract is decoded": { number: 38 },
  "a session with unknown keys is decoded": { number: 39 },
  "a new value of status, quality or fps is decoded": {
    number: 40,
    detail: "as Unrecognized; fps is always a string, also where a number is sent"
  },
  "a missing key or a wrong type is InvalidResponse SchemaMismatch with the path and without values": {
    number: 41,
    retried: false,
    detail: "a key that is never null"
  },
  "an empty 200 is InvalidResponse InvalidJson": { number: 42, retried: false },
  "a 200 with text/html is InvalidResponse UnexpectedContentType": { number: 43, retried: false },
  "HTML labeled as JSON is InvalidResponse InvalidJson": { number: 44, retried: false },
  "UTF-16 is InvalidResponse UnexpectedContentType, and a BOM is ignored": { number: 45, retried: false },
  "a string with the bytes FF FE C0 80 is InvalidResponse InvalidUtf8": { number: 46, retried: false },
  "the keys __proto__ and constructor are decoded and change no prototype": { number: 47 },
  "a million [, duplicate keys, 1e400 and integers above 2^53 take bounded time": {
    number: 48,
    retried: false,
    detail: "InvalidJson or SchemaMismatch; of duplicate keys the last one counts; no stack overflow"
  },
  "a Content-Length of 60 MB is InvalidResponse TooLarge before the body is read": { number: 49, retried: false },
  "endless chunks are InvalidResponse TooLarge at 1 MiB": {
    number: 50,
    retried: false,
    detail: "RSS grows by less than 20 MB"
  },
  "a compressed body is InvalidResponse UnsupportedEncoding": {
    number: 51,
    retried: false,
    detail: "identity was asked for; a gzip bomb, 1,000 layers of encoding",
    exceptions: {
      "node:http": "the same, unless the body is a session that is not compressed",
      fetch:
        "decompresses by itself, within the limit of the body: a session, or TooLarge, not retried; what it cannot decompress is TransportError Other, not retried"
    }
  },
  "a 500 with a 60 MB body is InternalServerError, and at most 64 KiB are read": { number: 52, retried: true },
  "a session with another id than the one asked for is InvalidResponse SchemaMismatch at id": {
    number: 53,
    retried: false
  }
} satisfies Faults
