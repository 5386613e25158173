import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import { Effect, Either, Exit, Layer, Option, Redacted } from "effect"
import * as runtimeCheck from "../../src/internal/runtimeCheck.ts"
import { get } from "./harness/call.ts"
import { errorOf } from "./harness/callExit.ts"
import { once } from "./harness/faultTest.ts"
import { assertInvariant } from "./harness/invariant.ts"
import { session } from "./harness/session.ts"

type Fetch = () => Promise<Response>

const success = () => new Response(session(), { headers: { "content-type": "application/json" } })

/** A response of which a part arrives, and then an error with this message. */
const truncated = (message: string) =>
  new Response(
    new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode(session().slice(0, 20))),
      pull: controller => controller.error(new TypeError(message))
    }),
    { headers: { "content-type": "application/json" } }
  )

/** The error of the first request, as a runtime reports it. */
const faults: Readonly<Record<string, { readonly fetch: Fetch; readonly reason: string }>> = {
  "Deno, refused": {
    fetch: () =>
      Promise.reject(
        new TypeError("error sending request", {
          cause: new Error("client error (Connect): tcp connect error: Connection refused (os error 111)")
        })
      ),
    reason: "Refused"
  },
  "Deno, closed": {
    fetch: () =>
      Promise.reject(
        new TypeError("error sending request", {
          cause: new Error("client error (SendRequest): connection closed before message completed")
        })
      ),
    reason: "Reset"
  },
  "Deno, truncated": {
    fetch: () => Promise.resolve(truncated("error reading a body from connection")),
    reason: "Truncated"
  },
  "workerd, reset": { fetch: () => Promise.reject(new Error("Network connection lost.")), reason: "Reset" },
  "workerd, truncated": { fetch: () => Promise.resolve(truncated("Network connection lost.")), reason: "Truncated" },
  "Chromium, refused or reset": { fetch: () => Promise.reject(new TypeError("Failed to fetch")), reason: "Other" },
  "Chromium, truncated": { fetch: () => Promise.resolve(truncated("network error")), reason: "Truncated" },
  "Firefox": {
    fetch: () => Promise.reject(new TypeError("NetworkError when attempting to fetch resource.")),
    reason: "Other"
  },
  "Safari": { fetch: () => Promise.reject(new TypeError("Load failed")), reason: "Other" }
}

const getOver = (fetch: Fetch) =>
  get.pipe(
    Effect.provide(
      RoomSessions.layer.pipe(
        Layer.provide(Layer.orDie(SignalWireClient.layer({
          space: "acme",
          projectId: "p",
          apiToken: Redacted.make("t"),
          policy: { baseDelay: "1 millis" }
        }))),
        Layer.provide(FetchHttpClient.layer)
      )
    ),
    Effect.provideService(FetchHttpClient.Fetch, fetch),
    Effect.exit
  )

describe("Tenants and runtimes", () => {
  once(
    "errors of fetch without a code are TransportError",
    Effect.forEach(Object.entries(faults), ([name, { fetch, reason }]) =>
      Effect.gen(function*() {
        let requests = 0
        const retried = yield* getOver(() => (++requests === 1 ? fetch() : Promise.resolve(success())))
        assert.isTrue(Exit.isSuccess(retried), `${name}: ${String(retried)}`)
        assert.strictEqual(requests, 2, name)
        const always = yield* getOver(fetch)
        yield* assertInvariant([retried, always])
        const error = Option.getOrThrow(errorOf(always))
        assert.strictEqual(error._tag === "SignalWireTransportError" ? error.reason : error._tag, reason, name)
        assert.strictEqual(error.attempts, 3, name)
      }), { discard: true })
  )

  once(
    "node-runtime on Bun is a ConfigError that names core over fetch",
    Effect.sync(() => {
      assert.isTrue(Either.isRight(runtimeCheck.make(process.versions)))
      const error = Either.getOrThrow(Either.flip(runtimeCheck.make({ ...process.versions, bun: "1.3.1" })))
      assert.strictEqual(error._op, "Unsupported")
      assert.include(error._op === "Unsupported" ? error.message : "", "FetchHttpClient")
    })
  )
})
