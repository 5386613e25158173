import { HttpRouter, HttpServerResponse } from "@effect/platform"
import { Effect, Stream } from "effect"
import { Board, namesInProgress } from "./liveBoard.ts"
import { Shutdown } from "./server.ts"

/** Server-sent events: the names of the sessions in progress, now and after each change, until the page is closed or the service is. */
const boardEvents = Effect.gen(function*() {
  const board = yield* Board
  const shutdown = yield* Shutdown
  const events = namesInProgress.pipe(
    Stream.provideService(Board, board),
    Stream.map(names => `data: ${JSON.stringify(names)}\n\n`),
    Stream.interruptWhenDeferred(shutdown),
    Stream.encodeText
  )
  return HttpServerResponse.stream(events, { contentType: "text/event-stream" })
})

export const router = HttpRouter.empty.pipe(HttpRouter.get("/board", boardEvents))
