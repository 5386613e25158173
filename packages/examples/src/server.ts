import { NodeHttpServer } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { createServer } from "node:http"

/** Without it, a request that arrives after the service was closed has no response, and the server waits for its connection. */
const makeServer = () => {
  const server = createServer((_, response) => {
    const isServiceClosed = server.listenerCount("request") === 1
    if (isServiceClosed) response.writeHead(503, { connection: "close" }).end()
  })
  return server
}

export const server = Layer.unwrapEffect(
  Effect.map(
    Config.withDefault(Config.integer("PORT"), 3000),
    port => NodeHttpServer.layer(makeServer, { port, host: "127.0.0.1" })
  )
)
