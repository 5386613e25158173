import { RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import { Effect, Either, Exit, Layer, Option, Redacted } from "effect"
import { Client } from "undici"
import * as runtimeCheck from "../../src/internal/runtimeCheck.ts"
import { failureOf, holdAll } from "./harness/invariant.ts"
import { once } from "./harness/once.ts"
import { session, sessionId } from "./harness/session.ts"

type Fetch = () => Promise<Response>

const responded = () => new Response(session(), { headers: { "content-type": "application/json" } })

/** A response of which a part arrives, and then an error with these words. */
const truncated = (words: string) =>
  new Response(
    new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode(session().slice(0, 20))),
      pull: controller => controller.error(new TypeError(words))
    }),
    { headers: { "content-type": "application/json" } }
  )

/** What happens to the first request, in the words of a runtime; all others have their response. */
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

const get = (fetch: Fetch) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(sessionId)).pipe(
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

describe("Runtimes", () => {
  once(
    114,
    Effect.forEach(Object.entries(faults), ([name, { fetch, reason }]) =>
      Effect.gen(function*() {
        let requests = 0
        const once = yield* get(() => (++requests === 1 ? fetch() : Promise.resolve(responded())))
        assert.isTrue(Exit.isSuccess(once), `${name}: ${String(once)}`)
        assert.strictEqual(requests, 2, name)
        const always = yield* get(fetch)
        yield* holdAll([once, always])
        const failure = Option.getOrThrow(failureOf(always))
        assert.strictEqual(failure._tag === "SignalWireTransportError" ? failure.reason : failure._tag, reason, name)
        assert.strictEqual(failure.attempts, 3, name)
      }), { discard: true })
  )

  once(
    115,
    Effect.sync(() => {
      assert.isTrue(Either.isRight(runtimeCheck.make(Client.prototype)))
      const error = Either.getOrThrow(Either.flip(runtimeCheck.make({})))
      assert.strictEqual(error._op, "Unsupported")
      assert.include(error._op === "Unsupported" ? error.message : "", "FetchHttpClient")
    })
  )
})
