/** Provides `RoomSessions`, `RoomRecordings` and the journal of their calls over a scripted client, and the client itself. */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as Endpoint from "../../Endpoint.ts"
import * as RoomRecordings from "../../RoomRecordings.ts"
import * as RoomSessions from "../../RoomSessions.ts"
import * as SignalWireClient from "../../SignalWireClient.ts"
import { CallJournal } from "../CallJournal.ts"
import * as journal from "./journal.ts"
import type { ScriptedHttpClient } from "./scriptedHttpClient.ts"

export type Services =
  | RoomSessions.RoomSessions
  | RoomRecordings.RoomRecordings
  | SignalWireClient.SignalWireClient
  | CallJournal

export interface Made {
  readonly client: SignalWireClient.Service
  readonly sessions: RoomSessions.Service
  readonly recordings: RoomRecordings.Service
}

export const make = (client: SignalWireClient.Service): Effect.Effect<Made> =>
  Effect.all({
    client: SignalWireClient.SignalWireClient,
    sessions: RoomSessions.make,
    recordings: RoomRecordings.make
  }).pipe(
    Effect.provideService(SignalWireClient.SignalWireClient, client)
  )

export const toContext = (
  { client, recordings, sessions }: Made,
  { service: calls }: journal.Journal
): Context.Context<Services> =>
  Context.make(RoomSessions.RoomSessions, sessions).pipe(
    Context.add(RoomRecordings.RoomRecordings, recordings),
    Context.add(SignalWireClient.SignalWireClient, client),
    Context.add(CallJournal, calls)
  )

export const fromClient = (
  client: SignalWireClient.Service,
  calls: journal.Journal = journal.make({ countsRequests: false })
): Effect.Effect<Context.Context<Services>> =>
  Effect.map(make(calls.recordCallsOf(client)), made => toContext(made, calls))

/** Ends a call without a scripted response with the setup error, as a defect. */
const withSetupErrors = (
  client: SignalWireClient.Service,
  { setupErrorOf }: ScriptedHttpClient
): SignalWireClient.Service => ({
  prepare: <S extends Endpoint.Spec>(endpoint: Endpoint.Endpoint<S>) => {
    const call = client.prepare(endpoint)
    return (input: Endpoint.Input<S>) =>
      Effect.catchAll(call(input), error => {
        const setupError = setupErrorOf(error)
        return setupError === undefined ? Effect.fail(error) : Effect.die(setupError)
      })
  }
})

const apiToken = Redacted.make("a token that is sent nowhere")

/** Provides the real pipeline over a scripted `HttpClient`. */
export const fromHttpClient = <E>(
  makeHttpClient: Effect.Effect<ScriptedHttpClient, E, Scope.Scope>,
  options: SignalWireClient.OptionsWithoutCredentials
): Layer.Layer<Services, E | ConfigError.ConfigError> =>
  Layer.scopedContext(
    Effect.gen(function*() {
      const scripted = yield* makeHttpClient
      const client = yield* Layer.build(
        SignalWireClient.layer({ space: "test", projectId: "test", apiToken, ...options }).pipe(
          Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
        )
      )
      return yield* fromClient(
        withSetupErrors(Context.get(client, SignalWireClient.SignalWireClient), scripted),
        journal.make({ countsRequests: true })
      )
    })
  )
