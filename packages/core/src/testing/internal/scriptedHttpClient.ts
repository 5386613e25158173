/** An `HttpClient` over the responses of a script or a recording. */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { TransportError } from "../../SignalWireError.ts"
import { endpoints } from "../../endpoints/index.ts"
import { requestIdHeaders } from "../../internal/response/classify.ts"
import * as journal from "./journal.ts"
import { ofRequest } from "./operations.ts"
import * as scriptCursor from "./scriptCursor.ts"
import { failWith, respond, type Response } from "./scriptedResponse.ts"
import type { TestSetupError } from "./testSetupError.ts"

export interface ScriptedHttpClient {
  readonly client: HttpClient.HttpClient
  /**
   * The setup error that caused the error of a call. A transport cannot end a call with a defect, since the client maps a defect
   * to a `TransportError`. A setup error that ends no call ends the scope.
   */
  readonly setupErrorOf: (error: unknown) => TestSetupError | undefined
}

type FindResponse = (
  request: HttpClientRequest.HttpClientRequest,
  url: URL
) => Either.Either<Response, TestSetupError>

/** @param code the code of the connection error for a request without a response */
export const fromLookup = (
  find: FindResponse,
  code: string
): Effect.Effect<ScriptedHttpClient, never, Scope.Scope> =>
  Effect.suspend(() => {
    let last: TestSetupError | undefined
    let isReported = false
    const client = HttpClient.make((request, url) =>
      Effect.zipRight(
        journal.countRequest,
        Effect.suspend(() => {
          const found = find(request, url)
          if (Either.isRight(found)) return respond(request, found.right)
          last = found.left
          return failWith(request, code)
        })
      )
    )
    const setupErrorOf = (error: unknown) => {
      if (!(error instanceof TransportError) || error.code !== code) return undefined
      isReported = true
      return last
    }
    const report = Effect.addFinalizer(exit =>
      last === undefined || (isReported && Exit.isFailure(exit)) ? Effect.void : Effect.die(last)
    )
    return Effect.as(report, { client, setupErrorOf })
  })

/** The request id of the response to request number `n` of a script, in the format of the service. */
export const requestId = (n: number): string => `8c1f6f0e-52d4-4c3b-9a57-${String(n).padStart(12, "0")}`

/** Adds a request id, unless the script has one. */
const withRequestId = (response: Response, n: number): Response =>
  response._tag === "ConnectionError" || requestIdHeaders.some(name => name in response.headers)
    ? response
    : { ...response, headers: { ...response.headers, "x-request-id": requestId(n) } }

export const make = (
  owner: string,
  script: scriptCursor.AnyScript<Response>
): Effect.Effect<ScriptedHttpClient, never, Scope.Scope> =>
  Effect.flatMap(
    scriptCursor.make(script, { owner, endpoints, noun: "request", describe: ({ label }) => label }),
    cursor => {
      let requests = 0
      return fromLookup(({ method }, url) => {
        requests++
        return Either.map(
          cursor.next(ofRequest(endpoints, method, url)),
          response => withRequestId(response, requests)
        )
      }, "SCRIPT_EXHAUSTED")
    }
  )
