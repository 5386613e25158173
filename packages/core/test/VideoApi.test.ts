import { SignalWireError } from "@effect-signalwire/core"
import { RoomSessionsGroup, VideoApi } from "@effect-signalwire/core/VideoApi"
import { OpenApi } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { getRoomSession } from "./contract/getRoomSession.ts"

/** Without descriptions and summaries, which are texts of this library. */
const withoutProse = (json: unknown): unknown =>
  Array.isArray(json)
    ? json.map(withoutProse)
    : typeof json === "object" && json !== null
    ? Object.fromEntries(
      Object.entries(json)
        .filter(([key, value]) => !((key === "description" || key === "summary") && typeof value === "string"))
        .map(([key, value]) => [key, withoutProse(value)])
    )
    : json

describe("the OpenAPI document of VideoApi", () => {
  const path = "/api/video/room_sessions/{id}"
  const { servers: _, ...contract } = getRoomSession

  it("the OpenAPI document equals the vendor's, except for the differences listed here", () => {
    const expected = {
      ...contract,
      // the vendor's title covers all of its REST API; this document is about Video
      info: { title: "SignalWire Video", version: "1.0.0" },
      paths: {
        [path]: {
          get: {
            ...contract.paths[path].get,
            // the vendor's tag is a name of its documentation tool
            tags: ["roomSessions"],
            // the vendor declares the scheme and leaves out that the operation uses it
            security: [{ SignalWireBasicAuth: [] }]
          }
        }
      },
      // no servers: the vendor's only one has an encoded placeholder in its host, and a sandbox is elsewhere
      security: [],
      tags: [{ name: "roomSessions" }]
    }
    assert.deepStrictEqual(withoutProse(OpenApi.fromApi(VideoApi)), expected)
  })

  it("the OpenAPI document describes every field, parameter and response", () => {
    const document = OpenApi.fromApi(VideoApi)
    const operation = document.paths[path]?.get
    const summary = document.components.schemas["Video.RoomSessionSummary"]
    const described = [
      ...(operation?.parameters ?? []),
      ...Object.values(operation?.responses ?? {}),
      ...Object.values(summary !== undefined && "properties" in summary ? summary.properties : {})
    ]
    assert.strictEqual(described.length, 2 + 5 + 26)
    for (const one of described) {
      assert.match(one.description ?? "", /^[A-Z].+\.$/)
      assert.notInclude(one.description ?? "", "a Universally Unique Identifier")
    }
  })
})

describe("errors of the contract", () => {
  const { errorSchema } = RoomSessionsGroup.endpoints.get ?? assert.fail("get is declared")

  const isUntagged = <A extends SignalWireError.SignalWireError>(
    schema: Schema.Schema<A, unknown>,
    error: A,
    phrase: string
  ) =>
    it.effect(`${error._tag} is {"error":"${phrase}"} on the wire, and tagged in memory`, () =>
      Effect.gen(function*() {
        const wire = yield* Schema.encode(schema)(error)
        assert.strictEqual(JSON.stringify(wire), `{"error":"${phrase}"}`)
        const decoded: unknown = yield* Schema.decode(schema)(wire)
        assert.deepStrictEqual(decoded, error)
      }))

  isUntagged(errorSchema, new SignalWireError.BadRequest(), "Bad Request")
  isUntagged(errorSchema, new SignalWireError.NotFound(), "Not Found")
  isUntagged(errorSchema, new SignalWireError.InternalServerError(), "Internal Server Error")

  it.effect("an error of the contract is not decoded from another text", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Schema.decodeUnknown(errorSchema)({ error: "Gone" }))
      assert.strictEqual(error._tag, "ParseError")
    }))
})
