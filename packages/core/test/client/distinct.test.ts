import { RoomSessions } from "@effect-signalwire/core"
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, Stream } from "effect"
import { sessions } from "../support/client.ts"
import { json } from "../support/responses.ts"
import { wireSession } from "../support/sessions.ts"
import { overTransport } from "../support/transports.ts"

const idOf = (n: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-${String(n).padStart(12, "0")}`

const page = (numbers: ReadonlyArray<number>, token?: string) =>
  json(
    200,
    JSON.stringify({
      links: token === undefined ? {} : { next: `?page_number=1&page_token=${token}` },
      data: numbers.map(n => ({ ...wireSession, id: idOf(n) }))
    })
  )

it.effect("a distinct list has each session once, in each run of its stream", () =>
  Effect.gen(function*() {
    const pages = [page([1, 2], "a"), page([2, 3])] as const
    yield* Effect.gen(function*() {
      const { list } = yield* RoomSessions.RoomSessions
      const ids = (distinct: boolean) =>
        Stream.runCollect(Stream.map(list({ distinct }), ({ id }) => String(id))).pipe(
          Effect.map(Chunk.toReadonlyArray)
        )
      const distinct = ids(true)
      assert.deepStrictEqual(yield* distinct, [1, 2, 3].map(idOf))
      assert.deepStrictEqual(yield* distinct, [1, 2, 3].map(idOf))
      assert.deepStrictEqual(yield* ids(false), [1, 2, 2, 3].map(idOf))
    }).pipe(Effect.provide(sessions(overTransport(...pages, ...pages, ...pages))))
  }))
