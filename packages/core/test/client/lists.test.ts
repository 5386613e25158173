import { RequestPolicy, RoomRecordings, RoomSessions, type SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, Chunk, Duration, Effect, Exit, Fiber, Layer, Stream, TestClock } from "effect"
import { sessions } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { recordSpans } from "../support/recordingTracer.ts"
import { json, noResponse, ok, type PlayedResponse, type PlayedResponses, serverError } from "../support/responses.ts"
import { sessionId, wireSession } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

const idOf = (n: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-${String(n).padStart(12, "0")}`

const path = "/api/video/room_sessions"

/** A page with a session for each number. */
const page = (numbers: ReadonlyArray<number>, next?: string | null): PlayedResponse =>
  json(
    200,
    JSON.stringify({
      links: { self: path, first: path, ...(next === undefined ? {} : { next }) },
      data: numbers.map(n => ({
        ...wireSession,
        id: idOf(n),
        cost_in_dollars: 0.05,
        enable_room_previews: true,
        locked_cover: "https://acme.example/cover.png"
      }))
    })
  )

const link = (token: string, extra = ""): string => `${path}?page_number=1&page_size=2&page_token=${token}${extra}`

type Service = RoomSessions.Service

describe.concurrent.each(transports)("lists over %s", (_, over) => {
  /** What a stream emitted before its end, how it ended, and what was sent. */
  const run = <A, E>(
    use: (service: Service) => Stream.Stream<A, E>,
    responses: PlayedResponses,
    options: Partial<SignalWireClient.Options> = {}
  ) => {
    const transport = over(...responses)
    const items: Array<A> = []
    return Effect.flatMap(
      RoomSessions.RoomSessions,
      service => Effect.exit(Stream.runForEach(use(service), item => Effect.sync(() => void items.push(item))))
    ).pipe(
      Effect.provide(sessions(transport, options)),
      shortestDelays,
      within("5 minutes"),
      Effect.map(exit => ({ items, exit, urls: transport.requests.map(({ url }) => new URL(url)) }))
    )
  }

  const listIds = (service: Service) => Stream.map(service.list(), ({ id }) => id)

  it.effect.each<readonly [what: string, next: string]>([
    ["relative", link("b")],
    ["relative, with a query alone", "?page_number=1&page_size=2&page_token=b"],
    ["absolute", `https://acme.signalwire.com${link("b")}`],
    ["with the filters of the list", link("b", "&status=completed")]
  ])("a next that is %s is the next page", ([, next]) =>
    Effect.gen(function*() {
      const { exit, items, urls } = yield* run(listIds, [page([1, 2], next), page([3])])
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(items, [1, 2, 3].map(idOf))
      assert.deepStrictEqual(urls.map(({ pathname }) => pathname), [path, path])
      assert.strictEqual(urls[1]?.search, "?page_number=1&page_size=2&page_token=b")
    }))

  it.effect.each<readonly [what: string, next: string]>([
    ["of the gateway", `/gateway${link("b")}`],
    ["of the service behind it, relative", link("b")],
    ["of the service behind it, absolute", `https://acme.signalwire.com${link("b")}`]
  ])(
    "behind a gateway, a next that is %s is the next page, requested from the gateway",
    ([, next]) =>
      Effect.gen(function*() {
        const { exit, items, urls } = yield* run(listIds, [page([1, 2], next), page([3])], {
          baseUrl: "https://gateway.example/gateway"
        })
        assert.isTrue(Exit.isSuccess(exit))
        assert.deepStrictEqual(items, [1, 2, 3].map(idOf))
        assert.strictEqual(urls[1]?.origin, "https://gateway.example")
        assert.strictEqual(urls[1]?.pathname, `/gateway${path}`)
      })
  )

  it.effect.each<readonly [what: string, next: string | null | undefined]>([
    ["absent", undefined],
    ["null", null],
    ["empty", ""]
  ])("a next that is %s is the end of the list", ([, next]) =>
    Effect.gen(function*() {
      const { exit, items, urls } = yield* run(listIds, [page([1], next), ok])
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual([items.length, urls.length], [1, 1])
    }))

  it.effect.each([
    `https://evil.example${link("b")}`,
    `http://acme.signalwire.com${link("b")}`,
    `https://acme.signalwire.com:8443${link("b")}`,
    `http://127.0.0.1:1${link("b")}`,
    `//evil.example${link("b")}`,
    `https://user:password@acme.signalwire.com${link("b")}`,
    "file:///etc/passwd",
    `javascript:${link("b")}`,
    `/api/video/rooms?page_token=b`,
    `${path}/../rooms?page_token=b`,
    path,
    `${path}?page_token=`,
    `${path}?page_token=b&page_size=0`,
    `${path}?page_token=b&page_size=5000`,
    `${path}?page_token=b&page_number=abc`,
    `${path}?page_token=b&page_number=-1`,
    `${link("b")}\r\nx-injected: 1`,
    `\\\\evil.example${link("b")}`,
    link("b".repeat(10_000)),
    "https://"
  ])(
    "a next that is %j is InvalidResponse, after the sessions before it, and nothing is sent",
    next =>
      Effect.gen(function*() {
        const { exit, urls } = yield* run(listIds, [page([1], next), ok])
        const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
        assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", reason: "SchemaMismatch", path: "links.next" })
        assert.strictEqual(urls.length, 1)
      })
  )

  it.effect.each<readonly [what: string, responses: PlayedResponses, items: number]>([
    ["leads back to itself", [page([1], link("a")), page([2], link("a"))], 2],
    ["leads back to an earlier page", [page([1], link("a")), page([2], link("b")), page([3], link("a"))], 3]
  ])(
    "a next that %s is InvalidResponse, after the sessions of its page",
    ([, responses, count]) =>
      Effect.gen(function*() {
        const { exit, items } = yield* run(listIds, responses)
        assert.strictEqual(items.length, count)
        const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
        assert.deepInclude(error, {
          _tag: "SignalWireInvalidResponse",
          operation: "RoomSessions.list",
          path: "links.next"
        })
      })
  )

  it.effect("an empty page with a next is not the end", () =>
    Effect.gen(function*() {
      const { items } = yield* run(listIds, [page([1], link("a")), page([], link("b")), page([2])])
      assert.deepStrictEqual(items, [1, 2].map(idOf))
    }))

  it.effect("each page has retries of its own, and a page that fails ends the list after the sessions before it", () =>
    Effect.gen(function*() {
      const retried = yield* run(listIds, [serverError, serverError, page([1], link("a")), serverError, page([2])])
      assert.deepStrictEqual(retried.items, [1, 2].map(idOf))
      const failed = yield* run(listIds, [
        page([1], link("a")),
        json(422, "{\"errors\":[{\"code\":\"page_token_is_invalid\"}]}")
      ])
      assert.deepStrictEqual(failed.items, [idOf(1)])
      const error = Exit.isFailure(failed.exit) && failed.exit.cause._tag === "Fail"
        ? failed.exit.cause.error
        : undefined
      assert.deepInclude(error, { _tag: "SignalWireUnprocessableContent", status: 422 })
    }))

  it.effect("a page is requested when its first session is pulled", () =>
    Effect.gen(function*() {
      const { items, urls } = yield* run(service => Stream.take(service.list(), 2), [
        page([1, 2], link("a")),
        page([3])
      ])
      assert.deepStrictEqual([items.length, urls.length], [2, 1])
    }))

  it.effect("a list resumes from the next of a page", () =>
    Effect.gen(function*() {
      const transport = over(page([1], link("a")), page([2]))
      const ids = yield* Effect.gen(function*() {
        const service = yield* RoomSessions.RoomSessions
        const { next } = yield* service.listPage({ status: "completed", page_size: 2 })
        assert.isNotNull(next)
        const rest = yield* Stream.runCollect(service.list({ status: "completed", resumeFrom: next }))
        return Chunk.toReadonlyArray(rest).map(({ id }) => id)
      }).pipe(Effect.provide(sessions(transport)))
      assert.deepStrictEqual(ids, [idOf(2)])
      assert.deepStrictEqual(
        transport.requests.map(({ url }) => new URL(url).search),
        ["?status=completed&page_size=2", "?status=completed&page_number=1&page_size=2&page_token=a"]
      )
    }))

  it.effect("a list resumes from the link to its next page, as it was sent", () =>
    Effect.gen(function*() {
      const next = `https://acme.signalwire.com${path}?page_token=a&page_number=1&page_size=2`
      const { items, urls } = yield* run(service => service.list({ resumeFrom: next }), [page([3])])
      assert.strictEqual(items.length, 1)
      assert.strictEqual(urls[0]?.search, "?page_number=1&page_size=2&page_token=a")
    }))

  it.effect.each<
    readonly [
      what: string,
      (service: Service) => Stream.Stream<unknown, RoomSessions.ListError>,
      parameter: string,
      expected: string
    ]
  >([
    ["a page size of 0", service => service.list({ page_size: 0 }), "page_size", "a whole number from 1 to 1,000"],
    [
      "a page size of 1,001",
      service => service.list({ page_size: 1001 }),
      "page_size",
      "a whole number from 1 to 1,000"
    ],
    [
      "a fraction as page size",
      service => service.members(sessionId, { page_size: 1.5 }),
      "page_size",
      "a whole number from 1 to 1,000"
    ],
    ["a room id that is no UUID", service => service.list({ room_id: "room" }), "room_id", "a UUID"],
    ["a session id that is no UUID", service => service.events("session"), "id", "a UUID"],
    [
      "a text that is no token",
      service => service.list({ resumeFrom: "x" }),
      "page_token",
      "as resumeFrom the next of a page, such as page_token=b, or its link"
    ],
    [
      "a text that is no duration as mediaTtl",
      service => Reflect.apply(service.recordings, undefined, [sessionId, { mediaTtl: "soon" }]),
      "media_ttl",
      "a whole number of seconds, at least 0"
    ],
    [
      "a fraction of a second as mediaTtl",
      service => service.recordings(sessionId, { mediaTtl: "1500 millis" }),
      "media_ttl",
      "a whole number of seconds, at least 0"
    ]
  ])("%s is InvalidRequest, and nothing is sent", ([, use, parameter, expected]) =>
    Effect.gen(function*() {
      const { exit, urls } = yield* run(use, [page([1])])
      const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter, expected })
      assert.strictEqual(urls.length, 0)
    }))

  it.effect("a list of which every page is the same ends with InvalidResponse, whatever its links", () =>
    Effect.gen(function*() {
      const pages = Array.from({ length: 200 }, (_, index) => page([1, 2], link(`token${index}`)))
      const { exit, urls } = yield* run(listIds, [page([1, 2], link("first")), ...pages])
      const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", path: "links.next" })
      assert.isBelow(urls.length, 110)
    }))

  it.effect.each([["a link"], { href: "/x" }, 7])(
    "a next that is %j is InvalidResponse in lenient decoding too",
    next =>
      Effect.gen(function*() {
        const body = { links: { next }, data: [{ ...wireSession, id: idOf(1) }] }
        const { exit } = yield* run(listIds, [json(200, JSON.stringify(body))], { decoding: "lenient" })
        const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
        assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", path: "links.next" })
      })
  )

  it.effect.each<readonly [what: string, (service: Service) => Stream.Stream<unknown, unknown>]>([
    ["of the layer", service => service.list()],
    ["of the effect", service => Stream.fromEffect(RequestPolicy.with(RequestPolicy.defaults)(service.listPage()))]
  ])("a page of 2 MiB is read with the default policy as that %s", ([what, use]) =>
    Effect.gen(function*() {
      const large = json(200, JSON.stringify({ data: [{ ...wireSession, name: "n".repeat(2_000_000) }] }))
      const policy = what === "of the layer" ? { policy: RequestPolicy.defaults } : {}
      const { exit } = yield* run(use, [large], policy)
      assert.isTrue(Exit.isSuccess(exit))
    }))

  it.effect.each<readonly [Duration.DurationInput]>([
    [-5],
    [Number.NaN],
    [-1n],
    [[-1, 0]],
    [[1, -5e9]],
    ["-1 seconds"],
    [Duration.infinity]
  ])(
    "a mediaTtl of %s is InvalidRequest, and nothing is sent",
    ([mediaTtl]) =>
      Effect.gen(function*() {
        const { exit, urls } = yield* run(service => service.recordings(sessionId, { mediaTtl }), [page([])])
        const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
        assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter: "media_ttl" })
        assert.strictEqual(urls.length, 0)
      })
  )

  it.effect("an option that is not given, or is undefined, is no attribute of the call's span", () =>
    Effect.gen(function*() {
      const { spans, traced } = recordSpans()
      yield* traced(run(service => service.list({ status: undefined, page_size: undefined }), [page([1])]))
      const span = spans.find(({ name }) => name === "RoomSessions.list")
      assert.isDefined(span)
      assert.deepStrictEqual([...span.attributes.keys()].filter(key => key.startsWith("signalwire.request.")), [])
    }))

  it.effect("a session of a list has its cost as an exact decimal", () =>
    Effect.gen(function*() {
      const { items: [session] } = yield* run(service => service.list(), [page([1])])
      assert.strictEqual(
        session?.cost_in_dollars === null ? "" : BigDecimal.format(session?.cost_in_dollars ?? BigDecimal.make(0n, 0)),
        "0.05"
      )
      assert.deepInclude(JSON.parse(JSON.stringify(session)), { cost_in_dollars: 0.05, enable_room_previews: true })
    }))

  it.effect("a stream is limited in time by Stream.timeout, and its request is aborted", () =>
    Effect.gen(function*() {
      const transport = over(page([1], link("a")), noResponse)
      const ids = yield* Effect.gen(function*() {
        const service = yield* RoomSessions.RoomSessions
        return yield* listIds(service).pipe(Stream.timeout("1 second"), Stream.runCollect)
      }).pipe(Effect.provide(sessions(transport)), within("2 seconds"))
      assert.deepStrictEqual<ReadonlyArray<string>>(Chunk.toReadonlyArray(ids), [idOf(1)])
      assert.deepStrictEqual([transport.requests.length, transport.aborted()], [2, 1])
    }))

  it.effect("each page has a deadline of its own, and the list has none", () =>
    Effect.gen(function*() {
      const slow = (response: PlayedResponse): PlayedResponse => ({ ...response, after: 8000 })
      const { exit, items } = yield* run(
        listIds,
        [slow(page([1], link("a"))), slow(page([2], link("b"))), slow(page([3]))],
        { policy: { attemptTimeout: "9 seconds", deadline: "10 seconds" } }
      )
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(items, [1, 2, 3].map(idOf))
    }))

  it.effect("an interrupted list aborts its request, and requests no further page", () =>
    Effect.gen(function*() {
      const transport = over(page([1], link("a")), noResponse)
      const fiber = yield* Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runDrain(service.list())).pipe(
        Effect.provide(sessions(transport)),
        Effect.fork
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([transport.requests.length, transport.aborted()], [2, 1])
    }))

  const recording = {
    id: idOf(7),
    room_session_id: sessionId,
    status: "completed",
    started_at: "2026-03-01T09:00:00Z",
    finished_at: null,
    duration: 1800,
    size_in_bytes: 3_000_000_000,
    format: "video/mp4",
    cost_in_dollars: "0.05",
    uri: "https://files.example/recording",
    created_at: "2026-03-01T09:00:00Z",
    updated_at: "2026-03-01T09:30:00Z"
  }
  const member = { id: idOf(7), room_session_id: sessionId, name: "Ada", join_time: "2026-03-01T09:00:00Z" }
  const event = {
    id: idOf(7),
    level: "info",
    name: "room.started",
    payload: { a: 1 },
    created_at: "2026-03-01T09:00:00.125Z"
  }

  interface Both {
    readonly sessions: RoomSessions.Service
    readonly recordings: RoomRecordings.Service
  }

  it.effect.each<
    readonly [
      what: string,
      use: (services: Both) => Stream.Stream<{ readonly id: string }, RoomSessions.ListError>,
      item: object,
      path: string
    ]
  >([
    [
      "members",
      ({ sessions }) => sessions.members(sessionId, { page_size: 1 }),
      member,
      `${path}/${sessionId}/members`
    ],
    ["events", ({ sessions }) => sessions.events(sessionId, { page_size: 1 }), event, `${path}/${sessionId}/events`],
    [
      "recordings",
      ({ sessions }) => sessions.recordings(sessionId, { page_size: 1 }),
      recording,
      `${path}/${sessionId}/recordings`
    ],
    [
      "all recordings",
      ({ recordings }) => recordings.list({ page_size: 1 }),
      recording,
      "/api/video/room_recordings"
    ],
    [
      "events of a recording",
      ({ recordings }) => recordings.events(idOf(7), { page_size: 1 }),
      event,
      `/api/video/room_recordings/${idOf(7)}/events`
    ]
  ])("%s are listed page by page", ([, use, item, path]) =>
    Effect.gen(function*() {
      const one = (next?: string) => json(200, JSON.stringify({ links: { next }, data: [item] }))
      const transport = over(one(`${path}?page_number=1&page_size=1&page_token=b`), one())
      const items = yield* Effect.gen(function*() {
        const both = { sessions: yield* RoomSessions.RoomSessions, recordings: yield* RoomRecordings.RoomRecordings }
        return yield* Stream.runCollect(use(both))
      }).pipe(Effect.provide(Layer.provideMerge(RoomRecordings.layer, sessions(transport))))
      assert.deepStrictEqual(Chunk.toReadonlyArray(items).map(({ id }) => id), [idOf(7), idOf(7)])
      assert.deepStrictEqual(transport.requests.map(({ url }) => url.replace("https://acme.signalwire.com", "")), [
        `${path}?page_size=1`,
        `${path}?page_number=1&page_size=1&page_token=b`
      ])
    }))

  it.effect("mediaTtl is sent in seconds with each page, and with get of a recording", () =>
    Effect.gen(function*() {
      const path = "/api/video/room_recordings"
      const transport = over(
        json(200, JSON.stringify({ links: { next: `${path}?page_token=b&media_ttl=1` }, data: [recording] })),
        json(200, JSON.stringify({ links: {}, data: [] })),
        json(200, JSON.stringify(recording))
      )
      const found = yield* Effect.gen(function*() {
        const recordings = yield* RoomRecordings.RoomRecordings
        yield* Stream.runDrain(recordings.list({ mediaTtl: "1 hour" }))
        return yield* recordings.get(idOf(7), { mediaTtl: "2 minutes" })
      }).pipe(Effect.provide(Layer.provideMerge(RoomRecordings.layer, sessions(transport))))
      assert.strictEqual(found.size_in_bytes, 3_000_000_000)
      assert.deepStrictEqual(transport.requests.map(({ url }) => new URL(url).search), [
        "?media_ttl=3600",
        "?media_ttl=3600&page_token=b",
        "?media_ttl=120"
      ])
    }))
})
