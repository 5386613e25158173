/** What a client derives from an endpoint once, so that a call makes nothing that does not change. */
import type { Endpoint } from "../../Endpoint.ts"
import * as decodeResponse from "../response/decodeResponse.ts"
import type { Compiled } from "./call.ts"
import type { Client } from "./client.ts"
import * as parameters from "./parameters.ts"

export const compile = (endpoint: Endpoint, client: Client): Compiled => ({
  client,
  name: endpoint.name,
  method: endpoint.method,
  isIdempotent: true,
  template: client.pathPrefix + parameters.templateOf(endpoint),
  toPath: parameters.makePath(endpoint),
  decodeResponse: decodeResponse.make(endpoint, client)
})
