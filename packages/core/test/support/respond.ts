/** A `Transport` whose responses a function of the test makes. */
import { Transport } from "@effect-signalwire/core"
import { Effect, Fiber, Layer, Runtime } from "effect"
import type { PlayedResponse } from "./responses.ts"
import type { OverTransport } from "./transports.ts"

export interface Responding extends Pick<OverTransport, "transport"> {
  /** The paths of the requests, in order. */
  readonly paths: Array<string>
  readonly inFlight: () => number
  readonly mostInFlight: () => number
  readonly aborted: () => number
}

/** @param respond of the path of a request, and its number from 1 */
export const respondBy = (respond: (path: string, number: number) => PlayedResponse): Responding => {
  const paths: Array<string> = []
  let inFlight = 0
  let mostInFlight = 0
  let aborted = 0
  const play = (response: PlayedResponse, handler: Transport.ResponseHandler) =>
    Effect.gen(function*() {
      if (response.after === Infinity) return yield* Effect.never
      if (response.after !== undefined) yield* Effect.sleep(response.after)
      inFlight--
      if (response.status === undefined) return handler.onError(response.cause)
      if (!handler.onHeaders(response.status, response.headers ?? {})) return undefined
      const text = (response.chunks ?? []).join("")
      return handler.onData(new TextEncoder().encode(text)) ? handler.onEnd() : undefined
    })
  const dispatch = (runtime: Runtime.Runtime<never>): Transport.Service["dispatch"] => ({ path }, handler) => {
    paths.push(path)
    mostInFlight = Math.max(mostInFlight, ++inFlight)
    handler.onConnection()
    handler.onRequestSent()
    const fiber = Runtime.runFork(runtime)(play(respond(path, paths.length), handler))
    return () => {
      inFlight--
      aborted++
      Effect.runFork(Fiber.interruptFork(fiber))
    }
  }
  return {
    paths,
    inFlight: () => inFlight,
    mostInFlight: () => mostInFlight,
    aborted: () => aborted,
    transport: Layer.effect(
      Transport.Transport,
      Effect.map(Effect.runtime(), runtime => ({
        dispatch: dispatch(runtime),
        closed: Effect.never,
        mayDecompress: false
      }))
    )
  }
}
