/** The servers of a soak. */
import { Effect, type Scope } from "effect"
import * as tls from "node:tls"
import * as certificates from "../faults/harness/certificates.ts"
import * as rawServer from "../faults/harness/rawServer.ts"
import { byId, unread } from "./faults.ts"
import type { Servers } from "./scenarios.ts"

export const make: Effect.Effect<Servers, never, Scope.Scope> = Effect.gen(function*() {
  const certificate = yield* certificates.make()
  const faults = yield* rawServer.make([byId], { recordsRequests: false })
  const untrusted = yield* rawServer.make([unread], {
    recordsRequests: false,
    create: () => tls.createServer({ ...certificate }).on("tlsClientError", () => {}),
    connectionEvent: "secureConnection"
  })
  const large = yield* rawServer.make([unread], { recordsRequests: false })
  return { faults: faults.baseUrl, untrusted: `https://127.0.0.1:${untrusted.port}`, unread: large.baseUrl }
})
