import { RoomSession, SignalWireError } from "@effect-signalwire/core"
import * as Endpoint from "@effect-signalwire/core/Endpoint"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Either, Exit, Schema, Scope } from "effect"
import { readdirSync } from "node:fs"
import { endpoints } from "../../src/endpoints/index.ts"
import { ofRequest } from "../../src/testing/internal/operations.ts"
import * as scriptCursor from "../../src/testing/internal/scriptCursor.ts"

const common = { summary: "", description: "", result: "", success: RoomSession.RoomSessionSummary, errors: {} }
const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

const list = Endpoint.get("Rooms.list", "/rooms", {
  ...common,
  operationId: "list",
  query: { page_size: Schema.NumberFromString, after: Schema.DateTimeUtc }
})
const member = Endpoint.get("Rooms.member", "/rooms/:room/members/:member", {
  ...common,
  operationId: "member",
  params: { room: Schema.String, member: Schema.UUID },
  errors: { 404: SignalWireError.NotFound }
})
const table = { "Rooms.list": list, "Rooms.member": member }

const operationOf = (method: string, url: string) => ofRequest(table, method, new URL(url, "https://acme.example"))

describe("endpoints", () => {
  it("the table of endpoints has every declared endpoint under its name", async () => {
    const directory = new URL("../../src/endpoints/", import.meta.url)
    const files = readdirSync(directory).filter(file => file !== "index.ts")
    const modules = await Promise.all(files.map(file => import(new URL(file, directory).href)))
    const declared = modules.flatMap(module => Object.values(module))
    assert.isAtLeast(declared.length, 1)
    assert.sameMembers(Object.values(endpoints), declared)
    for (const [name, endpoint] of Object.entries(endpoints)) assert.strictEqual(endpoint.name, name)
  })
})

describe("operations", () => {
  it("the operation of a request is found by method and path, with the parameters of path and query", () => {
    assert.deepInclude(operationOf("GET", "/api/video/rooms?page_size=5&after=2026-01-01T00%3A00%3A00.000Z"), {
      name: "Rooms.list",
      parameters: { page_size: "5", after: "2026-01-01T00:00:00.000Z" }
    })
    assert.deepInclude(operationOf("GET", `/api/video/rooms/a%20b/members/${id.toUpperCase()}`), {
      name: "Rooms.member",
      parameters: { room: "a b", member: id }
    })
  })

  it("the operation of a request is found below the prefix of a gateway", () => {
    assert.strictEqual(operationOf("GET", "/gateway/api/video/rooms").name, "Rooms.list")
  })

  it("the operation of a request is unknown for another method or path", () => {
    for (
      const [method, path] of [["POST", "/api/video/rooms"], ["GET", "/api/video/rooms/1"], ["GET", "/rooms"]] as const
    ) {
      assert.deepInclude(operationOf(method, path), { name: undefined, label: `${method} ${path}` })
    }
  })
})

describe("scripts by operation and parameters", () => {
  /** The responses to requests, and the exit of the scope of the script. */
  const run = (script: ReadonlyArray<unknown>, urls: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const options = { owner: "test", endpoints: table, noun: "request", describe: String } as const
      const cursor = yield* Scope.extend(scriptCursor.make(script, options), scope)
      const results = urls.map(url => Either.getOrElse(cursor.next(operationOf("GET", url)), error => error.message))
      return { results, end: yield* Effect.exit(Scope.close(scope, Exit.void)) }
    })

  const when = (operation: string, parameters: object, responses: ReadonlyArray<string>) => ({
    _tag: "When",
    operation,
    parameters,
    responses
  })

  it.effect("a script compares parameters with those of the request as the schemas of the endpoint encode them", () =>
    Effect.gen(function*() {
      const parameters = { page_size: 5, after: Schema.decodeSync(Schema.DateTimeUtc)("2026-01-01T00:00:00Z") }
      const { results } = yield* run(
        [
          when("Rooms.list", parameters, ["five after"]),
          when("Rooms.list", { page_size: 5 }, ["five"]),
          when("Rooms.member", { member: id.toUpperCase() }, ["member"])
        ],
        [
          "/api/video/rooms?page_size=5",
          `/api/video/rooms/x/members/${id}`,
          "/api/video/rooms?page_size=5&after=2026-01-01T00:00:00.000Z",
          "/api/video/rooms?page_size=6",
          "/elsewhere"
        ]
      )
      const [five, found, fiveAfter, six, elsewhere] = results
      assert.deepStrictEqual([five, found, fiveAfter], ["five", "member", "five after"])
      assert.match(String(six), /^test: the script has no responses for Rooms.list \{"page_size":"6"\}, only for /)
      assert.match(String(elsewhere), /^test: the script has no responses for GET \/elsewhere, only for /)
    }))

  it.effect("a script lists the responses that are left with their operation and parameters", () =>
    Effect.gen(function*() {
      const { end } = yield* run([when("Rooms.list", { page_size: 5 }, ["one", "two"])], [
        "/api/video/rooms?page_size=5"
      ])
      const message = Exit.isFailure(end) ? Cause.pretty(end.cause) : ""
      assert.include(message, "test: 1 response of the script was not used:")
      assert.include(message, "2 of 2 for Rooms.list {\"page_size\":\"5\"}: two")
    }))
})
