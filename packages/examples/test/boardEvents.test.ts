import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { HttpServer } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Exit, Layer, Scope } from "effect"
import { router } from "../src/boardEvents.ts"
import { Board } from "../src/liveBoard.ts"
import { server } from "../src/server.ts"

const session = RoomSessionFixture.inProgress({ display_name: "Standup" })

const service = router.pipe(
  HttpServer.serve(),
  Layer.provide(Board.layer),
  Layer.provideMerge(server),
  Layer.provide(RoomSessionsTest.layer([session])),
  Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
)

it.live("the events of an open page end when the service is closed, and the server with them", () =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const { address } = Context.get(yield* Layer.buildWithScope(service, scope), HttpServer.HttpServer)
    const port = address._tag === "TcpAddress" ? address.port : 0
    const response = yield* Effect.promise(() =>
      fetch(`http://127.0.0.1:${port}/board`, { headers: { connection: "close" } })
    )
    const text = response.text()
    yield* Scope.close(scope, Exit.void)
    assert.include(yield* Effect.promise(() => text), "data: [\"Standup\"]\n\n")
  }))
