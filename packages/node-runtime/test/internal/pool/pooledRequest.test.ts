import { assert, describe, it } from "@effect/vitest"
import { PassThrough } from "node:stream"
import { type Dispatcher, errors } from "undici"
import { Connection } from "../../../src/internal/pool/connection.ts"
import { type Pool, PooledRequest } from "../../../src/internal/pool/pooledRequest.ts"

/** Never connects. */
const connection = () =>
  new Connection(
    "http://127.0.0.1",
    { connect: () => () => {}, maxHeaderBytes: 1024, maxAge: 1000 },
    undefined,
    () => {}
  )

interface Controller extends Dispatcher.DispatchController {
  readonly aborts: ReadonlyArray<Error>
}

const controllerOf = (): Controller => {
  const aborts: Array<Error> = []
  return {
    aborts,
    aborted: false,
    paused: false,
    reason: null,
    pause: () => {},
    resume: () => {},
    abort: reason => void aborts.push(reason)
  }
}

/** A request whose handler and pool record the calls that they get. */
const recorded = (options: Partial<Dispatcher.DispatchOptions> = {}) => {
  const calls: Array<string> = []
  const note = (name: string) => () => void calls.push(name)
  const pool: Pool = {
    maxHeaderBytes: 1024,
    onResponse: note("pool.onResponse"),
    onError: note("pool.onError"),
    onRejected: note("pool.onRejected"),
    requeue: () => false,
    replace: () => {
      calls.push("pool.replace")
      return undefined
    }
  }
  const request = new PooledRequest(pool, { path: "/", method: "GET", ...options }, {
    onRequestUpgrade: note("onRequestUpgrade"),
    onResponseStart: note("onResponseStart"),
    onResponseData: note("onResponseData"),
    onResponseEnd: note("onResponseEnd"),
    onResponseError: (_, { message }) => void calls.push(`onResponseError ${message}`)
  })
  return { calls, request }
}

describe("PooledRequest", () => {
  it("a request that undici starts after it was aborted is aborted with the same reason", () => {
    const { calls, request } = recorded()
    const reason = new Error("aborted")
    request.abort(reason)
    const controller = controllerOf()
    request.onRequestStart(controller)
    assert.deepStrictEqual(controller.aborts, [reason])
    assert.deepStrictEqual(calls, ["pool.onError", "onResponseError aborted"])
  })

  it("a request that undici starts after it has failed is aborted", () => {
    const { request } = recorded()
    request.onResponseError(undefined, new Error("reset"))
    const controller = controllerOf()
    request.onRequestStart(controller)
    assert.instanceOf(controller.aborts[0], errors.RequestAbortedError)
  })

  it("what undici reports after a request was aborted is ignored", () => {
    const { calls, request } = recorded()
    const controller = controllerOf()
    request.onRequestStart(controller)
    request.abort(new Error("aborted"))
    const before = [...calls]
    request.onResponseStart(controller, 200, {}, "OK")
    request.onResponseData(controller, Buffer.of(1))
    request.onResponseEnd(controller, {})
    request.onResponseError(controller, new Error("reset"))
    request.onRequestUpgrade(controller, 200, {}, new PassThrough())
    assert.deepStrictEqual(calls, before)
  })

  it("a request on a reused connection that cannot be replaced fails", async () => {
    const { calls, request } = recorded()
    const reused = connection()
    request.start(reused)
    reused.release()
    request.onResponseError(undefined, new Error("reset"))
    assert.deepStrictEqual(calls, ["pool.replace", "pool.onError", "onResponseError reset"])
    await reused.destroy(new Error("the end of the test"))
  })
})
