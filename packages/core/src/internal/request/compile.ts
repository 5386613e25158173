/** What a client derives from an endpoint once, so that a call makes nothing that does not change. */
import type * as Either from "effect/Either"
import type { Endpoint } from "../../Endpoint.ts"
import * as decodeResponse from "../response/decodeResponse.ts"
import type { Client } from "./client.ts"
import * as parameters from "./parameters.ts"

export interface Compiled {
  readonly client: Client
  readonly name: string
  readonly method: Endpoint["method"]
  /** Whether a request may be sent twice. */
  readonly isIdempotent: boolean
  /** The path with the names of its parameters in braces. */
  readonly template: string
  readonly toPath: (given: parameters.Parameters) => Either.Either<string, parameters.InvalidParameter>
  readonly decodeResponse: decodeResponse.DecodeResponse
}

export const compile = (endpoint: Endpoint, client: Client): Compiled => ({
  client,
  name: endpoint.name,
  method: endpoint.method,
  isIdempotent: true,
  template: client.pathPrefix + parameters.templateOf(endpoint),
  toPath: parameters.makePath(endpoint),
  decodeResponse: decodeResponse.make(endpoint, client)
})
