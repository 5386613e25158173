import type { Faults } from "./fault.ts"

export const secrets = {
  "no error class shows the secret in any output": { number: 75, detail: "in none of its encodings" },
  "credentials that a response echoes are redacted": {
    number: 76,
    detail: "raw, base64 and URL-encoded, in the body, the reason phrase and the headers"
  },
  "the client, its configuration and its layer show no secret when inspected and as JSON": { number: 77 },
  "this library writes nothing for DEBUG=* and NODE_DEBUG=http,undici": { number: 78 }
} satisfies Faults
