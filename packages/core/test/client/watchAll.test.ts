import { RequestPolicy, RoomSession, RoomSessions } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema, Stream, TestClock } from "effect"
import { sessions } from "../support/client.ts"
import { json, noResponse, type PlayedResponse, type PlayedResponses } from "../support/responses.ts"
import { wireSession } from "../support/sessions.ts"
import { overTransport } from "../support/transports.ts"
import { within } from "../support/within.ts"

const idOf = (n: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-${String(n).padStart(12, "0")}`

type Session = number | { readonly n: number; readonly [field: string]: unknown }

/** A page of sessions in progress. */
const page = (given: ReadonlyArray<Session>, next?: string): PlayedResponse =>
  json(
    200,
    JSON.stringify({
      links: next === undefined ? {} : { next: `?page_number=1&page_token=${next}` },
      data: given.map(session => {
        const { n, ...fields } = typeof session === "number" ? { n: session } : session
        return { ...wireSession, status: "in-progress", end_time: null, duration: null, ...fields, id: idOf(n) }
      })
    })
  )

const status = (code: number, headers: Readonly<Record<string, string>> = {}) =>
  json(code, "{\"error\":\"text\"}", headers)

const own = { policy: RequestPolicy.noRetries }

/** The changes with their time in seconds, how the stream ended if it did, and the requests. */
const watchAll = (responses: PlayedResponses, args: ReadonlyArray<unknown> = []) => {
  const transport = overTransport(...responses)
  const changes: Array<string> = []
  return Effect.gen(function*() {
    const service = yield* RoomSessions.RoomSessions
    const stream: ReturnType<typeof service.watchAll> = Reflect.apply(service.watchAll, undefined, args)
    const fiber = yield* Effect.fork(
      Stream.runForEach(
        stream,
        ({ _tag, session }) =>
          Effect.clockWith(clock =>
            Effect.sync(() =>
              void changes.push(`${clock.unsafeCurrentTimeMillis() / 1000} ${_tag} ${Number(session.id.slice(-12))}`)
            )
          )
      )
    )
    yield* TestClock.adjust("60 seconds")
    const exit = fiber.unsafePoll()
    yield* Fiber.interrupt(fiber)
    const error = exit !== null && Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
    return { changes, error, isRunning: exit === null, requests: transport.requests }
  }).pipe(Effect.provide(sessions(transport, own)))
}

describe("watchAll", () => {
  it.effect("only the sessions of the filter are requested", () =>
    Effect.gen(function*() {
      const filter = { room_id: idOf(9), room_name: "standup", room_name_matches: "stand" }
      const { requests } = yield* watchAll([page([])], [filter])
      const { searchParams } = new URL(requests[0]?.url ?? "")
      for (const [name, value] of Object.entries(filter)) assert.strictEqual(searchParams.get(name), value)
    }))

  it.effect("sessions start, change and end", () =>
    Effect.gen(function*() {
      const { changes, isRunning, requests } = yield* watchAll([
        page([1, 2]),
        page([1, 2, 3]),
        page([1, { n: 2, locked: true }, 3]),
        page([{ n: 2, locked: true }, 3])
      ])
      assert.deepStrictEqual(changes, ["0 Started 1", "0 Started 2", "10 Started 3", "20 Changed 2", "30 Ended 1"])
      assert.isTrue(isRunning)
      assert.deepStrictEqual(requests.map(({ atMillis }) => atMillis / 1000), [0, 10, 20, 30, 40, 50, 60])
      assert.strictEqual(new URL(requests[0]?.url ?? "").search, "?status=in-progress&page_size=1000")
    }))

  it.effect("a session of which only the duration is different has not changed", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll([page([{ n: 1, duration: 1 }]), page([{ n: 1, duration: 11 }])])
      assert.deepStrictEqual(changes, ["0 Started 1"])
    }))

  it.effect.each<readonly [what: string, fields: Readonly<Record<string, unknown>>]>([
    ["status", { status: "completed" }],
    ["end_time", { end_time: "1970-01-01T00:00:10Z" }]
  ])("a session that is listed as completed by its %s has ended", ([, fields]) =>
    Effect.gen(function*() {
      const completed = (n: number) => ({ n, ...fields })
      const { changes } = yield* watchAll([page([1, completed(2)]), page([completed(1), completed(2)])])
      assert.deepStrictEqual(changes, ["0 Started 1", "10 Ended 1"])
    }))

  it.effect("a session that ended and is listed again has started", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll([page([1]), page([]), page([1])])
      assert.deepStrictEqual(changes, ["0 Started 1", "10 Ended 1", "20 Started 1"])
    }))

  it.effect("a session has ended that is missing in two polls of several pages in a row, not in one", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll([
        page([1, 2], "a"),
        page([3]),
        // another session of the first page ended before the second one was read, to which 3 then no longer belonged
        page([1, 2], "a"),
        page([]),
        page([2], "a"),
        page([3]),
        page([2], "a"),
        page([3]),
        page([2, 3])
      ])
      assert.deepStrictEqual(changes, ["0 Started 1", "0 Started 2", "0 Started 3", "30 Ended 1"])
    }))

  it.effect("a session that is missing in a list of one page has ended", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll([page([1, 2], "a"), page([3]), page([1, 2])])
      assert.deepStrictEqual(changes.slice(3), ["10 Ended 3"])
    }))

  it.effect("a session that is on two pages of a poll has started once", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll([page([1, 2], "a"), page([2, 3])])
      assert.deepStrictEqual(changes.slice(0, 3), ["0 Started 1", "0 Started 2", "0 Started 3"])
    }))

  const known = (n: number, fields: Readonly<Record<string, unknown>> = {}) =>
    Schema.decodeUnknownSync(RoomSession.RoomSession)({
      ...wireSession,
      status: "in-progress",
      end_time: null,
      duration: null,
      ...fields,
      id: idOf(n)
    })

  it.effect("of the known sessions of an earlier watch, none is started again, one that differs has changed, and a missing one has ended", () =>
    Effect.gen(function*() {
      const { changes } = yield* watchAll(
        [page([1, { n: 2, locked: true }, 4])],
        [{}, { known: [known(1), known(2), known(3), known(5, { status: "completed" })] }]
      )
      assert.deepStrictEqual(changes, ["0 Changed 2", "0 Started 4", "0 Ended 3"])
    }))

  it.effect("a known session has ended that is missing in two polls of several pages in a row", () =>
    Effect.gen(function*() {
      const pages = [page([1], "a"), page([2])] as const
      const { changes } = yield* watchAll([...pages, ...pages, page([1, 2])], [{}, {
        known: [known(1), known(2), known(3)]
      }])
      assert.deepStrictEqual(changes, ["10 Ended 3"])
    }))

  it.effect.each<readonly [what: string, value: unknown]>([
    ["null", null],
    ["a session", known(1)],
    ["an array of JSON", [wireSession]]
  ])("%s in place of the known sessions is InvalidRequest, and nothing is sent", ([, value]) =>
    Effect.gen(function*() {
      const { error, requests } = yield* watchAll([page([1])], [{}, { known: value }])
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter: "known" })
      assert.strictEqual(requests.length, 0)
    }))

  it.effect("there is one request for each page and poll", () =>
    Effect.gen(function*() {
      const pages = [page([1, 2], "a"), page([3])] as const
      const { requests } = yield* watchAll([...pages, ...pages, page([1, 2, 3])], [
        { room_name: "standup" },
        { interval: "30 seconds", page_size: 2 }
      ])
      const filter = "?room_name=standup&status=in-progress&page_size=2"
      assert.deepStrictEqual(
        requests.map(({ atMillis, url }) => [atMillis / 1000, new URL(url).search]),
        [
          [0, filter],
          [0, `?room_name=standup&status=in-progress&page_number=1&page_size=2&page_token=a`],
          [30, filter],
          [30, `?room_name=standup&status=in-progress&page_number=1&page_size=2&page_token=a`],
          [60, filter]
        ]
      )
    }))

  it.effect("a poll of which a page has a temporary error changes nothing, and is repeated", () =>
    Effect.gen(function*() {
      const { changes, requests } = yield* watchAll([
        page([1, 2], "a"),
        page([3]),
        page([1, 2], "a"),
        status(503),
        page([1, 2], "a"),
        page([3]),
        page([1, 2, 3])
      ])
      assert.deepStrictEqual(changes, ["0 Started 1", "0 Started 2", "0 Started 3"])
      assert.deepStrictEqual(requests.slice(0, 6).map(({ atMillis }) => atMillis / 1000), [0, 0, 10, 10, 20, 20])
    }))

  it.effect("a 422 for a further page is temporary, also in the first poll, and one for the first page of the first poll ends the stream", () =>
    Effect.gen(function*() {
      const { changes, requests } = yield* watchAll([
        page([1, 2], "a"),
        page([3]),
        page([1, 2], "a"),
        status(422),
        page([1])
      ])
      assert.deepStrictEqual(changes.slice(3), ["20 Ended 2", "20 Ended 3"])
      assert.deepStrictEqual(requests.slice(2, 5).map(({ atMillis }) => atMillis / 1000), [10, 10, 20])

      const first = yield* watchAll([page([1, 2], "a"), status(422), page([1])])
      assert.deepStrictEqual(first.changes, ["70 Started 1"])
      assert.deepStrictEqual(first.requests.slice(0, 3).map(({ atMillis }) => atMillis / 1000), [60, 60, 70])

      const invalid = yield* watchAll([status(422), page([1])])
      assert.deepStrictEqual([invalid.error?._tag, invalid.requests.length], ["SignalWireUnprocessableContent", 1])
    }))

  it.effect("errors are ridden out for the patience, and Retry-After is honored", () =>
    Effect.gen(function*() {
      const late = status(429, { "retry-after": "25" })
      const { changes } = yield* watchAll([page([1]), late, page([2])], [{}, { patience: "25 seconds" }])
      assert.deepStrictEqual(changes, ["0 Started 1", "35 Started 2", "35 Ended 1"])

      const { error, requests } = yield* watchAll([page([1]), status(500)], [{}, { patience: "25 seconds" }])
      assert.strictEqual(error?._tag, "SignalWireInternalServerError")
      assert.deepStrictEqual(requests.map(({ atMillis }) => atMillis / 1000), [60, 70, 80, 90, 95])
    }))

  it.effect("an error that is not temporary ends the stream", () =>
    Effect.gen(function*() {
      const { error } = yield* watchAll([page([1]), status(401)])
      assert.strictEqual(error?._tag, "SignalWireUnauthorized")
    }))

  it.effect("a link to an earlier page ends the stream", () =>
    Effect.gen(function*() {
      const { error } = yield* watchAll([page([1], "a"), page([2], "a")])
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", path: "links.next" })
    }))

  it.effect.each<readonly [parameter: string, value: unknown]>([
    ["interval", 0],
    ["interval", -1],
    ["interval", Number.NaN],
    ["interval", "soon"],
    ["patience", "soon"],
    ["page_size", 0],
    ["page_size", 1001],
    ["page_size", "all"]
  ])(
    "the option %s with the value %s is InvalidRequest, and nothing is sent",
    ([parameter, value]) =>
      Effect.gen(function*() {
        const { error, requests } = yield* watchAll([page([1])], [{}, { [parameter]: value }])
        assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter })
        assert.strictEqual(requests.length, 0)
      })
  )

  it.effect("an interval that no timer can have is InvalidRequest that says what is accepted", () =>
    Effect.gen(function*() {
      const { error, requests } = yield* watchAll([page([1])], [{}, { interval: "30 days" }])
      assert.deepInclude(error, {
        _tag: "SignalWireInvalidRequest",
        operation: "RoomSessions.watchAll",
        parameter: "interval",
        expected: "a duration above zero and below 2^31 ms"
      })
      assert.lengthOf(requests, 0)
    }))

  it.effect.each([true, false])(
    "the first change interrupts nothing else (uninterruptible: %s)",
    isUninterruptible =>
      Effect.gen(function*() {
        const transport = overTransport(page([1, 2]), noResponse)
        const program = Effect.flatMap(RoomSessions.RoomSessions, service => Stream.runHead(service.watchAll())).pipe(
          Effect.provide(sessions(transport, own))
        )
        const head = yield* (isUninterruptible ? Effect.uninterruptible(program) : program).pipe(within("1 second"))
        assert.strictEqual(head._tag, "Some")
        assert.strictEqual(transport.requests.length, 1)
      })
  )

  it.effect("10,000 sessions are ten requests", () =>
    Effect.gen(function*() {
      const numbers = Array.from({ length: 10_000 }, (_, n) => n)
      const pages = Array.from({ length: 10 }, (_, n) =>
        page(numbers.slice(n * 1000, n * 1000 + 1000), n === 9 ? undefined : `t${n}`))
      const [first, ...rest] = pages
      assert.isDefined(first)
      const { changes, requests } = yield* watchAll([first, ...rest, ...pages], [{}, { interval: "1 minute" }])
      assert.deepStrictEqual([changes.length, requests.length], [10_000, 20])
    }), 60_000)
})
