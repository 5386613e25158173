import * as core from "@effect-signalwire/core"
import { type Endpoint, SignalWireError } from "@effect-signalwire/core"
import { RoomSessionsGroup, VideoApi } from "@effect-signalwire/core/VideoApi"
import { OpenApi } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Struct } from "effect"
import { endpoints } from "../src/endpoints/index.ts"
import { getRoomSession } from "./contract/getRoomSession.ts"
import * as inOneForm from "./contract/inOneForm.ts"
import type { JsonObject } from "./contract/inOneForm.ts"
import { roomSessions } from "./contract/roomSessions.ts"

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

/** The models of this library. */
const models = Object.values(core).flatMap(module =>
  Object.values(module).filter((value): value is typeof core.RoomSession.RoomSession =>
    Schema.isSchema(value) && "identifier" in value && String(value.identifier).startsWith("Video.")
  )
)

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, number) => total + number, 0)

const keysOf = (object: object | undefined): number => Object.keys(object ?? {}).length

/** How many descriptions the document has, by the declarations of the endpoints and by the models. */
const describedByDeclarations = sum([
  // the operation with its parameters, its credentials, and its responses: the success and the errors
  ...Object.values(endpoints).map(({ spec }: Endpoint.Endpoint) =>
    1 + keysOf(spec.params) + keysOf(spec.query) + 1 + 1 + keysOf(spec.errors)
  ),
  ...models.map(({ fields }) => keysOf(fields)),
  // each page has items and links
  2 * Object.values(endpoints).filter(({ spec }: Endpoint.Endpoint) => spec.isPage === true).length,
  // the links of a page, the errors of a 422, and the fields of one of them
  4 + 1 + 5
])

/** The path of get. */
const path = "/api/video/room_sessions/{id}"

const document = OpenApi.fromApi(VideoApi)

describe("the OpenAPI document of VideoApi", () => {
  it("the document equals the vendor's document of get, except for the differences listed here", () => {
    const { servers: _, ...contract } = getRoomSession
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
    // the part of the document that is about get
    const partial = {
      ...document,
      paths: { [path]: document.paths[path] },
      components: {
        ...document.components,
        schemas: Struct.pick(document.components.schemas, ...Struct.keys(contract.components.schemas))
      },
      tags: document.tags.filter(({ name }) => name === "roomSessions")
    }
    assert.deepStrictEqual(withoutProse(partial), expected)
  })

  it("the document equals the vendor's document of all operations, except for the differences listed here", () => {
    const contract = roomSessions
    const vendorsPaths: Readonly<Record<string, { readonly get: JsonObject }>> = contract.paths
    const expected = {
      openapi: contract.openapi,
      info: { title: "SignalWire Video", version: "1.0.0" },
      paths: Object.fromEntries(
        Object.entries(vendorsPaths).map(([path, { get }]) => {
          const { parameters, ...operation } = inOneForm.operation(get, contract.components.parameters)
          return [path, {
            get: {
              ...operation,
              // the vendor's two documents name get differently
              operationId: get["operationId"] === "get_room_session" ? "get-room-session" : get["operationId"],
              // as in the document of get
              parameters: [
                ...parameters,
                { name: "Authorization", in: "header", required: true, schema: { type: "string" } }
              ],
              // the names of the groups
              tags: [path.includes("room_recordings") ? "roomRecordings" : "roomSessions"],
              // the vendor says it once for all operations, and declares a second scheme that none of them uses
              security: contract.security
            }
          }]
        })
      ),
      components: {
        schemas: {
          ...inOneForm.schemas(contract.components.schemas),
          // strings in the document of get
          "Video.VideoFps": getRoomSession.components.schemas["Video.VideoFps"]
        },
        // names of schemes are case-insensitive
        securitySchemes: { SignalWireBasicAuth: { type: "http", scheme: "basic" } }
      },
      security: [],
      tags: [{ name: "roomSessions" }, { name: "roomRecordings" }]
    }
    assert.deepStrictEqual(withoutProse(document), expected)
  })

  it("the document describes every parameter, response and field", () => {
    const operations = Object.values(document.paths).flatMap(({ get }) => get === undefined ? [] : [get])
    const described = [
      ...operations,
      ...operations.flatMap(({ parameters, responses }) => [...parameters, ...Object.values(responses)]),
      ...Object.values(document.components.schemas).flatMap(schema =>
        "properties" in schema && !("error" in schema.properties) ? Object.values(schema.properties) : []
      )
    ]
    assert.strictEqual(described.length, describedByDeclarations)
    for (const one of described) {
      assert.match(one.description ?? "", /^[A-Z].+\.$/, JSON.stringify(one))
      assert.notInclude(one.description ?? "", "a Universally Unique Identifier")
    }
  })
})

describe("errors of the contract", () => {
  const { get, list } = RoomSessionsGroup.endpoints
  const { errorSchema } = get?.name === "get" ? get : assert.fail("get is declared")
  const listErrors = list?.name === "list" ? list.errorSchema : assert.fail("list is declared")

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

  it.effect("UnprocessableContent is its details on the wire, and each has a type, a code, a message and a URL", () =>
    Effect.gen(function*() {
      const item = {
        type: "validation_error",
        code: "page_token_is_invalid",
        message: "Page token is invalid",
        attribute: "page_token",
        url: "https://signalwire.com/docs/apis/error-codes#page_token_is_invalid"
      }
      const error = new SignalWireError.UnprocessableContent({
        details: [new SignalWireError.ErrorDetail(item), new SignalWireError.ErrorDetail({ message: "Too large" })]
      })
      const wire = yield* Schema.encode(listErrors)(error)
      const url = "https://signalwire.com/docs/apis/error-codes"
      assert.deepStrictEqual<unknown>(wire, {
        errors: [
          item,
          { type: "validation_error", code: "invalid_parameter", message: "Too large", attribute: null, url }
        ]
      })
      const decoded = yield* Schema.decode(listErrors)(wire)
      assert.strictEqual(decoded._tag, "SignalWireUnprocessableContent")
      assert.deepStrictEqual(decoded.details.map(({ attribute, code }) => [code, attribute]), [
        ["page_token_is_invalid", "page_token"],
        ["invalid_parameter", undefined]
      ])
    }))

  it("get declares no UnprocessableContent", () => {
    assert.notInclude(JSON.stringify(document.paths[path]?.get?.responses), "422")
  })
})
