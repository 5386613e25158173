/** Derives from an endpoint, once for each client, all that does not change between calls. */
import type { Endpoint } from "../../Endpoint.ts"
import * as RequestPolicy from "../../RequestPolicy.ts"
import * as decodeResponse from "../response/decodeResponse.ts"
import type { Compiled } from "./call.ts"
import type { Client } from "./client.ts"
import { EndpointMetrics } from "./metrics.ts"
import * as parameters from "./parameters.ts"

const contentType = { "content-type": "application/json" }

/** A policy with the default limit, such as `RequestPolicy.defaults`, has that of the endpoint: lists have larger bodies than sessions. */
export const resolveBodyLimit = (limit: number | undefined, ofEndpoint: number): number =>
  limit === undefined || limit === RequestPolicy.defaults.maxBodyBytes ? ofEndpoint : limit

export const compile = (endpoint: Endpoint, client: Client): Compiled => {
  const { maxBodyBytes = RequestPolicy.defaults.maxBodyBytes, payload, successStatus = 200 } = endpoint.spec
  const { method, name } = endpoint
  const template = client.pathPrefix + parameters.templateOf(endpoint)
  return {
    client,
    name,
    method,
    headers: payload === undefined ? client.headers : Object.freeze({ ...client.headers, ...contentType }),
    template,
    policy: {
      ...RequestPolicy.defaults,
      ...client.policy,
      maxBodyBytes: resolveBodyLimit(client.policy.maxBodyBytes, maxBodyBytes)
    },
    maxBodyBytes,
    successStatus,
    toTarget: parameters.makeTarget(endpoint),
    decodeResponse: decodeResponse.make(endpoint, successStatus, client),
    metrics: client.hasMetrics
      ? new EndpointMetrics({ method, name, origin: client.origin, template, successStatus })
      : undefined
  }
}
