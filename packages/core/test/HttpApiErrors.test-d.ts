// @effect-diagnostics missingEffectError:off -- which is what is expected here
import { RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiError, HttpApiGroup } from "@effect/platform"
import { Effect, Schema } from "effect"
import { describe, expectTypeOf, it } from "vitest"

const endpoint = HttpApiEndpoint.get("session", "/sessions/:id")
  .setPath(Schema.Struct({ id: Schema.String }))
  .addSuccess(Schema.String)
  .addError(HttpApiError.BadRequest)
  .addError(HttpApiError.Unauthorized)
  .addError(HttpApiError.NotFound)
  .addError(HttpApiError.InternalServerError)

type DeclaredError = HttpApiEndpoint.HttpApiEndpoint.Error<typeof endpoint>

const api = HttpApi.make("application").add(HttpApiGroup.make("sessions").add(endpoint))

const get = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => Effect.map(sessions.get(id), session => session.id))

// without a mapping, each of these would be a response with the status 500 and no body
describe("an HttpApi that declares errors of the platform", () => {
  it("a handler that fails with the errors of `get` does not compile", () => {
    const group = () =>
      HttpApiBuilder.group(api, "sessions", handlers =>
        // @ts-expect-error -- `get` fails with errors that are not declared
        handlers.handle("session", ({ path }) => get(path.id)))
    expectTypeOf(group).toBeFunction()
  })

  it("a handler that fails with an error of the same name alone does not compile", () => {
    const group = (
      badRequest: Effect.Effect<string, SignalWireError.BadRequest>,
      unauthorized: Effect.Effect<string, SignalWireError.Unauthorized>,
      notFound: Effect.Effect<string, SignalWireError.NotFound>,
      failed: Effect.Effect<string, SignalWireError.InternalServerError>
    ) =>
      HttpApiBuilder.group(api, "sessions", handlers => {
        // @ts-expect-error -- not `HttpApiError.BadRequest`
        handlers.handle("session", () => badRequest)
        // @ts-expect-error -- not `HttpApiError.Unauthorized`
        handlers.handle("session", () => unauthorized)
        // @ts-expect-error -- not `HttpApiError.NotFound`
        handlers.handle("session", () => notFound)
        // @ts-expect-error -- not `HttpApiError.InternalServerError`
        return handlers.handle("session", () => failed)
      })
    expectTypeOf(group).toBeFunction()
    expectTypeOf<Extract<RoomSessions.GetError["_tag"], DeclaredError["_tag"]>>().toBeNever()
  })

  it("a handler that maps its errors to the declared ones compiles", () => {
    const group = () =>
      HttpApiBuilder.group(
        api,
        "sessions",
        handlers =>
          handlers.handle("session", ({ path }) => Effect.mapError(get(path.id), () => new HttpApiError.NotFound()))
      )
    expectTypeOf(group).toBeFunction()
  })
})
