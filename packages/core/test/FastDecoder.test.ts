import * as core from "@effect-signalwire/core"
import { RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import { assert, describe, expect, it, vi } from "@effect/vitest"
import { DateTime, Duration, Either, Equal, FastCheck, Hash, ParseResult, Schema } from "effect"
import * as nodeAssert from "node:assert/strict"
import * as roomRecordings from "../src/endpoints/roomRecordings.ts"
import * as roomSessions from "../src/endpoints/roomSessions.ts"
import { fieldsOnly } from "../src/internal/schema/fastPath.ts"
import { nullable, Seconds, Timestamp } from "../src/internal/schema/wire.ts"
import { wireSession } from "./support/sessions.ts"

/** Values of every kind, to replace any other value. */
const anything = FastCheck.oneof(
  FastCheck.jsonValue(),
  FastCheck.constantFrom<unknown>(
    null,
    "720p",
    "20",
    "in-progress",
    20,
    30.5,
    -1,
    0,
    2 ** 53,
    "2026-02-30T00:00:00Z",
    "2024-02-29T00:00:00Z",
    "2026-03-01T09:00:00+01:00",
    "0000-01-01T00:00:00Z",
    "0099-01-01T00:00:00.000Z",
    wireSession.id,
    [],
    {}
  )
)

type Change =
  | { readonly kind: "set"; readonly at: number; readonly value: unknown }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "add"; readonly at: number; readonly key: string; readonly value: unknown }

const at = FastCheck.nat()
const changes = FastCheck.array(
  FastCheck.oneof<Array<FastCheck.Arbitrary<Change>>>(
    FastCheck.record({ kind: FastCheck.constant("set" as const), at, value: anything }),
    FastCheck.record({ kind: FastCheck.constant("remove" as const), at }),
    FastCheck.record({
      kind: FastCheck.constant("add" as const),
      at,
      key: FastCheck.constantFrom("extra", "toString", "a"),
      value: anything
    })
  ),
  { maxLength: 4 }
)

/** The objects and lists of a value, each with one of its keys. */
const placesIn = (value: unknown): ReadonlyArray<readonly [parent: object, key: string]> =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesIn(inner)])

/** The text of a value with changes in any of its parts. */
const changed = (value: unknown, made: ReadonlyArray<Change>): string => {
  const root: unknown = JSON.parse(JSON.stringify({ value }))
  for (const change of made) {
    const places = placesIn(root)
    const [parent, key] = places[change.at % places.length] ?? assert.fail("the root has a key")
    if (change.kind === "remove" && key !== "value") Reflect.deleteProperty(parent, key)
    if (change.kind === "set") Reflect.set(parent, key, structuredClone(change.value))
    if (change.kind === "add") {
      Object.defineProperty(parent, change.key, {
        value: change.value,
        configurable: true,
        enumerable: true,
        writable: true
      })
    }
  }
  return JSON.stringify(Reflect.get(Object(root), "value"))
}

/** Decodes a text by Schema and by the derived decoder, and asserts that they agree. */
const decoderOf = <A, I>(schema: Schema.Schema<A, I>) => {
  const decodeBySchema = ParseResult.decodeUnknownEither(schema)
  const decodeFast = FastDecoder.make(schema)
  return (text: string): Either.Either<A, ParseResult.ParseIssue> => {
    const expected = decodeBySchema(JSON.parse(text))
    const found = decodeFast(text)
    if (Either.isRight(found) && Either.isRight(expected)) {
      nodeAssert.deepStrictEqual(found.right, expected.right)
    } else {
      assert.deepStrictEqual(
        Either.flip(found).pipe(Either.map(ParseResult.ArrayFormatter.formatIssueSync)),
        Either.flip(expected).pipe(Either.map(ParseResult.ArrayFormatter.formatIssueSync))
      )
    }
    return found
  }
}

const Struct = Schema.Struct({
  a: Schema.String,
  count: Schema.Number,
  flag: Schema.Boolean,
  note: Schema.optional(Schema.String),
  label: Schema.optional(Schema.NullOr(Schema.NonEmptyString)),
  at: Timestamp,
  lasted: nullable(Seconds),
  cost: nullable(Schema.BigDecimal),
  either: Schema.Union(Schema.String, Schema.Number)
})
const wireStruct = {
  a: "text",
  count: 1.5,
  flag: true,
  note: "n",
  label: null,
  at: "2026-03-01T09:00:00Z",
  lasted: 7,
  cost: "0.0025",
  either: 3
}

class Member extends Schema.Class<Member>("Member")(
  { id: Schema.UUID, joined: nullable(Timestamp), rate: Schema.NullOr(RoomSession.VideoFps) },
  { [fieldsOnly]: (): unknown => Member }
) {}
const wireMember = { id: wireSession.id, joined: "2026-03-01T09:00:00.5Z", rate: 20 }

class Room extends Schema.Class<Room>("Room")(
  {
    name: Schema.String,
    owner: Schema.NullOr(Member),
    members: Schema.Array(Member),
    tags: nullable(Schema.Array(Schema.String))
  },
  { [fieldsOnly]: (): unknown => Room }
) {}
const wireRoom = {
  name: "weekly",
  owner: wireMember,
  members: [wireMember, { id: wireSession.id, rate: null }],
  tags: ["a"]
}

class Larger extends Member.extend<Larger>("Larger")(
  { cost: nullable(Schema.BigDecimal) },
  { [fieldsOnly]: (): unknown => Larger }
) {}

const Page = Schema.Struct({
  links: Schema.Struct({ self: Schema.String, next: Schema.optional(Schema.String) }),
  data: Schema.Array(RoomSession.RoomSessionSummary)
})
const wirePage = { links: { self: "/a", next: "/b" }, data: [wireSession, { ...wireSession, locked: null }] }

/** A page as the service sends it, with links that the client does not read. */
const pageOf = (...data: ReadonlyArray<unknown>) => ({
  links: { self: "/a", first: "/a", next: "/b", prev: null },
  data
})
const wireListed = { ...wireSession, cost_in_dollars: 0.0325, enable_room_previews: true, locked_cover: null }
const wireParticipant = {
  id: wireSession.id,
  room_session_id: wireSession.id,
  name: "Ada",
  join_time: "2026-03-01T09:00:00Z",
  leave_time: null,
  duration: 7,
  cost_in_dollars: "0.0025"
}
const wireEvent = {
  id: wireSession.id,
  project_id: wireSession.id,
  room_id: null,
  room_session_id: wireSession.id,
  level: "info",
  name: "room.started",
  payload: { a: [1, { b: null }] },
  created_at: "2026-03-01T09:00:00.125Z"
}
const wireRecording = {
  id: wireSession.id,
  room_session_id: wireSession.id,
  status: "completed",
  started_at: "2026-03-01T09:00:00Z",
  finished_at: "2026-03-01T09:30:00Z",
  duration: 1800,
  size_in_bytes: 3_000_000_000,
  format: "video/mp4",
  cost_in_dollars: 0.05,
  uri: "https://files.example/a",
  created_at: "2026-03-01T09:00:00Z"
}

class Unannotated extends Schema.Class<Unannotated>("Unannotated")({ a: Schema.String }) {
  readonly length = this.a.length
}

/** Inherits the annotation of its base, and has an initializer of its own. */
class Initialized extends Member {
  readonly isNew = this.joined === null
}

const Total = Schema.transform(Schema.Struct({ a: Schema.Array(Schema.Number) }), Schema.Number, {
  strict: true,
  decode: ({ a }) => a.reduce((sum, part) => sum + part, 0),
  encode: total => ({ a: [total] })
})

interface Tree {
  readonly a: string
  readonly children: ReadonlyArray<Tree>
}
const Tree: Schema.Schema<Tree> = Schema.Struct({
  a: Schema.String,
  children: Schema.Array(Schema.suspend(() => Tree))
})

const decodesAsSchema = <A, I>(name: string, schema: Schema.Schema<A, I>, wire: unknown, numRuns: number) => {
  const decode = decoderOf(schema)
  it(`${name} is decoded`, () => assert.isTrue(Either.isRight(decode(JSON.stringify(wire)))))
  it.prop(`${name} is decoded as by Schema, with other, missing and extra values inside`, [changes], ([made]) => {
    decode(changed(wire, made))
  }, { fastCheck: { numRuns } })
}

/** The models of this library that take the fast path. */
const models = Object.values(core).flatMap(module =>
  Object.values(module).filter((value): value is typeof RoomSession.RoomSessionSummary =>
    Schema.isSchema(value) && value.ast._tag === "Transformation" && fieldsOnly in value.ast.to.annotations
  )
)

/** A schema, and how often its annotations were read. */
const counted = () => {
  const ast = Schema.String.annotations({}).ast
  const { annotations } = ast
  let reads = 0
  Object.defineProperty(ast, "annotations", {
    get: () => {
      reads++
      return annotations
    }
  })
  return { schema: Schema.Struct({ name: Schema.make<string>(ast) }), reads: () => reads }
}

describe("the decoders of two clients", () => {
  it("derive the rules of a schema once, when one of them decodes for the first time", () => {
    const { reads, schema } = counted()
    const decoders = [FastDecoder.make(schema), FastDecoder.make(schema)]
    assert.strictEqual(reads(), 0)
    const readsAfterEach = decoders.map(decode => {
      assert.deepStrictEqual(decode("{\"name\":\"a\"}"), Either.right({ name: "a" }))
      return reads()
    })
    assert.isAbove(reads(), 0)
    assert.deepStrictEqual(readsAfterEach, [reads(), reads()])
  })
})

describe("the models of this library", () => {
  for (const model of models) {
    const decode = decoderOf(model)
    const title = `any ${model.identifier} is decoded as by Schema, with other, missing and extra values inside`
    it.prop(title, [model, changes], ([value, made]) => {
      decode(changed(Schema.encodeSync(model)(value), made))
    }, { fastCheck: { numRuns: 1000 } })
  }
})

describe("the derived decoder", () => {
  decodesAsSchema("a session", RoomSession.RoomSessionSummary, wireSession, 1000)
  decodesAsSchema("a struct", Struct, wireStruct, 500)
  decodesAsSchema("a class", Member, wireMember, 500)
  decodesAsSchema("a list of classes", Schema.Array(Member), [wireMember, wireMember], 500)
  decodesAsSchema("a class with classes in it", Room, wireRoom, 500)
  decodesAsSchema("a class that extends another", Larger, { ...wireMember, cost: "1.5" }, 200)
  decodesAsSchema("a page of sessions", Page, wirePage, 1000)
  decodesAsSchema("a page of list", roomSessions.list.spec.success, pageOf(wireListed, wireSession), 1000)
  decodesAsSchema("a page of members", roomSessions.members.spec.success, pageOf(wireParticipant), 500)
  decodesAsSchema("a page of events", roomSessions.events.spec.success, pageOf(wireEvent), 500)
  decodesAsSchema("a page of recordings", roomRecordings.list.spec.success, pageOf(wireRecording), 500)
})

it("the derived decoder ignores a key __proto__", () => {
  const text = JSON.stringify(wireMember).replace("{", "{\"__proto__\":{\"isAdmin\":true},")
  const member = Either.getOrThrow(decoderOf(Member)(text))
  assert.notProperty(member, "isAdmin")
  assert.notInclude(Object.keys(member), "__proto__")
})

describe("the fallback to Schema", () => {
  const a = { a: "x" }
  decodesAsSchema("a transformation of a field", Schema.Struct({ a: Schema.Trim }), { a: " x " }, 100)
  decodesAsSchema("a transformation of a struct", Total, { a: [1, 2] }, 100)
  decodesAsSchema(
    "a key with another name in memory",
    Schema.Struct({ b: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("a")) }),
    a,
    100
  )
  decodesAsSchema(
    "an optional key as an Option",
    Schema.Struct({ a: Schema.optionalWith(Schema.String, { as: "Option" }) }),
    a,
    100
  )
  decodesAsSchema(
    "an optional key with a default",
    Schema.Struct({ a: Schema.optionalWith(Schema.String, { default: () => "d", nullable: true }) }),
    a,
    100
  )
  decodesAsSchema("a class without the annotation", Unannotated, a, 100)
  decodesAsSchema("a class that inherits the annotation", Initialized, wireMember, 100)
  decodesAsSchema(
    "a class that is annotated where it is used",
    Schema.Array(Member.annotations({ title: "M" })),
    [wireMember],
    100
  )
  decodesAsSchema("a schema of a type side", Schema.Struct({ a: Schema.NullOr(Schema.typeSchema(Member)) }), {
    a: null
  }, 100)
  decodesAsSchema("a filter of a list", Schema.Array(Member).pipe(Schema.maxItems(2)), [wireMember, wireMember], 200)
  decodesAsSchema("a union of structs", Schema.Union(Struct, Schema.Struct({ a: Schema.String })), wireStruct, 200)
  decodesAsSchema("a tuple", Schema.Tuple(Schema.String, Member), ["x", wireMember], 100)
  decodesAsSchema("a record", Schema.Record({ key: Schema.String, value: Seconds }), { a: 1 }, 100)
  decodesAsSchema(
    "a struct with other keys",
    Schema.Struct({ a: Schema.String }, Schema.Record({ key: Schema.String, value: Schema.Unknown })),
    { a: "x", b: 1 },
    100
  )
  decodesAsSchema("a struct without fields", Schema.Struct({}), {}, 100)
  decodesAsSchema("a recursive schema", Tree, { a: "x", children: [{ a: "y", children: [] }] }, 100)
  decodesAsSchema(
    "a struct that rejects other keys",
    Schema.Struct({ a: Schema.String }).annotations({ parseOptions: { onExcessProperty: "error" } }),
    a,
    100
  )
  decodesAsSchema(
    "a field with a decodingFallback",
    Schema.Struct({ a: Schema.String.annotations({ decodingFallback: () => Either.right("caught") }) }),
    a,
    100
  )
})

const decodesInPlace = <A, I>(
  name: string,
  schema: Schema.Schema<A, I>,
  wire: object,
  partsOf: (decoded: A) => ReadonlyArray<unknown>
) =>
  it(`${name} is decoded in place, where Schema makes new objects`, () => {
    const decode = FastDecoder.make(schema)
    const input: unknown = JSON.parse(JSON.stringify(wire))
    const before = new Set<unknown>(placesIn(input).map(([parent]) => parent))
    const parse = vi.spyOn(JSON, "parse").mockReturnValue(input)
    const decoded = decode("")
    parse.mockRestore()
    for (const part of partsOf(Either.getOrThrow(decoded))) assert.isTrue(before.has(part))
  })

describe("the fast path", () => {
  decodesInPlace("a session", RoomSession.RoomSessionSummary, wireSession, session => [session])
  decodesInPlace("a page", Page, wirePage, page => [page, page.links, page.data, ...page.data])
  decodesInPlace(
    "a page of 1,000 sessions of list",
    roomSessions.list.spec.success,
    pageOf(...Array.from({ length: 1000 }, () => wireListed)),
    page => [page, page.data, ...page.data]
  )
  decodesInPlace(
    "a page of members",
    roomSessions.members.spec.success,
    pageOf(wireParticipant),
    page => [page, page.data, ...page.data]
  )
  decodesInPlace(
    "a page of events",
    roomSessions.events.spec.success,
    pageOf(wireEvent),
    page => [page, page.data, ...page.data]
  )
  decodesInPlace(
    "a page of recordings",
    roomRecordings.list.spec.success,
    pageOf(wireRecording),
    page => [page, page.data, ...page.data]
  )
  decodesInPlace("a class that extends another", Larger, { ...wireMember, cost: "1.5" }, member => [member])
  decodesInPlace("a class with classes in it", Room, wireRoom, room => [room, room.owner, ...room.members, room.tags])
})

describe("a session of the fast path", () => {
  const createdAt = ({ created_at }: RoomSession.RoomSessionSummary) => created_at ?? assert.fail("it was sent")

  /** Uses of a session. Some cache a value in a date-time or a duration. */
  const uses: ReadonlyArray<readonly [name: string, use: (session: RoomSession.RoomSessionSummary) => unknown]> = [
    ["no use", () => undefined],
    ["DateTime.toParts", session => DateTime.toParts(createdAt(session))],
    ["DateTime.toPartsUtc", session => DateTime.toPartsUtc(createdAt(session))],
    ["DateTime.formatIso", session => DateTime.formatIso(createdAt(session))],
    ["DateTime.add", session => DateTime.add(createdAt(session), { days: 1 })],
    ["DateTime.setZoneOffset", session => DateTime.toParts(DateTime.setZoneOffset(createdAt(session), 3_600_000))],
    ["Hash.hash", session => Hash.hash(session)],
    ["Hash.hash of a date-time", session => Hash.hash(createdAt(session))],
    ["Hash.hash of a duration", ({ duration }) => Hash.hash(duration)],
    ["Equal.equals", session => Equal.equals(session, session)],
    ["JSON.stringify", session => JSON.stringify(session)],
    ["Duration.toSeconds", ({ duration }) => duration === null ? null : Duration.toSeconds(duration)]
  ]
  const text = JSON.stringify(wireSession)
  const fast = () => Either.getOrThrow(FastDecoder.make(RoomSession.RoomSessionSummary)(text))
  const bySchema = () => Schema.decodeUnknownSync(RoomSession.RoomSessionSummary)(JSON.parse(text))

  it.each(uses)("a session of the fast path is deeply equal to one by Schema after %s of either", (_, use) => {
    for (const [used, other] of [[fast(), bySchema()], [bySchema(), fast()]] as const) {
      use(used)
      nodeAssert.deepStrictEqual(used, other)
      expect(used).toEqual(other)
      expect(used).toStrictEqual(other)
      expect(other).toStrictEqual(used)
    }
  })

  it("the date-times of the fast path have the properties of Effect's own, hidden ones included", () => {
    const found = createdAt(fast())
    const own = DateTime.unsafeMake(found.epochMillis)
    nodeAssert.deepStrictEqual(Object.getOwnPropertyDescriptors(found), Object.getOwnPropertyDescriptors(own))
    assert.strictEqual(Object.getPrototypeOf(found), Object.getPrototypeOf(own))
  })
})
