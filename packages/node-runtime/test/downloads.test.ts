import { RecordingDownload } from "@effect-signalwire/core"
import { UndiciHttpClient } from "@effect-signalwire/node-runtime"
import { FetchHttpClient, type HttpClient } from "@effect/platform"
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import * as certificates from "./faults/harness/certificates.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { head, send, sequence, stall } from "./faults/harness/scripts.ts"
import * as tlsServer from "./faults/harness/tlsServer.ts"
import { until } from "./faults/harness/until.ts"

const clients: ReadonlyArray<readonly [name: string, client: Layer.Layer<HttpClient.HttpClient>]> = [
  ["FetchHttpClient.layer", FetchHttpClient.layer],
  ["UndiciHttpClient.layer", Layer.orDie(UndiciHttpClient.layer())],
  ["NodeHttpClient.layer", NodeHttpClient.layer],
  ["NodeHttpClient.layerUndici", NodeHttpClient.layerUndici]
]

const stalls: ReadonlyArray<readonly [what: string, script: rawServer.Script]> = [
  ["nothing", stall],
  ["headers alone", sequence(send(head(200, { "content-length": "10" })), stall)],
  ["a part of the file", sequence(send(head(200, { "content-length": "10" }), "0123"), stall)]
]

describe.concurrent.each(clients)("a download over %s", (_, client) => {
  it.scopedLive.each(stalls)(
    "from a host that sends %s ends after the idle time in an uninterruptible region, and closes its connection",
    ([, script]) =>
      Effect.gen(function*() {
        const server = yield* rawServer.make([script])
        const download = Stream.runDrain(
          RecordingDownload.download({ uri: server.baseUrl }, { idleTimeout: "1 second", maxRetries: 0 })
        )
        const errors: Array<unknown> = []
        const ended = Effect.map(Effect.flip(Effect.uninterruptible(download)), error => void errors.push(error))
        yield* Effect.gen(function*() {
          // no child of the test, which would wait for its end
          yield* Effect.forkDaemon(ended)
          yield* until(() => errors.length > 0 && server.open() === 0)
        }).pipe(Effect.provide(client))
        assert.deepInclude(errors[0], { reason: "Incomplete" })
      })
  )

  it.scopedLive("from a host with a certificate that is not trusted is not retried, and its error has the code", () =>
    Effect.gen(function*() {
      const server = yield* tlsServer.make(yield* certificates.make(), [stall])
      const error = yield* Stream.runDrain(RecordingDownload.download({ uri: server.baseUrl })).pipe(
        Effect.flip,
        Effect.provide(client)
      )
      const code = "DEPTH_ZERO_SELF_SIGNED_CERT"
      assert.deepInclude(error, { reason: "Transport", code, isRetryable: false })
      assert.include(error.message, code)
    }))
})
