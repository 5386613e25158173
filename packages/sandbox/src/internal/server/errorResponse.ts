/** The error responses of the sandbox. */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { STATUS_CODES } from "node:http"
import type { Route } from "./routes.ts"

export const reason = (status: number): string => STATUS_CODES[status] ?? "Error"

/** The body for a status that no endpoint declares, in the form of the service: `{"error":"Method Not Allowed"}`. */
export const reasonBody = (status: number): string => JSON.stringify({ error: reason(status) })

/** The error response with the body that the endpoint declares for the status, or else with the reason phrase. */
export const errorResponse = (status: number, route: Route | undefined): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(route?.errorBodies.get(status) ?? reasonBody(status), {
    status,
    contentType: "application/json"
  })

/** The page of a gateway. */
export const htmlPage = (status: number): string => {
  const title = `${status} ${reason(status)}`
  return `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
}
