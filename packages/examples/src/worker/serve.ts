/** Serves the worker by Node, to try it without an account of Cloudflare. */
import { createServer } from "node:http"
import worker from "./worker.ts"

const { PORT = "3000", SIGNALWIRE_API_TOKEN = "", SIGNALWIRE_PROJECT_ID = "", SIGNALWIRE_SPACE = "" } = process.env

const env = { SIGNALWIRE_SPACE, SIGNALWIRE_PROJECT_ID, SIGNALWIRE_API_TOKEN }

const server = createServer(async ({ method = "GET", url = "/" }, response) => {
  const received = await worker.fetch(new Request(new URL(url, "http://localhost"), { method }), env)
  response.writeHead(received.status, Object.fromEntries(received.headers)).end(await received.text())
})

server.listen(Number(PORT), "127.0.0.1", () => {
  const address = server.address()
  console.log(`Listening on http://127.0.0.1:${typeof address === "object" ? address?.port : address}`)
})

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void server.close())
