import express from "express"
import { runtime } from "./runtime.ts"
import { sessionResponse } from "./sessionResponse.ts"

const app = express()

app.get("/sessions/:id", async (request, response) => {
  const controller = new AbortController()
  response.once("close", () => controller.abort())
  try {
    const { body, headers, status } = await runtime.runPromise(
      sessionResponse(request.params.id),
      { signal: controller.signal }
    )
    // an open connection would keep the process for the keep-alive timeout of Node, 5 seconds
    if (!server.listening) response.set("connection", "close")
    response.status(status).set(headers).json(body)
  } catch (error) {
    // after a disconnect there is no caller for a response
    if (!controller.signal.aborted) throw error
  }
})

// a wrong configuration ends the process here, and not at the first request
await runtime.runtime()
const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address()
  console.log(`Listening on http://127.0.0.1:${typeof address === "object" ? address?.port : address}`)
})

for (const signal of ["SIGINT", "SIGTERM"]) {
  // the callback runs after the last response was sent
  process.once(signal, () => void server.close(() => void runtime.dispose()))
}
