import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, HashMap, Logger, LogLevel, TestClock } from "effect"
import { credentials, get, getOver, sessions } from "../support/client.ts"
import { shortestDelays } from "../support/delays.ts"
import { connectionError, json, noResponse, ok, serverError } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Line = readonly [level: string, message: string, annotations: Readonly<Record<string, unknown>>]

/** The lines that an effect logs. */
const linesOf = <A, E, R>(effect: Effect.Effect<A, E, R>, level = LogLevel.All) => {
  const lines: Array<Line> = []
  const logger = Logger.make(({ annotations, logLevel, message }) =>
    void lines.push([logLevel._tag, [message].flat().join(" "), Object.fromEntries(HashMap.toEntries(annotations))])
  )
  return Effect.as(
    Effect.exit(effect).pipe(
      Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
      Logger.withMinimumLogLevel(level)
    ),
    lines
  )
}

const requestId = { "x-request-id": "r-1" }
const operation = "RoomSessions.get"

describe.concurrent.each(transports)("logging over %s", (_, over) => {
  it.effect("a call that succeeds at its first attempt logs nothing", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf(getOver(over(ok))), [])
    }))

  it.effect("a call that needed retries logs each failed attempt at debug, and one warning", () =>
    Effect.gen(function*() {
      const transport = over(json(500, "", requestId), connectionError("ECONNRESET"), ok)
      const lines = yield* linesOf(getOver(transport)).pipe(shortestDelays, within("1 minute"))
      assert.deepStrictEqual(lines, [
        ["Debug", "RoomSessions.get: attempt 1 failed and is retried in 150 ms", {
          operation,
          attempt: 1,
          delayMillis: 150,
          "error.type": "SignalWireInternalServerError",
          "http.response.status_code": 500,
          requestId: "r-1"
        }],
        ["Debug", "RoomSessions.get: attempt 2 failed and is retried in 300 ms", {
          operation,
          attempt: 2,
          delayMillis: 300,
          "error.type": "SignalWireTransportError",
          reason: "Reset"
        }],
        ["Warning", "RoomSessions.get needed 3 attempts", { operation, attempts: 3 }]
      ])
    }))

  it.effect("a call that fails after retries logs the error at debug, and one warning", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(getOver(over(noResponse), { policy: { deadline: "50 seconds" } })).pipe(
        shortestDelays,
        within("1 minute")
      )
      const annotations = { operation, attempts: 3, "error.type": "SignalWireRequestTimeout", phase: "attempt" }
      assert.deepStrictEqual(lines.slice(2), [
        ["Debug", "RoomSessions.get failed", annotations],
        ["Warning", "RoomSessions.get failed after 3 attempts", annotations]
      ])
      assert.deepStrictEqual(lines.slice(0, 2).map(([level]) => level), ["Debug", "Debug"])
    }))

  it.effect("a call that fails at its first attempt logs the error at debug, and no warning", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf(getOver(over(json(404, "", requestId)))), [
        ["Debug", "RoomSessions.get failed", {
          operation,
          attempts: 1,
          "error.type": "SignalWireNotFound",
          "http.response.status_code": 404,
          requestId: "r-1"
        }]
      ])
    }))

  it.effect("a call with an invalid id logs the error at debug, without the id", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf(getOver(over(ok), {}, "not an id")), [
        ["Debug", "RoomSessions.get failed", { operation, attempts: 0, "error.type": "SignalWireInvalidRequest" }]
      ])
    }))

  it.effect("a call logs no debug line at the default level, and its warning", () =>
    Effect.gen(function*() {
      const call = getOver(over(serverError, ok))
      const lines = yield* within("1 minute")(linesOf(call, LogLevel.Info))
      assert.deepStrictEqual(lines, [["Warning", "RoomSessions.get needed 2 attempts", { operation, attempts: 2 }]])
    }))

  it.effect("a call logs nothing above the level of a warning", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* within("1 minute")(linesOf(getOver(over(serverError)), LogLevel.Error)), [])
    }))

  it.effect("a call that is interrupted logs no warning", () =>
    Effect.gen(function*() {
      const lines = yield* within("1 minute")(
        linesOf(Effect.timeout(getOver(over(serverError, noResponse)), "3 seconds"), LogLevel.Info)
      )
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("the lines of concurrent calls have the annotations of their callers", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(
        Effect.gen(function*() {
          const fibers = yield* Effect.forEach(["a", "b"], tenant =>
            Effect.fork(Effect.annotateLogs(Effect.exit(get()), { tenant })))
          yield* TestClock.adjust("1 minute")
          yield* Fiber.joinAll(fibers)
        }).pipe(Effect.provide(sessions(over(serverError)))),
        LogLevel.Info
      )
      assert.sameMembers(
        lines.map(([, , { tenant }]) =>
          tenant
        ),
        ["a", "b"]
      )
    }))

  it.effect("the lines contain no credentials that a server echoes, no body and no id", () =>
    Effect.gen(function*() {
      const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")
      const texts: Array<string> = []
      for (const status of [200, 400, 404, 429, 500]) {
        const response = json(status, body({ locked: pair }), { "x-request-id": "PTtopsecret", location: pair })
        texts.push(JSON.stringify(yield* within("1 minute")(linesOf(getOver(over(response))))))
      }
      assert.isAbove(texts.join("").length, 100)
      for (const secret of ["PTtopsecret", pair, sessionId, "locked"]) assert.notInclude(texts.join("\n"), secret)
    }))
})
