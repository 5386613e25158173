import { RequestPolicy, RoomSessions, type SignalWireError, Transport } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Chunk, Deferred, Effect, Either, Exit, Fiber, Layer, Queue, Random, Stream, TestClock } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import * as v8 from "node:v8"
import * as vm from "node:vm"
import { patient, sessions } from "../support/client.ts"
import { withoutSleep } from "../support/delays.ts"
import { respondBy } from "../support/respond.ts"
import { json, noResponse, type PlayedResponse } from "../support/responses.ts"
import { body } from "../support/sessions.ts"
import { until } from "../support/until.ts"
import { within } from "../support/within.ts"

const idOf = (n: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-${String(n).padStart(12, "0")}`

const idsOf = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, n) => idOf(n))

const endless = function*(): Generator<string> {
  for (let n = 0;; n++) yield idOf(n)
}

const numberOf = (path: string): number => Number(path.slice(-12))

const ok = (path: string, after?: number): PlayedResponse => {
  const response = json(200, body({ id: path.slice(-36) }))
  return after === undefined ? response : { ...response, after }
}

const status = (code: number) => json(code, "{\"error\":\"text\"}")

type GetMany = RoomSessions.Service["getMany"]

const useMany = <A, E, R>(use: (getMany: GetMany) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(RoomSessions.RoomSessions, ({ getMany }) => use(getMany))

const collect = <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

/** A session is its id, and an error its tag. */
const toText = <Id>({ id, result }: RoomSessions.GetManyResult<Id>) =>
  [id, Either.match(result, { onLeft: error => error._tag, onRight: session => session.id })] as const

/** Calls as code without types can. */
const untyped = (
  getMany: GetMany,
  ...args: ReadonlyArray<unknown>
): Stream.Stream<RoomSessions.GetManyResult, SignalWireError.SignalWireError> => Reflect.apply(getMany, undefined, args)

v8.setFlagsFromString("--expose-gc")
const collectGarbage: unknown = vm.runInNewContext("gc")

/** The bytes of the heap that are in use. */
const heapBytes = (): number => {
  if (typeof collectGarbage === "function") Reflect.apply(collectGarbage, undefined, [])
  return process.memoryUsage().heapUsed
}

const own = { policy: RequestPolicy.noRetries }

/** Responds with the same session to each request, in a later microtask, and records nothing. */
const quick = {
  transport: Layer.sync(Transport.Transport, () => {
    const session = new TextEncoder().encode(body())
    const headers = { "content-type": "application/json" }
    return {
      dispatch: (_, handler) => {
        handler.onConnection()
        queueMicrotask(() => {
          if (handler.onHeaders(200, headers) && handler.onData(session)) handler.onEnd()
        })
        return () => {}
      },
      closed: Effect.never,
      mayDecompress: false
    }
  })
}

/** Counts the ids that are taken. */
const counted = (ids: Iterable<string>) => {
  const taken: Array<string> = []
  const iterable = {
    *[Symbol.iterator]() {
      for (const id of ids) {
        taken.push(id)
        yield id
      }
    }
  }
  return { taken, iterable }
}

describe("getMany", () => {
  it.effect("many ids are their sessions or their errors, in the order of the ids", () =>
    Effect.gen(function*() {
      const base = respondBy(path => {
        const n = numberOf(path)
        return n === 3 ? status(404) : n === 5 ? status(403) : n === 7 ? status(500) : ok(path, 100 - n)
      })
      const ids = [...idsOf(10), "no id"]
      const results = yield* useMany(getMany => collect(getMany(ids))).pipe(
        Effect.provide(sessions(base, own)),
        within("1 minute")
      )
      const errors: Record<number, string> = {
        3: "SignalWireNotFound",
        5: "SignalWireUnexpectedStatus",
        7: "SignalWireInternalServerError",
        10: "SignalWireInvalidRequest"
      }
      assert.deepStrictEqual(results.map(toText), ids.map((id, n) => [id, errors[n] ?? id] as const))
    }))

  it.effect("without an order, a session is emitted when its call is complete", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 100 - 10 * numberOf(path)))
      const results = yield* useMany(getMany => collect(getMany(idsOf(5), { unordered: true }))).pipe(
        Effect.provide(sessions(base, own)),
        within("1 minute")
      )
      assert.deepStrictEqual(results.map(({ id }) => id), idsOf(5).toReversed())
    }))

  it.effect.each([1, 3, 16])("at most %i calls are in flight at a time", concurrency =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 1 + numberOf(path) % 7))
      const results = yield* useMany(getMany => collect(getMany(idsOf(40), { concurrency }))).pipe(
        Effect.provide(sessions(base, own)),
        within("1 minute")
      )
      assert.deepStrictEqual(results.map(({ id }) => id), idsOf(40))
      assert.strictEqual(base.mostInFlight(), concurrency)
    }))

  it.effect("16 calls are in flight by default", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 1))
      yield* useMany(getMany => Stream.runDrain(getMany(idsOf(40)))).pipe(
        Effect.provide(sessions(base, own)),
        within("1 minute")
      )
      assert.strictEqual(base.mostInFlight(), 16)
    }))

  it.effect.each<readonly [what: string, make: (ids: ReadonlyArray<string>) => Stream.Stream<string>]>([
    ["in one chunk", ids => Stream.fromIterable(ids)],
    ["in chunks of one", ids => Stream.rechunk(Stream.fromIterable(ids), 1)],
    ["with delays", ids => Stream.mapEffect(Stream.fromIterable(ids), id => Effect.delay(Effect.succeed(id), 10))],
    ["in empty chunks too", ids => Stream.filter(Stream.rechunk(Stream.fromIterable(["", ...ids]), 1), id => id !== "")]
  ])("the ids can be a stream, %s", ([, make]) =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 5))
      const results = yield* useMany(getMany => collect(getMany(make(idsOf(20)), { concurrency: 4 }))).pipe(
        Effect.provide(sessions(base, own)),
        within("1 minute")
      )
      assert.deepStrictEqual(results.map(({ id }) => id), idsOf(20))
    }))

  it.effect("no ids are an empty stream", () =>
    useMany(getMany =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* collect(getMany([])), [])
        assert.deepStrictEqual(yield* collect(getMany(Stream.empty)), [])
      })
    ).pipe(Effect.provide(sessions(respondBy(path => ok(path)), own))))

  it.effect("the errors of a stream of ids are those of the sessions, after the sessions before them", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 10))
      const ids = Stream.concat(Stream.fromIterable(idsOf(3)), Stream.fail("no further ids"))
      const found: Array<string> = []
      const error = yield* useMany(getMany =>
        Effect.flip(Stream.runForEach(getMany(ids), ({ id }) => Effect.sync(() => void found.push(id))))
      ).pipe(Effect.provide(sessions(base, own)), within("1 minute"))
      assert.strictEqual(error, "no further ids")
      assert.deepStrictEqual(found, idsOf(3))
    }))

  it.effect("a 401 ends the stream at once, and interrupts the other calls", () =>
    Effect.gen(function*() {
      const base = respondBy(path => numberOf(path) === 2 ? status(401) : noResponse)
      const error = yield* useMany(getMany => Effect.flip(Stream.runDrain(getMany(idsOf(100), { concurrency: 8 }))))
        .pipe(
          Effect.provide(sessions(base, own)),
          within("1 milli")
        )
      assert.strictEqual(error._tag, "SignalWireUnauthorized")
      assert.deepStrictEqual([base.paths.length, base.inFlight()], [8, 0])
    }))

  it.effect("an id that is in flight, in upper or lower case, is requested once, and emitted each time as given", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path.toLowerCase(), 10))
      const ids = [idOf(1), idOf(1).toUpperCase(), idOf(2), idOf(1)]
      const program = (unordered: boolean) =>
        useMany(getMany => collect(getMany(ids, { concurrency: 8, unordered }))).pipe(
          Effect.provide(sessions(base, own)),
          within("1 minute")
        )
      const results = yield* program(false)
      assert.deepStrictEqual(results.map(({ id }) => id), ids)
      assert.isTrue(results.every(({ result }) => Either.isRight(result)))
      assert.strictEqual(base.paths.length, 2)
      assert.deepStrictEqual((yield* program(true)).map(({ id }) => id).toSorted(), ids.toSorted())
      assert.strictEqual(base.paths.length, 4)
    }))

  it.effect.each([true, false])(
    "a consumer that waits is at most the concurrency behind the ids (unordered: %s)",
    unordered =>
      Effect.gen(function*() {
        const base = respondBy(path => ok(path))
        const { iterable, taken } = counted(idsOf(1000))
        let consumed = 0
        const fiber = yield* useMany(getMany =>
          Stream.runForEach(getMany(iterable, { concurrency: 4, unordered }), () =>
            Effect.suspend(() => {
              assert.isAtMost(taken.length - consumed, 4)
              consumed++
              return Effect.sleep("1 second")
            }))
        ).pipe(Effect.provide(sessions(base, own)), Effect.fork)
        yield* TestClock.adjust("20 seconds")
        assert.strictEqual(consumed, 21)
        yield* Fiber.interrupt(fiber)
      })
  )

  it.effect("behind a slow call, the order takes at most four times the concurrency of ids", () =>
    Effect.gen(function*() {
      const base = respondBy(path => numberOf(path) === 0 ? ok(path, 10_000) : ok(path))
      const { iterable, taken } = counted(idsOf(1000))
      const fiber = yield* useMany(getMany => Stream.runCount(getMany(iterable, { concurrency: 4 }))).pipe(
        Effect.provide(sessions(base, own)),
        Effect.fork
      )
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(taken.length, 16)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), 1000)
    }))

  it.effect.each([true, false])(
    "the first three of many ids interrupt the calls in flight (uninterruptible: %s)",
    isUninterruptible =>
      Effect.gen(function*() {
        const base = respondBy(path => numberOf(path) < 3 ? ok(path) : noResponse)
        let isClosed = false
        const ids = (function*() {
          try {
            yield* idsOf(100)
          } finally {
            isClosed = true
          }
        })()
        const program = useMany(getMany => collect(Stream.take(getMany(ids, { concurrency: 8 }), 3)))
        const results = yield* (isUninterruptible ? Effect.uninterruptible(program) : program).pipe(
          Effect.provide(sessions(base, own)),
          within("1 milli")
        )
        assert.deepStrictEqual(results.map(({ id }) => id), idsOf(3))
        assert.strictEqual(base.inFlight(), 0)
        assert.isTrue(isClosed)
      })
  )

  it.effect("an exception of the iterator at its end is a defect, after the calls in flight are interrupted", () =>
    Effect.gen(function*() {
      const base = respondBy(path => numberOf(path) === 0 ? ok(path) : noResponse)
      let inFlight = -1
      const ids = (function*() {
        try {
          yield* idsOf(100)
        } finally {
          inFlight = base.inFlight()
          // oxlint-disable-next-line no-unsafe-finally -- the test is about it
          throw new RangeError("a bug of the iterator")
        }
      })()
      const exit = yield* useMany(getMany => Effect.exit(collect(Stream.take(getMany(ids, { concurrency: 8 }), 1))))
        .pipe(
          Effect.provide(sessions(base, own)),
          within("1 milli")
        )
      assert.isTrue(Exit.isFailure(exit) && Cause.pretty(exit.cause).includes("a bug of the iterator"))
      assert.deepStrictEqual([inFlight, base.inFlight()], [0, 0])
    }))

  it.effect("an interrupted consumer interrupts the calls and the stream of ids", () =>
    Effect.gen(function*() {
      const base = respondBy(() => noResponse)
      const closed = yield* Deferred.make<void>()
      const ids = Stream.concat(Stream.fromIterable(idsOf(3)), Stream.never).pipe(
        Stream.ensuring(Deferred.succeed(closed, undefined))
      )
      const fiber = yield* useMany(getMany => Stream.runDrain(getMany(ids))).pipe(
        Effect.provide(sessions(base, own)),
        Effect.fork
      )
      yield* TestClock.adjust("1 second")
      assert.strictEqual(base.inFlight(), 3)
      const exit = yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.isInterrupted(exit))
      assert.strictEqual(base.inFlight(), 0)
      assert.isTrue(yield* Deferred.isDone(closed))
    }))

  it.effect.each<readonly [given: string, concurrency: unknown]>([
    ["0", 0],
    ["-1", -1],
    ["NaN", Number.NaN],
    ["1.5", 1.5],
    ["infinity", Infinity],
    ["a text", "unbounded"],
    ["null", null]
  ])("a concurrency of %s is InvalidRequest, and nothing is sent", ([, concurrency]) =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path))
      const error = yield* useMany(getMany => Effect.flip(Stream.runDrain(untyped(getMany, idsOf(1), { concurrency }))))
        .pipe(Effect.provide(sessions(base, own)))
      assert.deepInclude(error, {
        _tag: "SignalWireInvalidRequest",
        operation: "RoomSessions.getMany",
        parameter: "concurrency",
        expected: "a whole number of at least 1"
      })
      assert.strictEqual(base.paths.length, 0)
    }))

  it.effect.each<readonly [given: string, ids: unknown]>([
    ["a text", idOf(1)],
    ["null", null],
    ["a number", 7],
    ["an object", {}]
  ])("ids that are %s are InvalidRequest", ([, ids]) =>
    Effect.gen(function*() {
      const error = yield* useMany(getMany => Effect.flip(Stream.runDrain(untyped(getMany, ids)))).pipe(
        Effect.provide(sessions(respondBy(path => ok(path)), own))
      )
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter: "ids" })
    }))

  it.effect("elements that are no text are the errors of their ids", () =>
    Effect.gen(function*() {
      const results = yield* useMany(getMany => collect(untyped(getMany, [null, 7, idOf(1)]))).pipe(
        Effect.provide(sessions(respondBy(path => ok(path)), own))
      )
      assert.deepStrictEqual(results.map(({ result }) => Either.isRight(result)), [false, false, true])
    }))

  it.effect("an exception of the iterator of ids is a defect, after the sessions before it", () =>
    Effect.gen(function*() {
      const ids = (function*() {
        yield* idsOf(3)
        throw new RangeError("no further ids")
      })()
      const found: Array<string> = []
      const exit = yield* useMany(getMany =>
        Effect.exit(
          Stream.runForEach(getMany(ids, { concurrency: 2 }), ({ id }) => Effect.sync(() => void found.push(id)))
        )
      ).pipe(Effect.provide(sessions(respondBy(path => ok(path, 10)), own)), within("1 minute"))
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
      assert.deepStrictEqual(found, idsOf(3))
    }))

  it.effect(
    "with 20 % of 500s, the default policy loses some of 2,000 ids, and the policy for batches none",
    () =>
      Effect.gen(function*() {
        const lost = (policy: RequestPolicy.RequestPolicy) =>
          Effect.gen(function*() {
            const random = yield* Effect.random
            const base = respondBy(path => Effect.runSync(random.next) < 0.2 ? status(500) : ok(path))
            const results = yield* useMany(getMany => collect(getMany(idsOf(2000)))).pipe(
              RequestPolicy.with(policy),
              Effect.provide(sessions(base, { decoder: FastDecoder.make })),
              withoutSleep
            )
            assert.strictEqual(results.length, 2000)
            return results.filter(({ result }) => Either.isLeft(result)).length
          }).pipe(Effect.withRandom(Random.make("seed")))
        assert.isAbove(yield* lost(RequestPolicy.defaults), 0)
        assert.strictEqual(yield* lost(RequestPolicy.batch), 0)
      }),
    60_000
  )

  it.effect("with rateLimit, one 429 with a long Retry-After is the error of its id, and the others wait for the end of the pause", () =>
    Effect.gen(function*() {
      const base = respondBy((path, number) => number === 250 ? json(429, "", { "retry-after": "45" }) : ok(path))
      const { iterable, taken } = counted(endless())
      const policy = { rateLimit: { limit: 1000, interval: "1 second" } } as const
      const fiber = yield* useMany(getMany => collect(Stream.take(getMany(iterable), 500))).pipe(
        Effect.provide(sessions(base, { policy })),
        Effect.fork
      )
      yield* TestClock.adjust("40 seconds")
      // at most four times the concurrency, behind an id that waits
      assert.isBelow(taken.length, 250 + 4 * 16)
      assert.isBelow(base.paths.length, 250 + 16)
      yield* TestClock.adjust("6 seconds")
      const results = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        results.map(toText),
        idsOf(500).map((id, n) => [id, n === 249 ? "SignalWireRateLimited" : id] as const)
      )
    }))

  it.effect("two streams of one service have nothing in common", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path, 10))
      const counts = yield* useMany(getMany =>
        Effect.all([getMany(idsOf(20)), getMany(idsOf(20))].map(Stream.runCount), { concurrency: "unbounded" })
      ).pipe(Effect.provide(sessions(base, own)), within("1 minute"))
      assert.deepStrictEqual([counts, base.paths.length], [[20, 20], 40])
    }))

  it.live("the consumer sees its own AsyncLocalStorage store, though another caller adds the ids", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const { getMany } = yield* RoomSessions.RoomSessions
      const queue = yield* Queue.unbounded<string>()
      const stores = new Set<string | undefined>()
      const results = Stream.take(getMany(Stream.fromQueue(queue)), 20)
      const consumer = storage.run(
        "consumer",
        () => Effect.runFork(Stream.runForEach(results, () => Effect.sync(() => void stores.add(storage.getStore()))))
      )
      for (const id of idsOf(20)) {
        yield* Effect.promise(() =>
          storage.run("other", () => Effect.runPromise(Effect.zipRight(Effect.sleep(1), Queue.offer(queue, id))))
        )
      }
      yield* Fiber.join(consumer)
      assert.deepStrictEqual([...stores], ["consumer"])
      // the later tests of this process would take twice the time
      storage.disable()
    }).pipe(Effect.provide(sessions(respondBy(path => ok(path, 1)), { policy: patient }))))

  it.live("10,000 ids are complete on the live clock", () =>
    Effect.gen(function*() {
      const base = respondBy(path => ok(path))
      const count = yield* useMany(getMany => Stream.runCount(getMany(idsOf(10_000), { concurrency: 2000 }))).pipe(
        Effect.provide(sessions(base, { policy: patient, decoder: FastDecoder.make }))
      )
      yield* until(() => base.inFlight() === 0)
      assert.strictEqual(count, 10_000)
    }), 60_000)

  it.live("100,000 ids of an Iterable, and 20,000 of a stream, grow no heap", () =>
    Effect.gen(function*() {
      const generate = function*(count: number) {
        for (let n = 0; n < count; n++) yield idOf(n)
      }
      const growth = (total: number, ids: Iterable<string> | Stream.Stream<string>) =>
        Effect.gen(function*() {
          const heaps: Array<number> = []
          const ends = [0.2 * total, total]
          let count = 0
          yield* useMany(getMany =>
            Stream.runForEach(
              getMany(ids, { concurrency: 32 }),
              () => Effect.sync(() => void (ends.includes(++count) && heaps.push(heapBytes())))
            )
          )
          assert.strictEqual(count, total)
          const [early = 0, late = 0] = heaps
          return late - early
        }).pipe(Effect.provide(sessions(quick, { policy: patient, decoder: FastDecoder.make, echo: "ignore" })))
      // the sessions between them would take more: 80 % of the ids, with more than 1 KiB each
      assert.isBelow(yield* growth(100_000, generate(100_000)), 4 * 2 ** 20)
      assert.isBelow(yield* growth(20_000, Stream.fromIterable(generate(20_000))), 4 * 2 ** 20)
    }), 120_000)
})
