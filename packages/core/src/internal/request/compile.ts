/** Derives from an endpoint, once for each client, all that does not change between calls. */
import type { Endpoint } from "../../Endpoint.ts"
import * as RequestPolicy from "../../RequestPolicy.ts"
import * as decodeResponse from "../response/decodeResponse.ts"
import type { Compiled } from "./call.ts"
import type { Client } from "./client.ts"
import * as parameters from "./parameters.ts"

const contentType = { "content-type": "application/json" }

export const compile = (endpoint: Endpoint, client: Client): Compiled => {
  const { maxBodyBytes = RequestPolicy.defaults.maxBodyBytes, payload, successStatus = 200 } = endpoint.spec
  return {
    client,
    name: endpoint.name,
    method: endpoint.method,
    headers: payload === undefined ? client.headers : { ...client.headers, ...contentType },
    template: client.pathPrefix + parameters.templateOf(endpoint),
    policy: { ...RequestPolicy.defaults, maxBodyBytes, ...client.policy },
    successStatus,
    toTarget: parameters.makeTarget(endpoint),
    decodeResponse: decodeResponse.make(endpoint, successStatus, client)
  }
}
