import fastify from "fastify"
import { runtime } from "./runtime.ts"
import { sessionResponse } from "./sessionResponse.ts"

const app = fastify()

app.get<{ Params: { id: string } }>("/sessions/:id", async (request, reply) => {
  // the signal is aborted when the caller disconnects: the call is interrupted, with its retries
  const { body, headers, status } = await runtime.runPromise(
    sessionResponse(request.params.id),
    { signal: request.signal }
  )
  return reply.code(status).headers(headers).send(body)
})

// an open connection would keep the process for the keep-alive timeout of Fastify, 72 seconds
app.addHook("onSend", async (_, reply) => {
  if (!app.server.listening) reply.header("connection", "close")
})

// runs after the last response was sent
app.addHook("onClose", () => runtime.dispose())

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void app.close())

// a wrong configuration ends the process here, and not at the first request
await runtime.runtime()
console.log(`Listening on ${await app.listen({ port: Number(process.env["PORT"] ?? 3000) })}`)
