import { NodeHttpServer } from "@effect/platform-node"
import { Config, Context, Deferred, Effect, Layer } from "effect"
import { createServer } from "node:http"

/** Without it, a request that arrives after the service was closed has no response, and the server waits for its connection. */
const makeServer = () => {
  const server = createServer((_, response) => {
    const isServiceClosed = server.listenerCount("request") === 1
    if (isServiceClosed) response.writeHead(503, { connection: "close" }).end()
  })
  return server
}

/** Completed at a shutdown, before the server waits for its responses. A response without an end of its own ends with it. */
export class Shutdown extends Context.Tag("Shutdown")<Shutdown, Deferred.Deferred<void>>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.acquireRelease(Deferred.make<void>(), shutdown => Deferred.succeed(shutdown, undefined))
  )
}

export const server = Layer.unwrapEffect(
  Effect.map(
    Config.withDefault(Config.integer("PORT"), 3000),
    // layers are closed in the reverse order: `Shutdown` before the server
    port => Layer.provideMerge(Shutdown.layer, NodeHttpServer.layer(makeServer, { port, host: "127.0.0.1" }))
  )
)
