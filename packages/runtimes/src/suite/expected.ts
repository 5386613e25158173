/** The expected observations, and the differences of each runtime. */
import type { Name } from "../runtimes/Runtime.ts"
import type { Observation } from "./Report.ts"
import type { CheckName } from "./checks.ts"

type Expected = Readonly<Record<CheckName, Observation>>
type Differences = Readonly<Record<Name, Partial<Expected>>>

const session: Observation = { session: "as requested", name: "design-review", open: 0 }

const once = { attempts: 1, isRetryable: false }
const retried = { attempts: 3, isRetryable: true }

const seen = (requests: number) => ({ requests, open: 0 })

const transportError = (reason: string): Observation => ({
  tag: "SignalWireTransportError",
  reason,
  ...retried,
  ...seen(3)
})

const unexpectedStatus = (status: number, requests = 1): Observation => ({
  tag: "SignalWireUnexpectedStatus",
  status,
  ...once,
  ...seen(requests)
})

const timeout: Observation = {
  tag: "SignalWireRequestTimeout",
  phase: "attempt",
  attempts: 2,
  isRetryable: true,
  ...seen(2)
}

const ownStores: Observation = { wrongStores: [] }

const common: Expected = {
  "a session": { ...session, requests: 1 },
  "a 404": { tag: "SignalWireNotFound", ...once, ...seen(1) },
  "a session after a 500": { ...session, requests: 2 },
  "a refused connection": { tag: "SignalWireTransportError", reason: "Refused", ...retried },
  "a connection reset before the response": transportError("Reset"),
  "a connection closed before the response": transportError("Reset"),
  "a body shorter than its Content-Length": transportError("Truncated"),
  "a chunked body without its last chunk": transportError("Truncated"),
  "a response other than HTTP": { tag: "SignalWireTransportError", reason: "Malformed", ...once, ...seen(1) },
  "an untrusted certificate": { tag: "SignalWireTransportError", reason: "Tls", ...once },
  "no response": timeout,
  "a body that stalls": timeout,
  "an interrupted call": { interrupted: true, ...seen(1) },
  "a redirect": { ...unexpectedStatus(302), followed: 0 },
  "a 407": unexpectedStatus(407),
  "a 421": unexpectedStatus(421),
  "AsyncLocalStorage in sequential calls": ownStores,
  "AsyncLocalStorage in concurrent calls": ownStores,
  "AsyncLocalStorage in concurrent retries": ownStores
}

/** undici's fetch sends the request once more on a new connection after a 421, as the Fetch standard allows. */
const node: Partial<Expected> = { "a 421": unexpectedStatus(421, 2) }

const absent: Observation = { absent: "AsyncLocalStorage" }

const unknown = { ...transportError("Other"), code: "ERR_NETWORK" }
const unknownUnseen: Observation = { tag: "SignalWireTransportError", reason: "Other", code: "ERR_NETWORK", ...retried }

export const fetch: Differences = {
  "Node 20": {
    ...node,
    // to undici 6, a closed connection is the end of the body
    "a chunked body without its last chunk": {
      tag: "SignalWireInvalidResponse",
      reason: "InvalidJson",
      ...once,
      ...seen(1)
    }
  },
  "Node 22": node,
  "Node 24": node,
  Bun: {},
  Deno: {},
  workerd: {
    "a refused connection": { tag: "SignalWireTransportError", reason: "Reset", ...retried },
    "a response other than HTTP": transportError("Reset"),
    "an untrusted certificate": unknownUnseen
  },
  Chromium: {
    "a refused connection": unknownUnseen,
    "a connection reset before the response": unknown,
    "a connection closed before the response": unknown,
    "a response other than HTTP": unknown,
    "an untrusted certificate": unknownUnseen,
    // a page does not get the status of a redirect that it does not follow
    "a redirect": { ...unexpectedStatus(0), followed: 0 },
    "a 407": unknown,
    "a 421": unexpectedStatus(421, 2),
    "AsyncLocalStorage in sequential calls": absent,
    "AsyncLocalStorage in concurrent calls": absent,
    "AsyncLocalStorage in concurrent retries": absent
  }
}

export const expected = (differences: Partial<Expected>): Expected => ({ ...common, ...differences })

/** Of node-runtime on Bun, whose replacement of undici cannot dispatch. */
export const unsupported: Readonly<Record<string, Observation>> = {
  "a session": { tag: "ConfigError", kind: "Unsupported" }
}
