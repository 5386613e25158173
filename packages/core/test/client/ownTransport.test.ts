import { Transport } from "@effect-signalwire/core"
import type { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Fiber, identity, Layer, Runtime, Tracer } from "effect"
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks"
import { get, getOver, patient, sessions } from "../support/client.ts"
import { ownSpace } from "../support/metrics.ts"
import { ok } from "../support/responses.ts"
import { body, sessionId } from "../support/sessions.ts"
import { overHttpClient } from "../support/transports.ts"
import { until } from "../support/until.ts"

const transportOf = (dispatch: Transport.Service["dispatch"]) => ({
  transport: Layer.succeed(Transport.Transport, { dispatch, closed: Effect.never, mayDecompress: false })
})

const throws = (): never => {
  throw new Error("a bug of the transport")
}

/** Connects, and never responds. */
const stalling: Transport.Service["dispatch"] = (_, handler) => {
  handler.onConnection()
  return throws
}

const policy = { maxRetries: 0, attemptTimeout: "20 millis" } as const

describe("transports of applications", () => {
  const transforms = [["no transform", {}], ["a transform", {
    transformClient: identity<HttpClient.HttpClient>
  }]] as const

  it.effect.each(transforms)(
    "a Transport that throws in dispatch is TransportError Other, with %s",
    ([, options]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(getOver(transportOf(throws), { policy, ...options }))
        assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Other", attempts: 1 })
      })
  )

  it.effect("a Transport that writes to the headers of a request, which all requests share, is TransportError Other", () =>
    Effect.gen(function*() {
      const transport = transportOf(({ headers }, handler) => {
        Object.assign(headers, { host: "elsewhere.example" })
        if (handler.onHeaders(200, {}) && handler.onData(new TextEncoder().encode(body()))) handler.onEnd()
        return () => {}
      })
      const error = yield* Effect.flip(getOver(transport, { policy: { maxRetries: 0 } }))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Other", attempts: 1 })
    }))

  it.live("a Transport that throws when a timeout aborts its request is RequestTimeout", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(getOver(transportOf(stalling), { policy }))
      assert.deepInclude(error, { _tag: "SignalWireRequestTimeout", phase: "attempt" })
    }))

  it.live("a call whose Transport throws when an interruption aborts its request is interrupted", () =>
    Effect.gen(function*() {
      let requests = 0
      const transport = transportOf((...args) => {
        requests++
        return stalling(...args)
      })
      const fiber = yield* Effect.fork(getOver(transport, { policy: { maxRetries: 0 } }))
      yield* until(() => requests === 1)
      const exit = yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
    }))

  it.effect.each(transforms)(
    "a Transport that ends a response without headers is TransportError Other, with %s",
    ([, options]) =>
      Effect.gen(function*() {
        const transport = transportOf((_, handler) => {
          handler.onEnd()
          return () => {}
        })
        const error = yield* Effect.flip(getOver(transport, { policy, ...options }))
        assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Other" })
      })
  )

  it.effect.each(transforms)(
    "a Transport that goes on after the end of a response changes nothing, with %s",
    ([, options]) =>
      Effect.gen(function*() {
        const accepted: Array<boolean> = []
        const transport = transportOf((_, handler) => {
          handler.onHeaders(200, { "content-type": "application/json" })
          handler.onData(new TextEncoder().encode(body()))
          handler.onEnd()
          handler.onConnection()
          accepted.push(handler.onHeaders(500, {}), handler.onData(new Uint8Array(1)))
          handler.onEnd()
          handler.onError(new Error("late"))
          return () => {}
        })
        assert.strictEqual((yield* getOver(transport, { policy, ...options })).id, sessionId)
        assert.deepStrictEqual(accepted, [false, false])
      })
  )

  it.effect("a Transport that responds with status 0, as fetch in a browser does for a redirect, is UnexpectedStatus", () =>
    Effect.gen(function*() {
      const transport = transportOf((_, handler) => {
        if (handler.onHeaders(0, {})) handler.onEnd()
        return () => {}
      })
      const error = yield* Effect.flip(getOver(transport, { policy }))
      assert.deepInclude(error, { _tag: "SignalWireUnexpectedStatus", status: 0 })
    }))

  it.live.each([["without makeAsyncContext", false], ["with makeAsyncContext", true]] as const)(
    "a fiber continues in the asynchronous context of its caller after each call over a Transport %s",
    ([, hasContext]) =>
      Effect.gen(function*() {
        const store = new AsyncLocalStorage<string>()
        const statuses = [500, 200, 200]
        let contexts = 0
        const transport = Layer.succeed(Transport.Transport, {
          dispatch: (_, handler) => {
            store.run("the transport", () =>
              setTimeout(() => {
                if (handler.onHeaders(statuses.shift() ?? 200, { "content-type": "application/json" })) {
                  handler.onData(new TextEncoder().encode(body()))
                }
                handler.onEnd()
              }, 1))
            return () => {}
          },
          closed: Effect.never,
          mayDecompress: false,
          ...(hasContext ? { makeAsyncContext: () => (contexts++, new AsyncResource("Test")) } : {})
        })
        const runtime = yield* Layer.toRuntime(
          sessions({ transport }, {
            policy: { ...patient, maxRetries: 1, baseDelay: "1 millis" }
          })
        )
        const seen = Effect.zipRight(get(), Effect.sync(() => store.getStore()))
        // a retried call, and then two in one fiber
        const calls = ["first", "second"].map(name =>
          store.run(name, () => Runtime.runPromise(runtime)(Effect.all([seen, seen])))
        )
        assert.deepStrictEqual(yield* Effect.promise(() => Promise.all(calls)), [["first", "first"], [
          "second",
          "second"
        ]])
        assert.strictEqual(contexts, hasContext ? 4 : 0)
      }).pipe(Effect.scoped)
  )

  it.effect.each(
    [["without makeAsyncContext", {}], ["with makeAsyncContext", {
      makeAsyncContext: () => new AsyncResource("Test")
    }]] as const
  )(
    "an attempt whose response and interruption arrive together is one duration and no active request, %s",
    ([, context]) =>
      Effect.gen(function*() {
        const { active, durations, space } = ownSpace()
        const handlers: Array<Transport.ResponseHandler> = []
        const transport = Layer.succeed(Transport.Transport, {
          dispatch: (_, handler) => {
            handlers.push(handler)
            return () => {}
          },
          closed: Effect.never,
          mayDecompress: false,
          ...context
        })
        const respond = (status: number) =>
          Effect.sync(() => {
            const handler = handlers.shift()
            handler?.onHeaders(status, { "content-type": "application/json" })
            handler?.onData(new TextEncoder().encode(body()))
            handler?.onEnd()
          })
        for (const status of [200, 500]) {
          for (const [first, second] of [["response", "interruption"], ["interruption", "response"]] as const) {
            const fiber = yield* Effect.fork(getOver({ transport }, { space, policy }))
            while (handlers.length === 0) yield* Effect.yieldNow()
            const steps = {
              response: respond(status),
              interruption: Effect.asVoid(Effect.fork(Fiber.interrupt(fiber)))
            }
            yield* steps[first]
            yield* steps[second]
            yield* Fiber.await(fiber)
            yield* Effect.yieldNow()
          }
        }
        assert.strictEqual(active(), 0)
        assert.strictEqual(durations().reduce((sum, [, , count]) => sum + Number(count), 0), 4)
      })
  )

  it.effect("a call over a Transport whose asynchronous context throws settles all the same", () =>
    Effect.gen(function*() {
      const contexts = [throws, (callback: () => void) => {
        callback()
        throws()
      }]
      for (const runInAsyncScope of contexts) {
        const transport = Layer.map(
          transportOf((_, handler) => {
            handler.onHeaders(200, { "content-type": "application/json" })
            handler.onData(new TextEncoder().encode(body()))
            handler.onEnd()
            return () => {}
          }).transport,
          context => {
            const service = Context.get(context, Transport.Transport)
            return Context.make(Transport.Transport, { ...service, makeAsyncContext: () => ({ runInAsyncScope }) })
          }
        )
        assert.strictEqual((yield* getOver({ transport }, { policy })).id, sessionId)
      }
    }))

  it.effect("an exception of a tracer at the end of an attempt is a defect of the call", () =>
    Effect.gen(function*() {
      const { layer } = overHttpClient(ok)
      const tracer = yield* Effect.tracer
      const failing = Tracer.make({
        span: (name, ...others) => {
          const span = tracer.span(name, ...others)
          if (name.startsWith("GET ")) span.end = throws
          return span
        },
        context: (run, fiber) => tracer.context(run, fiber)
      })
      const exit = yield* Effect.exit(Effect.withTracer(getOver({ layer }, { policy }), failing))
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
    }))

  it.live("a call over a Transport that delays the requests of another one, over an HttpClient, has the session", () =>
    Effect.gen(function*() {
      const { layer } = overHttpClient(ok)
      const delayed = Layer.effect(
        Transport.Transport,
        Effect.map(Transport.Transport, inner => ({
          ...inner,
          dispatch: (request, handler) => {
            let abort: (reason: Transport.AbortReason) => void = () => {}
            const timer = setTimeout(() => {
              abort = inner.dispatch(request, handler)
            }, 1)
            return reason => {
              clearTimeout(timer)
              abort(reason)
            }
          }
        }))
      ).pipe(Layer.provide(Transport.layerHttpClient), Layer.provide(layer))
      assert.strictEqual((yield* getOver({ transport: delayed }, { policy: patient })).id, sessionId)
    }))
})
