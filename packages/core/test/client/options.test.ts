import { RequestPolicy, RoomRecordings, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigError, Effect, Layer, Stream } from "effect"
import { get, sessions } from "../support/client.ts"
import { json, ok } from "../support/responses.ts"
import { sessionId } from "../support/sessions.ts"
import { overTransport } from "../support/transports.ts"

const emptyPage = json(200, JSON.stringify({ links: {}, data: [] }))

const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> => Stream.StreamTypeId in Object(value)

/** Calls a function of a service as code without types can, and runs the stream or the effect that it returns. */
const callUntyped = (service: object, name: string, args: ReadonlyArray<unknown>): Effect.Effect<unknown, unknown> => {
  const called: unknown = Reflect.apply(Reflect.get(service, name), service, args)
  if (isStream(called)) return Stream.runDrain(called)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all other functions return effects
  return called as Effect.Effect<unknown>
}

type Tag = "RoomSessions" | "RoomRecordings"

type Row = readonly [
  tag: Tag,
  name: string,
  /** The arguments before the options. */
  args: ReadonlyArray<unknown>,
  operation: string,
  parameter: string,
  names: string
]

const list = "room_id, room_name, room_name_matches, status, page_size, resumeFrom"

const rows: ReadonlyArray<Row> = [
  ["RoomSessions", "getMany", [[sessionId]], "RoomSessions.getMany", "options", "concurrency, unordered"],
  ["RoomSessions", "watch", [sessionId], "RoomSessions.watch", "options", "patience, schedule"],
  [
    "RoomSessions",
    "awaitCompleted",
    [sessionId],
    "RoomSessions.awaitCompleted",
    "options",
    "patience, schedule, timeout"
  ],
  ["RoomSessions", "watchAll", [], "RoomSessions.watchAll", "filter", "room_id, room_name, room_name_matches"],
  ["RoomSessions", "watchAll", [{}], "RoomSessions.watchAll", "options", "interval, patience, page_size, known"],
  ["RoomSessions", "list", [], "RoomSessions.list", "options", `${list}, distinct`],
  ["RoomSessions", "listPage", [], "RoomSessions.list", "options", list],
  ["RoomSessions", "members", [sessionId], "RoomSessions.members", "options", "page_size"],
  ["RoomSessions", "events", [sessionId], "RoomSessions.events", "options", "page_size"],
  ["RoomSessions", "recordings", [sessionId], "RoomSessions.recordings", "options", "mediaTtl, page_size"],
  ["RoomRecordings", "get", [sessionId], "RoomRecordings.get", "options", "mediaTtl"],
  ["RoomRecordings", "list", [], "RoomRecordings.list", "options", "mediaTtl, page_size, resumeFrom"],
  ["RoomRecordings", "listPage", [], "RoomRecordings.list", "options", "mediaTtl, page_size, resumeFrom"],
  ["RoomRecordings", "events", [sessionId], "RoomRecordings.events", "options", "page_size"]
]

const callOver = (transport: ReturnType<typeof overTransport>, [tag, name, args]: Row, options: unknown) =>
  Effect.gen(function*() {
    const services = {
      RoomSessions: yield* RoomSessions.RoomSessions,
      RoomRecordings: yield* RoomRecordings.RoomRecordings
    }
    return yield* callUntyped(services[tag], name, [...args, options])
  }).pipe(Effect.provide(Layer.provideMerge(RoomRecordings.layer, sessions(transport))))

describe("the options of operations, in code without types", () => {
  describe.each(rows)("%s.%s(%j, ...)", (...row) => {
    const [, , , operation, parameter, names] = row

    it.effect.each([[null], [7], ["fast"], [[]], [new Map([["status", "completed"]])], [new Date(0)]])(
      "%j in place of its options is InvalidRequest that says what is expected, and nothing is sent",
      ([options]) =>
        Effect.gen(function*() {
          const transport = overTransport(ok)
          const error = yield* Effect.flip(callOver(transport, row, options))
          assert.deepInclude(error, {
            _tag: "SignalWireInvalidRequest",
            operation,
            parameter,
            expected: `an object with ${names}`
          })
          assert.lengthOf(transport.requests, 0)
        })
    )

    it.effect("an option that is a getter of a class, and one that cannot be read, are InvalidRequest, and nothing is sent", () =>
      Effect.gen(function*() {
        const transport = overTransport(ok)
        const [option = ""] = names.split(", ")
        const ofClass: object = Object.create(Object.defineProperty({}, option, { get: () => "7" }))
        const throws = {
          enumerable: true,
          get: () => {
            throw new Error("thrown by a getter")
          }
        }
        const revoked = Proxy.revocable({}, {})
        revoked.revoke()
        for (
          const [options, name, expected] of [
            [ofClass, option, "a property of its own, and none of a class"],
            [Object.defineProperty({}, option, throws), option, "a property that can be read"],
            [revoked.proxy, parameter, "an object whose properties can be read"],
            [new Proxy({}, { ownKeys: throws.get }), parameter, "an object whose properties can be read"]
          ] as const
        ) {
          const error = yield* Effect.flip(callOver(transport, row, options))
          assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", operation, parameter: name, expected })
        }
        assert.lengthOf(transport.requests, 0)
      }))

    it.effect("an option that does not exist is InvalidRequest that names it and those that do, and nothing is sent", () =>
      Effect.gen(function*() {
        const transport = overTransport(ok)
        const error = yield* Effect.flip(callOver(transport, row, { room_nme: "x" }))
        assert.deepInclude(error, {
          _tag: "SignalWireInvalidRequest",
          operation,
          parameter: "room_nme",
          expected: `one of ${names}`
        })
        assert.lengthOf(transport.requests, 0)
      }))
  })

  it.effect.each(
    [
      [["RoomSessions", "getMany", [[sessionId]], "RoomSessions.getMany", "unordered", ""]],
      [["RoomSessions", "list", [], "RoomSessions.list", "distinct", ""]]
    ] satisfies ReadonlyArray<readonly [Row]>
  )(
    "an option of %j that is neither true nor false is InvalidRequest, and nothing is sent",
    ([row]) =>
      Effect.gen(function*() {
        const transport = overTransport(ok)
        const [, , , operation, parameter] = row
        for (const value of ["true", "false", 1, null, {}]) {
          const error = yield* Effect.flip(callOver(transport, row, { [parameter]: value }))
          assert.deepInclude(error, {
            _tag: "SignalWireInvalidRequest",
            operation,
            parameter,
            expected: "true or false"
          })
        }
        assert.lengthOf(transport.requests, 0)
      })
  )

  it.effect("an option that does not exist and is undefined counts as omitted", () =>
    Effect.gen(function*() {
      const transport = overTransport(emptyPage)
      yield* callOver(transport, ["RoomSessions", "list", [], "", "", ""], { room_nme: undefined })
      assert.lengthOf(transport.requests, 1)
    }))
})

describe("the options of a policy, in code without types", () => {
  const withUntyped = (policy: unknown): ReturnType<typeof get> =>
    Reflect.apply(RequestPolicy.with, undefined, [policy])(get())

  it.effect.each([[null], [7], ["fast"], [() => ({})]])(
    "RequestPolicy.with(%s) is a ConfigError that says what is expected, and nothing is sent",
    ([policy]) =>
      Effect.gen(function*() {
        const transport = overTransport(ok)
        const error: unknown = yield* Effect.flip(Effect.provide(withUntyped(policy), sessions(transport)))
        assert.deepStrictEqual(
          error,
          ConfigError.InvalidData(
            ["policy"],
            "Expected an object with attemptTimeout, deadline, maxRetries, baseDelay, maxDelay, retryBudget, maxBodyBytes, " +
              "maxErrorBodyBytes"
          )
        )
        assert.lengthOf(transport.requests, 0)
      })
  )

  it("a policy whose options are getters of a class, or cannot be read, is a ConfigError", () => {
    class Limits {
      get deadline(): string {
        return "1 second"
      }
    }
    const unreadable = Object.defineProperty({ maxRetries: -1 }, "deadline", {
      enumerable: true,
      get: () => {
        throw new Error("thrown by a getter")
      }
    })
    const errorOf = (options: object) =>
      Cause.pretty(Cause.fail(Effect.runSync(Effect.flip(RequestPolicy.make(options)))))
    assert.include(errorOf(new Limits()), "a property of its own, and none of a class")
    assert.match(errorOf(unreadable), /deadline: "Expected a property that can be read"[^]*maxRetries/)
    assert.include(errorOf(new Map([["deadline", "1 second"]])), "Expected an object with attemptTimeout")
  })

  it.effect.each(["deadline", "shutdownGrace", "patience", "interval"])(
    "%s that is an object without a text is an error, and no defect",
    name =>
      Effect.gen(function*() {
        const value: unknown = Object.create(null)
        const options = Object.fromEntries([[name, value]])
        const effect = name === "deadline" || name === "shutdownGrace"
          ? RequestPolicy.make(options)
          : Effect.provide(
            Effect.flatMap(RoomSessions.RoomSessions, service => callUntyped(service, "watchAll", [{}, options])),
            sessions(overTransport(emptyPage))
          )
        const error: unknown = yield* Effect.flip(effect)
        assert.include(String(error), name)
      })
  )

  it.effect.each([[2], [true], [["page_token=b"]], [new URL("https://acme.signalwire.com/?page_token=b")]])(
    "a resumeFrom that is no text, %j, is InvalidRequest, and nothing is sent",
    ([resumeFrom]) =>
      Effect.gen(function*() {
        const transport = overTransport(emptyPage)
        for (const row of rows.filter(([, , , , , names]) => names.includes("resumeFrom"))) {
          const error = yield* Effect.flip(callOver(transport, row, { resumeFrom }))
          assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", operation: row[3], parameter: "page_token" })
          assert.include(String(error), "as resumeFrom the next of a page")
        }
        assert.lengthOf(transport.requests, 0)
      })
  )

  it.each<readonly [option: string, value: object, names: string]>([
    ["rateLimit", { limit: 10, interval: "1 second", burst: 5 }, "limit, interval"],
    [
      "retryBudget",
      { capacity: 1, retryCost: 1, timeoutCost: 1, refill: 1, burst: 5 },
      "capacity, retryCost, timeoutCost, refill"
    ]
  ])("a name in %s that does not exist, and a value that cannot be read, are ConfigErrors", (option, value, names) => {
    const errorOf = (given: object) =>
      Effect.runSync(Effect.flip(RequestPolicy.make(Object.fromEntries([[option, given]]))))
    assert.deepStrictEqual(
      errorOf(value),
      ConfigError.InvalidData(["policy", option, "burst"], `Expected one of ${names}`)
    )
    for (const name of names.split(", ")) {
      const unreadable = Object.defineProperty({ ...value }, name, {
        enumerable: true,
        get: () => {
          throw new Error("thrown by a getter")
        }
      })
      assert.include(JSON.stringify(errorOf(unreadable)), `["policy","${option}"`)
    }
  })
})

describe("what has no typed error of its own, in code without types", () => {
  it.effect.each([[null], [7], ["fast"], [() => null]])(
    "a call in withTransform(%s) is TransportError Other, and nothing is sent",
    ([transform]) =>
      Effect.gen(function*() {
        const transport = overTransport(ok)
        const call: ReturnType<typeof get> = Reflect.apply(SignalWireClient.withTransform, undefined, [transform])(
          get()
        )
        assert.deepInclude(yield* Effect.flip(Effect.provide(call, sessions(transport))), {
          _tag: "SignalWireTransportError",
          reason: "Other",
          code: "ERR_TRANSFORM_FAILED"
        })
        assert.lengthOf(transport.requests, 0)
      })
  )
})
