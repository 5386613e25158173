/** What is known of the polls of a watch. The library retries them with patience, and reports only the errors that last. */
import { type Endpoint, RoomSessions, SignalWireClient, type SignalWireError as errors } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ClientLayer } from "../target.ts"

/** All times are in milliseconds. */
export interface Polls {
  /** The start of the call in progress; undefined between two calls. */
  startedAt: number | undefined
  /** When the last call succeeded; before the first success, when the first call started. */
  reachedAt: number | undefined
  /** The error of the last call, until one succeeds. */
  error: errors.SignalWireError | undefined
  /** Whether a poll is complete, with all its pages. */
  isLoaded: boolean
}

export const make = (): Polls => ({ startedAt: undefined, reachedAt: undefined, error: undefined, isLoaded: false })

/** Whether a body has no further page. */
const isLastPage = (body: unknown): boolean => {
  const next: unknown = Reflect.get(Object(Reflect.get(Object(body), "links")), "next")
  return typeof next !== "string" || next === ""
}

/** Updates the polls by each call of the list, or of the session; the calls for members are none. */
const observed = (client: SignalWireClient.Service, polls: Polls): SignalWireClient.Service => ({
  prepare: <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
    const call = client.prepare(endpoint)
    if (endpoint.name !== "RoomSessions.list" && endpoint.name !== "RoomSessions.get") return call
    return (input: Endpoint.Input<S>) =>
      Effect.clockWith(clock => {
        polls.startedAt = clock.unsafeCurrentTimeMillis()
        polls.reachedAt ??= polls.startedAt
        return call(input).pipe(
          Effect.tapBoth({
            onFailure: error =>
              Effect.sync(() => {
                polls.error = error
              }),
            onSuccess: body =>
              Effect.sync(() => {
                polls.error = undefined
                polls.reachedAt = clock.unsafeCurrentTimeMillis()
                polls.isLoaded ||= isLastPage(body)
              })
          }),
          Effect.ensuring(Effect.sync(() => {
            polls.startedAt = undefined
          }))
        )
      })
  }
})

/** A client whose polls are observed. */
export const clientLayer = (polls: Polls): ClientLayer => options =>
  Layer.effect(
    RoomSessions.RoomSessions,
    Effect.flatMap(SignalWireClient.SignalWireClient, client =>
      Effect.provideService(RoomSessions.make, SignalWireClient.SignalWireClient, observed(client, polls)))
  ).pipe(Layer.provideMerge(NodeSignalWire.layerConfig(options)))
