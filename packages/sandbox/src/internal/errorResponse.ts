/** The responses to what is no success. */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { STATUS_CODES } from "node:http"
import type { Route } from "./routes.ts"

/** For a status that no endpoint declares: `{"error":"Method Not Allowed"}`, the form that the service uses. */
export const reasonBody = (status: number): string => JSON.stringify({ error: STATUS_CODES[status] ?? "Error" })

/** As the endpoint declares it, where it declares the status. */
export const errorResponse = (status: number, route: Route | undefined): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(route?.errorBodies.get(status) ?? reasonBody(status), {
    status,
    contentType: "application/json"
  })
