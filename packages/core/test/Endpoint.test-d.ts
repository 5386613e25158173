// @effect-diagnostics missingEffectError:off -- the wrong errors are what is tested
import { Endpoint, SignalWireError } from "@effect-signalwire/core"
import { Schema } from "effect"
import { describe, expectTypeOf, it } from "vitest"

const about = { operationId: "", summary: "", description: "", result: "", success: Schema.Struct({}), errors: {} }

describe("declarations of endpoints", () => {
  it("a declaration has a schema for each parameter of its path", () => {
    expectTypeOf(
      Endpoint.get("a", "/rooms/:id/members/:member", { ...about, params: { id: Schema.UUID, member: Schema.String } })
    ).toExtend<Endpoint.Endpoint>()
    // @ts-expect-error -- the path has an id
    Endpoint.get("a", "/rooms/:id", about)
    // @ts-expect-error -- the path has an id, and no ID
    Endpoint.get("a", "/rooms/:id", { ...about, params: { ID: Schema.UUID } })
    // @ts-expect-error -- the path has no parameter
    Endpoint.get("a", "/rooms", { ...about, params: { id: Schema.UUID } })
  })

  it("a declaration has parameters that encode to values of a URL", () => {
    const query = { tag: Schema.String, page_size: Schema.NumberFromString, all: Schema.Boolean, limit: Schema.Int }
    expectTypeOf(Endpoint.get("a", "/rooms", { ...about, query })).toExtend<Endpoint.Endpoint>()
    // @ts-expect-error -- an array
    Endpoint.get("a", "/rooms", { ...about, query: { tags: Schema.Array(Schema.String) } })
    // @ts-expect-error -- null
    Endpoint.get("a", "/rooms", { ...about, query: { tag: Schema.NullOr(Schema.String) } })
    // @ts-expect-error -- a Duration encodes to an object
    Endpoint.get("a", "/rooms", { ...about, query: { after: Schema.DurationFromSelf } })
  })

  it("a declaration has each error under its own status", () => {
    const errors = { 404: SignalWireError.NotFound, 500: SignalWireError.InternalServerError }
    expectTypeOf(Endpoint.get("a", "/rooms", { ...about, errors })).toExtend<Endpoint.Endpoint>()
    // @ts-expect-error -- NotFound is 404
    Endpoint.get("a", "/rooms", { ...about, errors: { 400: SignalWireError.NotFound } })
    // @ts-expect-error -- no class has this status
    Endpoint.get("a", "/rooms", { ...about, errors: { 409: SignalWireError.NotFound } })
  })

  it("a declaration has a payload only for a POST, and echoes only a parameter of its path", () => {
    const params = { id: Schema.UUID }
    expectTypeOf(
      Endpoint.post("a", "/rooms/:id", { ...about, params, payload: Schema.Struct({}), echoes: "id" })
    ).toExtend<Endpoint.Endpoint>()
    // @ts-expect-error -- a GET has no body
    Endpoint.get("a", "/rooms", { ...about, payload: Schema.Struct({}) })
    // @ts-expect-error -- the path has no name
    Endpoint.get("a", "/rooms/:id", { ...about, params: { id: Schema.UUID }, echoes: "name" })
  })

  it("the types of the argument and the errors of a call are those of its declaration", () => {
    const endpoint = Endpoint.post("a", "/rooms/:id", {
      ...about,
      params: { id: Schema.UUID },
      query: { page_size: Schema.NumberFromString },
      payload: Schema.Struct({ name: Schema.String }),
      errors: { 404: SignalWireError.NotFound }
    })
    expectTypeOf<Endpoint.Input<typeof endpoint.spec>>().toEqualTypeOf<
      & { readonly id: string }
      & { readonly page_size?: number | undefined }
      & { readonly payload: { readonly name: string } }
    >()
    expectTypeOf<Endpoint.Error<typeof endpoint.spec>>().toEqualTypeOf<
      SignalWireError.NotFound | SignalWireError.CommonError | SignalWireError.InvalidRequest
    >()
  })
})
