import { Endpoint, SignalWireClient, SignalWireError, Transport } from "@effect-signalwire/core"
import { HttpClient, HttpClientError, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Layer, Schema } from "effect"
import { sessions } from "./support/client.ts"
import { shortestDelays } from "./support/delays.ts"
import { connectionError, json, noResponse, type PlayedResponse, type PlayedResponses } from "./support/responses.ts"
import { type Base, overHttpClient, overTransport, transports } from "./support/transports.ts"
import { within } from "./support/within.ts"

const { BadRequest, NotFound, SignalWireError: AnyError } = SignalWireError

const Room = Schema.Struct({ id: Schema.UUID, name: Schema.String, created_at: Schema.DateTimeUtc })

const about = { operationId: "rooms", summary: "Rooms", description: "Rooms.", result: "The rooms." }

const list = Endpoint.get("Rooms.list", "/rooms/:kind/all", {
  ...about,
  params: { kind: Schema.Literal("open", "closed") },
  query: {
    name: Schema.NonEmptyString,
    page_size: Schema.NumberFromString.pipe(Schema.between(1, 1000)).annotations({
      description: "a number from 1 to 1,000"
    })
  },
  success: Schema.Struct({ data: Schema.Array(Room) }),
  errors: { 404: NotFound },
  maxBodyBytes: 4_000_000
})

const create = Endpoint.post("Rooms.create", "/rooms", {
  ...about,
  payload: Schema.Struct({
    name: Schema.NonEmptyString.annotations({ description: "a name" }),
    ends: Schema.DateFromString
  }),
  success: Room,
  successStatus: 201,
  errors: { 400: BadRequest }
})

const named = Endpoint.get("Rooms.members", "/rooms/:name/members", {
  ...about,
  params: { name: Schema.String },
  success: Schema.Struct({ data: Schema.Array(Room) }),
  errors: {}
})

const anything = Endpoint.post("Rooms.update", "/rooms", {
  ...about,
  payload: Schema.Unknown,
  success: Room,
  errors: {}
})

const boom = (): never => {
  throw new SyntaxError("boom")
}

const throwing = {
  filter: Schema.String.pipe(Schema.filter(boom)),
  transformation: Schema.transform(Schema.String, Schema.String, { decode: boom, encode: boom })
}

const circular: { circular?: object } = {}

const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
const room = { id, name: "standup", created_at: "2026-11-24T09:00:00.000Z" }
const page = json(200, JSON.stringify({ data: [room] }))
const created = json(201, JSON.stringify(room))
const payload = { name: "standup", ends: new Date(0) }

const errorOf = <A, E>(result: Either.Either<A, E>): E =>
  Either.isLeft(result) ? result.left : assert.fail("a success in place of an error")

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

/** Transforms that send a request by other means, and count what they send so. */
const otherMeans = {
  "a fetch of its own": (count: () => void): Transform => () =>
    HttpClient.make(() => {
      count()
      return Effect.promise(() => new Promise<never>(() => {}))
    }),
  "another HttpClient": (count: () => void): Transform => () => {
    const other = HttpClient.make(() => Effect.zipRight(Effect.sync(count), Effect.never))
    return HttpClient.make(request => other.execute(request))
  },
  "a promise that runs the client": (count: () => void): Transform => client =>
    HttpClient.make(request => {
      count()
      return Effect.promise(() => Effect.runPromise(client.execute(request)))
    })
}

describe.concurrent.each(transports)("a POST under a transform over %s", (_, over) => {
  const call = (transformClient: Transform, response: PlayedResponse = created) => {
    const transport = over(response)
    return Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(create)({ payload })).pipe(
      Effect.provide(sessions(transport, { transformClient })),
      Effect.either,
      shortestDelays,
      within("1 minute"),
      Effect.map(result => ({ result, requests: transport.requests }))
    )
  }

  it.effect("a transform sees and can change the body", () =>
    Effect.gen(function*() {
      const bodies: Array<string> = []
      const rename = HttpClient.mapRequest((request: HttpClientRequest.HttpClientRequest) => {
        if (request.body._tag === "Uint8Array") bodies.push(new TextDecoder().decode(request.body.body))
        return HttpClientRequest.bodyUnsafeJson(request, { name: "ü" })
      })
      const { requests, result } = yield* call(rename)
      assert.strictEqual(result._tag, "Right")
      assert.deepStrictEqual(bodies, [JSON.stringify({ name: "standup", ends: "1970-01-01T00:00:00.000Z" })])
      assert.strictEqual(requests[0]?.body, JSON.stringify({ name: "ü" }))
      assert.strictEqual(requests[0]?.headers["content-type"], "application/json")
    }))

  it.effect.each<
    readonly [what: string, body: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest]
  >([
    ["bytes that are not UTF-8", HttpClientRequest.bodyUint8Array(new Uint8Array([0xff, 0xfe]))],
    ["a form", HttpClientRequest.bodyFormData(new FormData())]
  ])("a transform that sends %s is TransportError Other, and nothing is sent", ([, body]) =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(HttpClient.mapRequest(body))
      assert.deepInclude(errorOf(result), { _tag: "SignalWireTransportError", reason: "Other" })
      assert.lengthOf(requests, 0)
    }))

  it.effect("a connection error of the transform itself is not retried, since it may have sent the request by other means", () =>
    Effect.gen(function*() {
      const { result } = yield* call(
        HttpClient.mapRequestEffect(request =>
          Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: { code: "ECONNRESET" } }))
        )
      )
      assert.deepInclude(errorOf(result), { reason: "Reset", attempts: 1, requestsSent: 1 })
    }))

  it.effect.each(Object.entries(otherMeans))(
    "a timeout of a transform that sends it by %s is not retried",
    ([, sendBy]) =>
      Effect.gen(function*() {
        let sent = 0
        const { result } = yield* call(sendBy(() => void sent++), noResponse)
        assert.deepInclude(errorOf(result), { _tag: "SignalWireRequestTimeout", attempts: 1, requestsSent: 1 })
        assert.strictEqual(sent, 1)
      })
  )

  it.effect("a refused connection is not retried after the transform has sent it by other means", () =>
    Effect.gen(function*() {
      let sent = 0
      const sendsFirst = HttpClient.mapRequestEffect((request: HttpClientRequest.HttpClientRequest) =>
        Effect.sync(() => {
          sent++
          return request
        })
      )
      const { requests, result } = yield* call(sendsFirst, { ...connectionError("ECONNREFUSED"), isSent: false })
      assert.deepInclude(errorOf(result), { reason: "Refused", attempts: 1, requestsSent: 1 })
      assert.deepStrictEqual([sent, requests.length], [1, 1])
    }))

  it.effect("a refused connection is not retried under any transform, and counts as sent", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(client => client, { ...connectionError("ECONNREFUSED"), isSent: false })
      assert.deepInclude(errorOf(result), { reason: "Refused", attempts: 1, requestsSent: 1 })
      assert.lengthOf(requests, 1)
    }))
})

describe.concurrent.each(transports)("endpoints of an application over %s", (_, over) => {
  const call = <S extends Endpoint.Spec>(
    endpoint: Endpoint.Endpoint<S>,
    input: Endpoint.Input<S>,
    ...responses: PlayedResponses
  ) => {
    const transport = over(...responses)
    return Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(endpoint)(input)).pipe(
      Effect.provide(sessions(transport)),
      Effect.either,
      shortestDelays,
      within("1 minute"),
      Effect.map(result => ({ result, requests: transport.requests }))
    )
  }

  const withoutTypes = (transport: ReturnType<typeof over>, input: unknown): Effect.Effect<unknown, unknown> =>
    Effect.flatMap(
      SignalWireClient.SignalWireClient,
      (client): Effect.Effect<unknown, unknown> => Reflect.apply(client.prepare(list), undefined, [input])
    ).pipe(Effect.provide(sessions(transport)))

  it.effect("an endpoint encodes its path and its query, without the parameters that are not given", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(list, { kind: "open", name: "a b&c=ü/+", page_size: 50 }, page)
      assert.strictEqual(result._tag, "Right")
      const [sent] = requests
      const url = new URL(sent?.url ?? "")
      assert.strictEqual(url.pathname, "/api/video/rooms/open/all")
      assert.deepStrictEqual([...url.searchParams], [["name", "a b&c=ü/+"], ["page_size", "50"]])
      const without = yield* call(list, { kind: "open" }, page)
      assert.strictEqual(new URL(without.requests[0]?.url ?? "").search, "")
    }))

  it.effect.each<readonly [input: Endpoint.Input<typeof list.spec>, parameter: string]>([
    [{ kind: "open", page_size: 0 }, "page_size"],
    [{ kind: "open", page_size: 1001 }, "page_size"],
    [{ kind: "open", name: "" }, "name"]
  ])("the input %j is InvalidRequest, and is not sent", ([input, parameter]) =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(list, input, page)
      assert.deepStrictEqual(requests, [])
      assert.deepInclude(errorOf(result), {
        _tag: "SignalWireInvalidRequest",
        operation: "Rooms.list",
        parameter
      })
    }))

  it.effect.each<readonly [input: unknown, parameter: string, expected: string]>([
    [undefined, "parameters", "an object with kind, name, page_size"],
    [null, "parameters", "an object with kind, name, page_size"],
    ["open", "parameters", "an object with kind, name, page_size"],
    [{ kind: "open", nme: "standup" }, "nme", "one of kind, name, page_size"],
    [{ kind: "open", payload }, "payload", "one of kind, name, page_size"]
  ])(
    "the input %j of a caller without types is InvalidRequest, and is not sent",
    ([input, parameter, expected]) =>
      Effect.gen(function*() {
        const transport = over(page)
        assert.deepInclude(yield* Effect.flip(withoutTypes(transport, input)), {
          _tag: "SignalWireInvalidRequest",
          parameter,
          expected
        })
        assert.lengthOf(transport.requests, 0)
      })
  )

  it.effect("a parameter that is named like a property of every object can be omitted", () =>
    Effect.gen(function*() {
      const endpoint = Endpoint.get("Rooms.made", "/rooms/made", {
        ...about,
        query: Object.fromEntries(["constructor", "valueOf"].map(name => [name, Schema.String])),
        success: Schema.Unknown,
        errors: {}
      })
      const { requests } = yield* call(endpoint, { valueOf: "7" }, page)
      assert.deepStrictEqual(requests.map(({ url }) => new URL(url).search), ["?valueOf=7"])
    }))

  it.effect.each<readonly [what: string, input: object, parameter: string]>([
    [
      "a getter that throws, beside a parameter that does not exist",
      {
        nme: "standup",
        get kind(): string {
          throw new Error("thrown by a getter")
        }
      },
      "nme"
    ],
    [
      "a Proxy that does not list its properties",
      new Proxy({}, {
        ownKeys: () => {
          throw new Error("thrown by a Proxy")
        }
      }),
      "parameters"
    ]
  ])("%s is InvalidRequest, and is not sent", ([, input, parameter]) =>
    Effect.gen(function*() {
      const transport = over(page)
      const error = yield* Effect.flip(withoutTypes(transport, input))
      assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter })
      assert.lengthOf(transport.requests, 0)
    }))

  it.effect("a parameter that is undefined counts as omitted", () =>
    Effect.gen(function*() {
      const transport = over(page)
      yield* withoutTypes(transport, { kind: "open", name: undefined, other: undefined })
      assert.strictEqual(new URL(transport.requests[0]?.url ?? "").search, "")
    }))

  it.effect.each<readonly [where: string, input: object, parameter: string]>([
    [
      "the path",
      {
        get kind() {
          return boom()
        }
      },
      "kind"
    ],
    [
      "the query",
      {
        kind: "open",
        get name() {
          return boom()
        }
      },
      "name"
    ]
  ])(
    "a getter that throws in place of a parameter of %s is InvalidRequest, and is not sent",
    ([, input, parameter]) =>
      Effect.gen(function*() {
        const transport = over(page)
        assert.deepInclude(yield* Effect.flip(withoutTypes(transport, input)), {
          _tag: "SignalWireInvalidRequest",
          parameter
        })
        assert.lengthOf(transport.requests, 0)
      })
  )

  it.effect("a payload that its schema does not encode is InvalidRequest with the path of the field, and is not sent", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(create, { payload: { ...payload, name: "" } }, created)
      assert.deepStrictEqual(requests, [])
      assert.deepInclude(errorOf(result), {
        _tag: "SignalWireInvalidRequest",
        parameter: "payload.name",
        expected: "a name"
      })
    }))

  it.effect("an endpoint with maxBodyBytes reads bodies up to that size, or up to the maxBodyBytes of a policy that has one", () =>
    Effect.gen(function*() {
      const large = json(200, JSON.stringify({ data: [{ ...room, name: "n".repeat(2_000_000) }] }))
      const { result } = yield* call(list, { kind: "open" }, large)
      assert.strictEqual(result._tag, "Right")
      const limited = yield* Effect.flatMap(
        SignalWireClient.SignalWireClient,
        client => client.prepare(list)({ kind: "open" })
      ).pipe(Effect.provide(sessions(over(large), { policy: { maxBodyBytes: 1_000_000 } })), Effect.flip)
      assert.deepInclude(limited, { _tag: "SignalWireInvalidResponse", reason: "TooLarge" })
    }))

  it.effect("a 201 with another body than the one of the endpoint is InvalidResponse with the status 201", () =>
    Effect.gen(function*() {
      const { result } = yield* call(create, { payload }, json(201, JSON.stringify({ ...room, id: 7 })))
      assert.deepInclude(errorOf(result), {
        _tag: "SignalWireInvalidResponse",
        status: 201,
        path: "id"
      })
    }))

  it.effect("a POST sends its payload as JSON, and its successStatus is a success", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(create, { payload }, created)
      assert.strictEqual(result._tag, "Right")
      const [sent] = requests
      assert.strictEqual(sent?.method, "POST")
      assert.strictEqual(sent?.headers["content-type"], "application/json")
      assert.strictEqual(sent?.headers["authorization"]?.startsWith("Basic "), true)
      assert.deepStrictEqual(JSON.parse(sent?.body ?? ""), { name: "standup", ends: "1970-01-01T00:00:00.000Z" })
    }))

  it.effect("a 200 is UnexpectedStatus for an endpoint with the successStatus 201", () =>
    Effect.gen(function*() {
      const { result } = yield* call(create, { payload }, { ...created, status: 200 })
      assert.deepInclude(errorOf(result), {
        _tag: "SignalWireUnexpectedStatus",
        status: 200
      })
    }))

  it.effect.each<readonly [what: string, response: PlayedResponse]>([
    ["a 503", json(503)],
    ["a reset connection", connectionError("ECONNRESET")],
    ["a timeout", noResponse]
  ])("a POST is not retried after %s", ([, response]) =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(create, { payload }, response)
      assert.strictEqual(result._tag, "Left")
      assert.strictEqual(requests.length, 1)
    }))

  it.effect("a status is the error that the endpoint declares for it, and UnexpectedStatus where it declares none", () =>
    Effect.gen(function*() {
      const { result } = yield* call(list, { kind: "open" }, json(404, "{}"))
      assert.strictEqual(errorOf(result)._tag, "SignalWireNotFound")
      const undeclared = yield* call(list, { kind: "open" }, json(401, "{}"))
      assert.deepInclude(errorOf(undeclared.result), {
        _tag: "SignalWireUnexpectedStatus",
        status: 401
      })
      assert.isTrue(Schema.is(AnyError)(errorOf(undeclared.result)))
    }))

  it.effect("a 500 that the endpoint does not declare is InternalServerError, and is retried", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(list, { kind: "open" }, json(500, "{}"))
      assert.deepInclude(errorOf(result), { _tag: "SignalWireInternalServerError", attempts: 3 })
      assert.strictEqual(requests.length, 3)
    }))

  it.effect.each(["", ".", "..", "\ud800"])(
    "the parameter %j of a path, which would lead to another path, is InvalidRequest, and nothing is sent",
    name =>
      Effect.gen(function*() {
        const { requests, result } = yield* call(named, { name }, page)
        assert.deepInclude(errorOf(result), { _tag: "SignalWireInvalidRequest", parameter: "name" })
        assert.deepStrictEqual(requests, [])
      })
  )

  it.effect("slashes, dots and half-encoded texts of a parameter stay in their segment of the path", () =>
    Effect.gen(function*() {
      const { requests } = yield* call(named, { name: "../a/b?c#d%2e" }, page)
      assert.strictEqual(new URL(requests[0]?.url ?? "").pathname, "/api/video/rooms/..%2Fa%2Fb%3Fc%23d%252e/members")
    }))

  it.effect.each<readonly [what: string, unknown]>([
    ["a BigInt", 1n],
    ["a circular value", Object.assign(circular, { circular })],
    ["a function", () => {}],
    ["undefined", undefined]
  ])("a payload of %s is InvalidRequest, and nothing is sent", ([, value]) =>
    Effect.gen(function*() {
      const { requests, result } = yield* call(anything, { payload: value }, created)
      assert.deepInclude(errorOf(result), { _tag: "SignalWireInvalidRequest", parameter: "payload" })
      assert.deepStrictEqual(requests, [])
    }))
})

const callOver = <S extends Endpoint.Spec>(base: Base, endpoint: Endpoint.Endpoint<S>, input: Endpoint.Input<S>) =>
  Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(endpoint)(input)).pipe(
    Effect.provide(sessions(base)),
    Effect.either
  )

describe.concurrent.each(Object.entries(throwing))("a %s of an application that throws", (_, text) => {
  const spec = { ...about, success: Schema.Unknown, errors: {} }
  const expected = "a value for which no function of the schema throws"

  it.effect("is InvalidRequest for a parameter of the path, of the query, and for a payload, and nothing is sent", () =>
    Effect.gen(function*() {
      const transport = overTransport(page)
      const inPath = Endpoint.get("Rooms.path", "/rooms/:name", { ...spec, params: { name: text } })
      const inQuery = Endpoint.get("Rooms.query", "/rooms", { ...spec, query: { name: text } })
      const inPayload = Endpoint.post("Rooms.payload", "/rooms", { ...spec, payload: Schema.Struct({ name: text }) })
      const results = {
        path: yield* callOver(transport, inPath, { name: "a" }),
        query: yield* callOver(transport, inQuery, { name: "a" }),
        payload: yield* callOver(transport, inPayload, { payload: { name: "a" } })
      }
      const invalid = { _tag: "SignalWireInvalidRequest", expected } as const
      assert.deepInclude(errorOf(results.path), { ...invalid, parameter: "name" })
      assert.deepInclude(errorOf(results.query), { ...invalid, parameter: "name" })
      assert.deepInclude(errorOf(results.payload), { ...invalid, parameter: "payload" })
      assert.lengthOf(transport.requests, 0)
    }))

  it.effect("is InvalidResponse SchemaMismatch for a success, also with a SyntaxError", () =>
    Effect.gen(function*() {
      const endpoint = Endpoint.get("Rooms.get", "/room", { ...spec, success: Schema.Struct({ name: text }) })
      const mismatch = errorOf(yield* callOver(overTransport(json(200, "{\"name\":\"a\"}")), endpoint, {}))
      assert.deepInclude(mismatch, { _tag: "SignalWireInvalidResponse", reason: "SchemaMismatch", expected })
      const truncated = errorOf(yield* callOver(overTransport(json(200, "{\"name\":")), endpoint, {}))
      assert.deepInclude(truncated, { _tag: "SignalWireInvalidResponse", reason: "InvalidJson" })
    }))
})

describe("bodies that differ from their schema", () => {
  const counts = Endpoint.get("Rooms.counts", "/rooms/counts", {
    ...about,
    success: Schema.Struct({
      names: Schema.Record({ key: Schema.String, value: Schema.NullOr(Schema.Int) }),
      rooms: Schema.Array(Schema.Struct({ members: Schema.NullOr(Schema.Int) }))
    }),
    errors: {}
  })

  const call = (body: unknown, options: Partial<SignalWireClient.Options> = {}) =>
    Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(counts)({})).pipe(
      Effect.provide(sessions(overTransport(json(200, JSON.stringify(body))), options)),
      Effect.either
    )

  it.effect("a key of a record, which is a text of the server, is not in the path of an error", () =>
    Effect.gen(function*() {
      const error = errorOf(yield* call({ names: { "PTtopsecret": "x" }, rooms: [] }))
      assert.deepInclude(error, { _tag: "SignalWireInvalidResponse", path: "names.*" })
      assert.notInclude(JSON.stringify(error), "PTtopsecret")
      const inArray = errorOf(yield* call({ names: {}, rooms: [{ members: 1 }, { members: "x" }] }))
      assert.deepInclude(inArray, { path: "rooms.1.members" })
    }))

  it.effect("the differences of an array and of a record are one report of lenient decoding, with their count", () =>
    Effect.gen(function*() {
      const drifts: Array<SignalWireClient.Drift> = []
      const body = {
        names: { a: "x", b: "y" },
        rooms: Array.from({ length: 1000 }, () => ({ members: "x" }))
      }
      const result = yield* call(body, {
        decoding: "lenient",
        onDrift: drift => Effect.sync(() => void drifts.push(drift))
      })
      assert.strictEqual(result._tag, "Right")
      assert.deepStrictEqual(drifts.map(({ count, path }) => [path, count]), [["names.*", 2], [
        "rooms.*.members",
        1000
      ]])
    }))
})

describe("fields in nullable objects", () => {
  interface Item {
    readonly name: string | null
    readonly size: number
    readonly next: Item | null
    readonly items?: ReadonlyArray<Item> | null | undefined
  }
  const Item: Schema.Schema<Item> = Schema.Struct({
    name: Schema.NullOr(Schema.String),
    size: Schema.Number,
    next: Schema.NullOr(Schema.suspend(() => Item)),
    items: Schema.optional(Schema.NullOr(Schema.Array(Schema.suspend(() => Item))))
  }).pipe(Schema.filter(({ name, size }) => size < 100 || name !== null))

  const read = Endpoint.get("Items.get", "/items", { ...about, success: Item, errors: {} })

  const item = (fields: object = {}) => ({ name: "a", size: 1, next: null, ...fields })

  /** The result of decoding, and the path, the count and the accepted values of each drift. */
  const decode = (body: unknown, decoding: SignalWireClient.Options["decoding"]) =>
    Effect.gen(function*() {
      const drifts: Array<readonly [string, number, string]> = []
      const result = yield* Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(read)({})).pipe(
        Effect.provide(sessions(overTransport(json(200, JSON.stringify(body))), {
          decoding,
          onDrift: ({ count, expected, path }) => Effect.sync(() => void drifts.push([path, count, expected]))
        })),
        Effect.either
      )
      return { result, drifts }
    })

  const nested = (fields: object) => item({ next: item({ next: item(fields) }) })

  it.effect("the error of a field in nullable objects has its path", () =>
    Effect.gen(function*() {
      const { result } = yield* decode(nested({ name: 5 }), "strict")
      assert.deepInclude(errorOf(result), { path: "next.next.name", expected: "a string, or null" })
      const inArray = yield* decode(item({ items: [item(), item({ size: "x" })] }), "strict")
      assert.deepInclude(errorOf(inArray.result), { path: "items.1.size", expected: "a number" })
      const whole = yield* decode(item({ next: 5 }), "strict")
      assert.deepInclude(errorOf(whole.result), { path: "next", expected: "an object, or null" })
    }))

  it.effect("a nullable field in nullable objects is null when lenient, and what is around it is kept", () =>
    Effect.gen(function*() {
      const { drifts, result } = yield* decode(nested({ name: 5 }), "lenient")
      assert.deepStrictEqual(result, Either.right(nested({ name: null })))
      assert.deepStrictEqual(drifts, [["next.next.name", 1, "a string, or null"]])
    }))

  it.effect("the nullable object around a field that is never null is null when lenient, and the only drift", () =>
    Effect.gen(function*() {
      for (
        const fields of [
          { name: 5, size: "x" },
          // the filter of the object accepts no null
          { name: 5, size: 100 }
        ]
      ) {
        const { drifts, result } = yield* decode(nested(fields), "lenient")
        assert.deepStrictEqual(result, Either.right(item({ next: item() })))
        assert.deepStrictEqual(drifts, [["next.next", 1, "an object, or null"]])
      }
      const inArray = yield* decode(item({ items: [item({ size: "x" }), item({ name: 5 })] }), "lenient")
      assert.deepStrictEqual(inArray.result, Either.right(item({ items: null })))
      assert.deepStrictEqual(inArray.drifts, [["items", 1, "an array, or null"]])
    }))

  it.effect("a field that is never null and in no nullable object is an error also when lenient", () =>
    Effect.gen(function*() {
      const { drifts, result } = yield* decode({ ...nested({ name: 5 }), size: "x" }, "lenient")
      assert.deepInclude(errorOf(result), { path: "size", expected: "a number" })
      assert.deepStrictEqual(drifts, [])
    }))
})

it.effect("a number that is not finite is InvalidRequest in a path, a query and a payload, and is not sent", () =>
  Effect.gen(function*() {
    const endpoint = Endpoint.post("Rooms.numbers", "/rooms/:inPath", {
      ...about,
      params: { inPath: Schema.Number },
      query: { inQuery: Schema.Number },
      payload: Schema.Number,
      success: Room,
      errors: {}
    })
    const finite = { inPath: 1, inQuery: 2, payload: 3 }
    for (const parameter of ["inPath", "inQuery", "payload"] as const) {
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        const transport = overTransport(created)
        const error = errorOf(yield* callOver(transport, endpoint, { ...finite, [parameter]: value }))
        assert.deepInclude(error, { _tag: "SignalWireInvalidRequest", parameter, expected: "a finite number" })
        assert.lengthOf(transport.requests, 0)
      }
    }
  }))

describe("POSTs that were not sent", () => {
  const createOver = (base: Base) =>
    Effect.flatMap(SignalWireClient.SignalWireClient, client => client.prepare(create)({ payload })).pipe(
      Effect.provide(sessions(base)),
      Effect.either,
      shortestDelays,
      within("1 minute")
    )

  it.effect("a POST over a Transport is retried after ECONNREFUSED, since the transport reports that it was not sent", () =>
    Effect.gen(function*() {
      const transport = overTransport({ ...connectionError("ECONNREFUSED"), isSent: false }, created)
      assert.strictEqual((yield* createOver(transport))._tag, "Right")
      assert.strictEqual(transport.requests.length, 2)
    }))

  it.effect("a POST over an HttpClient is never retried: the ECONNREFUSED may be that of the application's middleware", () =>
    Effect.gen(function*() {
      const transport = overHttpClient(created)
      const audited = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.tap(({ request }) =>
            Effect.fail(
              new HttpClientError.RequestError({
                request,
                reason: "Transport",
                cause: Object.assign(new Error("no audit server"), { code: "ECONNREFUSED" })
              })
            )
          )
        )
      ).pipe(Layer.provide(transport.layer))
      const error = errorOf(yield* createOver({ layer: audited }))
      assert.deepInclude(error, { _tag: "SignalWireTransportError", reason: "Refused", requestsSent: 1 })
      assert.strictEqual(transport.requests.length, 1)
    }))

  it.effect("a POST is not retried after a 503 over a Transport that does not report what it sends", () =>
    Effect.gen(function*() {
      let requests = 0
      const transport = Layer.succeed(Transport.Transport, {
        dispatch: (_, handler) => {
          requests++
          if (handler.onHeaders(503, {})) handler.onEnd()
          return () => {}
        },
        closed: Effect.never,
        mayDecompress: false
      })
      assert.deepInclude(errorOf(yield* createOver({ transport })), { requestsSent: 1 })
      assert.strictEqual(requests, 1)
    }))
})
