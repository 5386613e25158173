import { RoomSessions } from "@effect-signalwire/core"
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

const nameOf = (id: string) =>
  Effect.flatMap(RoomSessions.RoomSessions, sessions => Effect.map(sessions.get(id), session => session.id))

describe("an HttpApi that declares errors of the platform", () => {
  it("does not take those of the library for its own", () => {
    const group = () =>
      HttpApiBuilder.group(api, "sessions", handlers =>
        // @ts-expect-error -- without this, each error would be a response with the status 500 and no body
        handlers.handle("session", ({ path }) => nameOf(path.id)))
    expectTypeOf(group).toBeFunction()
  })

  it("shares no tag with them", () => {
    expectTypeOf<Extract<RoomSessions.GetError["_tag"], DeclaredError["_tag"]>>().toBeNever()
  })

  it("takes what they are mapped to", () => {
    const group = () =>
      HttpApiBuilder.group(
        api,
        "sessions",
        handlers =>
          handlers.handle("session", ({ path }) => Effect.mapError(nameOf(path.id), () => new HttpApiError.NotFound()))
      )
    expectTypeOf(group).toBeFunction()
  })
})
