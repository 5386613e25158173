import { RoomSessions } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { assert, describe } from "@effect/vitest"
import { Chunk, Effect, Exit, Option, Stream } from "effect"
import process from "node:process"
import v8 from "node:v8"
import vm from "node:vm"
import { call, type CallOptions, clientOf } from "./harness/call.ts"
import { assertResult, type Expected } from "./harness/expected.ts"
import { eachTransport } from "./harness/faultTest.ts"
import type { TransportName } from "./harness/matrix/fault.ts"
import { link, page, pageBody, path, tokensOf } from "./harness/pages.ts"
import * as rawServer from "./harness/rawServer.ts"
import { endless, fin, head, json, reset, send, sequence, withRequest } from "./harness/scripts.ts"

const typed = { "content-type": "application/json" }

/** The ids of the sessions that a list emits against a server. */
const list = (
  transport: TransportName,
  scripts: rawServer.Scripts,
  expected: Expected,
  where: string,
  options: CallOptions = {}
) =>
  Effect.gen(function*() {
    const target = yield* rawServer.make(scripts)
    const ids: Array<string> = []
    const result = yield* call(transport, target, {
      ...options,
      use: service =>
        service.list().pipe(
          Stream.tap(({ id }) => Effect.sync(() => void ids.push(id))),
          Stream.runLast,
          Effect.map(Option.getOrThrow)
        )
    })
    assertResult(result, target.requests.length, expected, `${where} over ${transport}`)
    return { ids, target }
  })

const idsOf = (...numbers: ReadonlyArray<number>) => numbers.map(n => RoomSessionFixture.id(n))

const invalidLink = {
  _tag: "SignalWireInvalidResponse",
  operation: "RoomSessions.list",
  reason: "SchemaMismatch",
  path: "links.next",
  attempts: 1
}

type Links = Readonly<Record<string, string>>

const firstPage = (links: (origin: URL) => Links, name: string) =>
  withRequest(({ socket }) => page([1], links(new URL(`http://127.0.0.1:${socket.localPort}`))[name] ?? ""))

const namesOf = (links: (origin: URL) => Links) => Object.keys(links(new URL("http://127.0.0.1:1")))

/** For each link, the list is InvalidResponse after one request. */
const areInvalid = (transport: TransportName, links: (origin: URL) => Links) =>
  Effect.forEach(
    namesOf(links),
    name => list(transport, [firstPage(links, name)], { error: invalidLink, requests: 1 }, name),
    { concurrency: 8, discard: true }
  )

/** For each link, the next page is requested from the server of the first one. */
const areRequested = (transport: TransportName, links: (origin: URL) => Links) =>
  Effect.forEach(namesOf(links), name =>
    Effect.gen(function*() {
      const { ids, target } = yield* list(transport, [firstPage(links, name), page([2])], { requests: 2 }, name)
      assert.deepStrictEqual(ids, idsOf(1, 2))
      assert.deepStrictEqual(tokensOf(target.requests), [undefined, "b"])
    }), { concurrency: 8, discard: true })

const cutShort = sequence(send(head(200, { ...typed, "content-length": "9000" }), pageBody([2])), fin)

const resetShort = sequence(
  send(head(200, { ...typed, "transfer-encoding": "chunked" }), "5\r\n{\"lin\r\n"),
  reset
)

/** The sessions of 100 pages, each as large as the service allows. */
const pages = 100
const sessionsOfPage = JSON.stringify(JSON.parse(pageBody(Array.from({ length: 1000 }, (_, n) => n + 1))).data)

const largePage = withRequest(({ number }) =>
  json(200, `{"links":{${number % pages === 0 ? "" : `"next":"${link(number)}"`}},"data":${sessionsOfPage}}`)
)

v8.setFlagsFromString("--expose-gc")
const collectGarbage: unknown = vm.runInNewContext("gc")

/** The bytes of the heap that are in use. */
const heap = Effect.sync(() => {
  if (typeof collectGarbage === "function") Reflect.apply(collectGarbage, undefined, [])
  return process.memoryUsage().heapUsed
})

describe("Lists", () => {
  eachTransport(
    "a page that is cut short is requested again, and the pages before it are not",
    transport =>
      Effect.gen(function*() {
        for (const [name, short] of Object.entries({ closed: cutShort, reset: resetShort })) {
          const read = yield* list(
            transport,
            [page([1], link("b")), short, page([2], link("c")), short, page([3])],
            { requests: 5 },
            name
          )
          assert.deepStrictEqual(read.ids, idsOf(1, 2, 3))
          assert.deepStrictEqual(tokensOf(read.target.requests), [undefined, "b", "b", "c", "c"])
          const failed = yield* list(
            transport,
            [page([1], link("b")), short],
            { error: { _tag: "SignalWireTransportError", attempts: 3 }, requests: 4 },
            name
          )
          assert.deepStrictEqual(failed.ids, idsOf(1))
        }
      })
  )

  eachTransport(
    "nothing is sent to the host of a link, and a link to another list is InvalidResponse",
    transport =>
      Effect.gen(function*() {
        const elsewhere = yield* rawServer.make([page([2])])
        // the server is a gateway, and its upstream names other hosts
        yield* areRequested(transport, ({ host, port }) => ({
          "another port": `${elsewhere.baseUrl}${link("b")}`,
          "another port by https": `https://127.0.0.1:${elsewhere.port}${link("b")}`,
          "another port without a scheme": `//127.0.0.1:${elsewhere.port}${link("b")}`,
          "another host": `http://localhost:${elsewhere.port}${link("b")}`,
          "another name of the host": `http://localhost:${port}${link("b")}`,
          "another scheme": `https://${host}${link("b")}`,
          "the service": `https://acme.signalwire.com${link("b")}`
        }))
        yield* areInvalid(transport, ({ host }) => ({
          "the port in the user": `http://${host}@127.0.0.1:${elsewhere.port}${link("b")}`,
          "a user": `http://user:password@${host}${link("b")}`,
          "a file": "file:///etc/passwd?page_token=b",
          "a file with the path of the list": `file://${link("b")}`,
          "a script": `javascript:${link("b")}`,
          "another list": "/api/video/room_recordings?page_token=b",
          "another list of another host": `${elsewhere.baseUrl}/api/video/room_recordings?page_token=b`,
          "a list above": `${path}/../rooms?page_token=b`,
          "the same list without a token": path
        }))
        assert.strictEqual(elsewhere.connections(), 0)
        assert.strictEqual(elsewhere.received(), 0)
      })
  )

  eachTransport(
    "a link with CRLF, blanks, backslashes or 10,000 characters is InvalidResponse",
    transport =>
      areInvalid(transport, ({ origin }) => ({
        CRLF: `${link("b")}\r\nx-injected: 1`,
        "CRLF in an absolute link": `${origin}\r\n${link("b")}`,
        "a line feed": `${link("b")}\n`,
        "a tab": `\t${link("b")}`,
        "a NUL": `${link("b")}\0`,
        "a blank": ` ${link("b")}`,
        backslashes: `\\\\127.0.0.1${link("b")}`,
        "a backslash in the path": link("b").replace("/room", "\\room"),
        "10,000 characters": link("b".repeat(10_000)),
        "no URL": "http://[",
        "not ASCII": link("b\u00e9")
      }))
  )

  eachTransport("pages in a loop are InvalidResponse", transport =>
    Effect.gen(function*() {
      const first = page([1], link("b"))
      const loop = { error: invalidLink }
      const itself = yield* list(transport, [first, page([2], link("b"))], { ...loop, requests: 2 }, "to itself")
      assert.deepStrictEqual(itself.ids[0], idsOf(1)[0])
      yield* list(
        transport,
        [first, page([2], link("c")), page([3], link("b"))],
        { ...loop, requests: 3 },
        "to the page before it"
      )
      const many = Array.from({ length: 50 }, (_, n) => page([n + 1], link(n)))
      yield* list(transport, [first, ...many, page([2], link("b"))], { ...loop, requests: 52 }, "to the second page")
    }))

  eachTransport(
    "an endless run of empty pages is InvalidResponse after 101 of them",
    transport =>
      Effect.gen(function*() {
        const empty = withRequest(({ number }) => number === 1 ? page([1], link("a")) : page([], link(number)))
        const { ids } = yield* list(transport, [empty], { error: invalidLink, requests: 102 }, "empty pages")
        assert.deepStrictEqual(ids, idsOf(1))
        const numbers = Array.from({ length: 60 }, (_, n) => n + 1)
        const sparse = numbers.flatMap(
          n => [page([n], link(`${n}a`)), page([], link(`${n}b`)), page([], link(`${n}c`))]
        )
        yield* list(transport, [page([1], link("a")), ...sparse, page([1000])], { requests: 182 }, "some empty pages")
      })
  )

  eachTransport(
    "a page of 1,000 sessions is read, and one above 8 MiB is InvalidResponse TooLarge",
    transport =>
      Effect.gen(function*() {
        const largest = page(Array.from({ length: 1000 }, (_, n) => n + 1))
        const { ids } = yield* list(transport, [largest], { requests: 1 }, "1,000 sessions")
        assert.strictEqual(ids.length, 1000)
        const tooLarge = {
          error: { _tag: "SignalWireInvalidResponse", reason: "TooLarge", attempts: 1 },
          requests: 1
        }
        yield* list(
          transport,
          [sequence(send(head(200, { ...typed, "content-length": String(8 * 2 ** 20 + 1) }), "{"), () => Effect.never)],
          tooLarge,
          "by its length"
        )
        let sent = 0
        const chunks = sequence(
          send(head(200, { ...typed, "transfer-encoding": "chunked" })),
          endless(`10000\r\n${" ".repeat(65_536)}\r\n`, count => {
            sent += count
          })
        )
        yield* list(transport, [chunks], tooLarge, "in chunks")
        // what the sockets buffer is sent and not read
        assert.isBelow(sent, 24 * 2 ** 20)
      })
  )

  eachTransport(
    "a list that failed resumes from the page that failed",
    transport =>
      Effect.scoped(Effect.gen(function*() {
        const target = yield* rawServer.make([
          page([1], link("b")),
          ...Array.from({ length: 3 }, () => cutShort),
          page([2], link("c")),
          page([3])
        ])
        const ids = yield* Effect.gen(function*() {
          const service = yield* RoomSessions.RoomSessions
          const { items, next } = yield* service.listPage()
          const resumeFrom = next ?? assert.fail("a next page")
          const rest = Stream.runCollect(service.list({ resumeFrom }))
          assert.isTrue(Exit.isFailure(yield* Effect.exit(rest)))
          return [...items, ...Chunk.toReadonlyArray(yield* rest)].map(({ id }) => id)
        }).pipe(Effect.provide(clientOf(transport, target)), Effect.orDie)
        assert.deepStrictEqual(ids, idsOf(1, 2, 3))
        assert.deepStrictEqual(tokensOf(target.requests), [undefined, "b", "b", "b", "b", "c"])
      }))
  )

  eachTransport("100,000 sessions in 100 pages grow no heap", transport =>
    Effect.gen(function*() {
      const target = yield* rawServer.make([largePage])
      const heaps: Array<number> = []
      let count = 0
      yield* Effect.flatMap(RoomSessions.RoomSessions, service =>
        Stream.runForEachChunk(service.list({ page_size: 1000 }), sessions => {
          count += sessions.length
          return count % 10_000 === 0
            ? Effect.map(heap, bytes =>
              void heaps.push(bytes))
            : Effect.void
        })).pipe(Effect.provide(clientOf(transport, target, { client: { decoder: FastDecoder.make } })), Effect.orDie)
      assert.strictEqual(count, 100_000)
      const [, early = 0, , , , , , , late = 0] = heaps
      // the 60,000 sessions between them would take more
      assert.isBelow(late - early, 4 * 2 ** 20, `bytes of the heap: ${heaps.join(", ")}`)
    }), { sequential: true })
})
