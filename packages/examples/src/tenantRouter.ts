import { HttpRouter, HttpServerRequest, HttpServerResponse } from "@effect/platform"
import { Effect } from "effect"
import { statusOf } from "./tenants.ts"

const empty = (status: number) => Effect.succeed(HttpServerResponse.empty({ status }))

const meeting = Effect.gen(function*() {
  const { id = "" } = yield* HttpRouter.params
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  const tenant = headers["x-tenant"] ?? ""
  return yield* statusOf(tenant, id).pipe(
    Effect.map(status => HttpServerResponse.unsafeJson({ status })),
    Effect.catchTags({
      TenantNotFound: () => empty(404),
      SignalWireNotFound: () => empty(404),
      SignalWireInvalidRequest: () => empty(404)
    }),
    Effect.catchAll(({ message }) => Effect.zipRight(Effect.logError(message), empty(502))),
    // also in the lines of the library, such as those about retries
    Effect.annotateLogs({ tenant })
  )
})

export const router = HttpRouter.empty.pipe(HttpRouter.get("/meetings/:id", meeting))
