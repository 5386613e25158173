import { RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Either, Equal, Stream } from "effect"
import type { Page, PageToken } from "../../src/Page.ts"
import { InvalidResponse } from "../../src/SignalWireError.ts"
import { pages } from "../../src/internal/paging.ts"
import { sessions } from "../support/client.ts"
import { json } from "../support/responses.ts"
import { wireSession } from "../support/sessions.ts"
import { overTransport } from "../support/transports.ts"

type Item = { readonly id: string }

const items = (...ids: ReadonlyArray<string>): ReadonlyArray<Item> => ids.map(id => ({ id }))

// a brand has no constructor of its own
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const token = (text: string) => text as PageToken

/** Reads pages, each with the token of the next one, and returns how many were requested, and the error. */
const read = (
  pageOf: (number: number) => readonly [items: ReadonlyArray<Item>, next: string | null],
  resumeFrom?: string | null
) =>
  Effect.gen(function*() {
    const tokens: Array<unknown> = []
    let received = 0
    const fetch = (from: unknown) =>
      Effect.sync((): Page<Item> => {
        tokens.push(from)
        const [items, next] = pageOf(tokens.length)
        return { items, next: next === null ? null : token(next) }
      })
    const result = yield* Effect.either(
      Stream.runForEach(pages("RoomSessions.list", fetch, resumeFrom), () => Effect.sync(() => void received++))
    )
    return { tokens, received, requests: tokens.length, error: Either.isLeft(result) ? result.left : undefined }
  })

const loop = new InvalidResponse({
  operation: "RoomSessions.list",
  reason: "SchemaMismatch",
  path: "links.next",
  expected: "no link, or one to another page of the same list"
})

/** The last page of a list that is read to its end. */
const last = 300

const nextOf = (number: number) => number === last ? null : `page${number}`

describe("pages", () => {
  it.effect("each page is requested with the next of the one before it, the first one from the start", () =>
    Effect.gen(function*() {
      const { error, tokens } = yield* read(number => [items(`${number}`), number === 3 ? null : `page${number}`])
      assert.deepStrictEqual([tokens, error], [[undefined, "page1", "page2"], undefined])
      assert.deepStrictEqual((yield* read(() => [[], null], "page5")).tokens, ["page5"])
      assert.deepStrictEqual((yield* read(() => [[], null], null)).tokens, [null])
    }))

  it.effect.each<readonly [what: string, pageOf: Parameters<typeof read>[0]]>([
    ["the next of an earlier one", number => [items(`${number}`), number === 3 ? "page1" : `page${number}`]],
    ["its own next", number => [items(`${number}`), `page${Math.min(number, 2)}`]]
  ])("a page with %s is the last one before InvalidResponse", ([, pageOf]) =>
    Effect.gen(function*() {
      const { error, received, requests } = yield* read(pageOf)
      assert.deepStrictEqual([received, requests], [3, 3])
      assert.isTrue(Equal.equals(error, loop))
    }))

  it.effect("a page whose next is the one that the list was resumed from is the last one before InvalidResponse", () =>
    Effect.gen(function*() {
      const { error, requests } = yield* read(number => [items(`${number}`), "page5"], "page5")
      assert.strictEqual(requests, 1)
      assert.isTrue(Equal.equals(error, loop))
    }))

  it.effect.each<readonly [what: string, itemsOf: (number: number) => ReadonlyArray<Item>, requests: number]>([
    ["are equal", () => items("a", "b"), 102],
    ["are empty", () => [], 101],
    ["are empty after a page that is not", number => number === 1 ? items("a") : [], 102]
  ])(
    "after 100 pages in a row that %s, the next one is the last before InvalidResponse",
    ([, itemsOf, count]) =>
      Effect.gen(function*() {
        const { error, received, requests } = yield* read(number => [itemsOf(number), nextOf(number)])
        assert.deepStrictEqual([received, requests], [count, count])
        assert.isTrue(Equal.equals(error, loop))
      })
  )

  it.effect.each<readonly [what: string, itemsOf: (number: number) => ReadonlyArray<Item>]>([
    ["alternate", number => items(number % 2 === 0 ? "a" : "b")],
    ["have some of the items of the one before", number => items("a", `${number}`)],
    [
      "have the first items of the one before",
      number => items(...Array.from({ length: last - number }, (_, n) => `${n}`))
    ],
    ["have the items of the one before and more", number => items(...Array.from({ length: number }, (_, n) => `${n}`))],
    ["are empty now and then", number => number % 50 === 0 ? items(`${number}`) : []]
  ])("300 pages that %s are a list", ([, itemsOf]) =>
    Effect.gen(function*() {
      const { error, requests } = yield* read(number => [itemsOf(number), nextOf(number)])
      assert.deepStrictEqual([requests, error], [last, undefined])
    }))

  it.effect("each run of the stream is a list of its own", () =>
    Effect.gen(function*() {
      let requests = 0
      const stream = pages("RoomSessions.list", () =>
        Effect.sync(() => ({ items: items("a"), next: ++requests % 2 === 0 ? null : token("page1") })), undefined)
      assert.lengthOf(yield* Stream.runCollect(stream), 2)
      assert.lengthOf(yield* Stream.runCollect(stream), 2)
    }))
})

describe("lists", () => {
  const page = (name: string, next: string) =>
    json(200, JSON.stringify({ links: { next }, data: [{ ...wireSession, name }] }))

  it.effect("every page is requested with the filter, and the next of the one before it or the page size", () =>
    Effect.gen(function*() {
      const transport = overTransport(
        page("a", "?page_number=1&page_size=2&page_token=b"),
        page("b", ""),
        page("a", "")
      )
      const names = yield* Effect.gen(function*() {
        const service = yield* RoomSessions.RoomSessions
        const items = yield* Stream.runCollect(service.list({ status: "completed", page_size: 2 }))
        const { items: others } = yield* service.listPage({ room_name: "a" })
        return [...Chunk.toReadonlyArray(items), ...others].map(({ name }) => name)
      }).pipe(Effect.provide(sessions(transport)))
      assert.deepStrictEqual(names, ["a", "b", "a"])
      assert.deepStrictEqual(transport.requests.map(({ url }) => new URL(url).search), [
        "?status=completed&page_size=2",
        "?status=completed&page_number=1&page_size=2&page_token=b",
        "?room_name=a"
      ])
    }))
})
