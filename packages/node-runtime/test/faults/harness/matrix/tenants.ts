import type { Faults } from "./fault.ts"

export const tenants = {
  "2 and 50 clients in one process each call their own space with their own credentials": {
    number: 113,
    detail:
      "each under a tag of its own, merged into one layer, in one memo map, in a LayerMap, under one ManagedRuntime"
  },
  "errors of fetch without a code are TransportError": {
    number: 114,
    retried: true,
    detail:
      "of Deno, workerd and browsers: refused, reset, closed, truncated; Other with `ERR_NETWORK` where the runtime does not say what happened",
    equivalent: "the messages of each runtime; `packages/runtimes` makes the faults on the runtimes themselves"
  },
  "node-runtime on Bun is a ConfigError that names core over fetch": {
    number: 115,
    detail: "0 requests",
    equivalent: "a process that says it is Bun; `packages/runtimes` runs Bun itself"
  },
  "bounds hold on a busy machine, measured against the lag of the event loop": {
    number: 116,
    detail: "the whole suite is green beside two busy processes on two cores",
    equivalent:
      "`test` calls beside an event loop that is blocked repeatedly; `test:busy` runs the whole suite beside busy processes"
  },
  "code after a call sees the AsyncLocalStorage store of its own caller": {
    number: 117,
    detail:
      "connections shared, queued and retried, in sequence and in parallel; spans of OpenTelemetry's undici instrumentation have the right parent"
  },
  "a session from the fast decoder is deeply equal to one from Schema": {
    number: 118,
    detail: "for `assert.deepStrictEqual`, `toEqual` and `toStrictEqual`, after any use of DateTime on one of them"
  }
} satisfies Faults
