/**
 * A decoder for servers, which decode many responses: derived from a schema's own AST, and several times as quick.
 *
 * What `JSON.parse` gives belongs to nobody else, so that it becomes the instance itself, where Schema builds several other
 * objects (a session: 3 µs with parsing, against 25). A value that no rule accepts is given to Schema, and a text that cannot be
 * decoded is decoded by Schema once more, so that every failure is Schema's own. Property tests hold the two equal.
 *
 * The layers of `@effect-signalwire/node-runtime` use it. It is not part of the main module, so that pages in a browser,
 * which decode few, do not load it.
 *
 * @since 1.0.0
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import { RoomSessionSummary } from "./RoomSession.ts"
import { compile, type Rule, Unknown } from "./internal/schema/fastRules.ts"

type Issue = ParseResult.ParseIssue

interface Field extends Required<Omit<Rule, "asIs">> {
  readonly key: string
  /** Its place among the fields, which is its usual place in a response as well. */
  readonly index: number
  readonly asIs: Rule["asIs"]
  readonly bySchema: (input: unknown) => Either.Either<unknown, Issue>
  /** What stands for a missing key, if it may be missing. */
  readonly whenMissing: Option.Option<unknown>
}

/** The fields of a class, some of which stand for missing keys; `undefined` should Effect come to write that in another way. */
const fieldsOf = (ast: AST.AST): ReadonlyArray<Field> | undefined => {
  if (
    ast._tag !== "Transformation" || ast.transformation._tag !== "TypeLiteralTransformation" ||
    ast.from._tag !== "TypeLiteral"
  ) {
    return undefined
  }
  const changes = ast.transformation.propertySignatureTransformations
  return ast.from.propertySignatures.map(({ name, type }, index) => {
    const change = changes.find(({ to }) => to === name)
    return {
      key: String(name),
      index,
      asIs: undefined,
      isNullable: false,
      ...compile(type),
      bySchema: ParseResult.decodeUnknownEither(Schema.make(type)),
      whenMissing: change === undefined ? Option.none() : change.decode(Option.none())
    }
  })
}

const isRecord = (input: unknown): input is Record<string, unknown> =>
  typeof input === "object" && input !== null && !Array.isArray(input)

/** Only the keys of the fields; deleting the others instead would leave an object that is slow to read. */
const pick = (fields: ReadonlyArray<Field>, input: Record<string, unknown>): Record<string, unknown> => {
  const picked: Record<string, unknown> = {}
  for (const { key } of fields) {
    if (Object.hasOwn(input, key)) picked[key] = input[key]
  }
  return picked
}

/** Decodes in place, and gives what it made of the input; undefined when a value is wrong or missing. */
const decodeInPlace = (
  fields: ReadonlyArray<Field>,
  byKey: ReadonlyMap<string, Field>,
  input: Record<string, unknown>
): Record<string, unknown> | undefined => {
  let next = 0
  let known = 0
  let others = 0
  for (const key in input) {
    const expected = fields[next]
    const field = expected !== undefined && expected.key === key ? expected : byKey.get(key)
    if (field === undefined) {
      others++
      continue
    }
    next = field.index + 1
    known++
    const value = input[key]
    if (value === null ? field.isNullable : typeof value === field.asIs) continue
    let decoded = field.decode(value)
    if (decoded === Unknown) {
      const found = field.bySchema(value)
      if (Either.isLeft(found)) return undefined
      decoded = found.right
    }
    if (decoded !== value) input[key] = decoded
  }
  const own = others === 0 ? input : pick(fields, input)
  return known === fields.length ? own : fillIn(fields, own)
}

const fillIn = (
  fields: ReadonlyArray<Field>,
  input: Record<string, unknown>
): Record<string, unknown> | undefined => {
  for (const { key, whenMissing } of fields) {
    if (Object.hasOwn(input, key)) continue
    if (Option.isNone(whenMissing)) return undefined
    input[key] = whenMissing.value
  }
  return input
}

/**
 * Derives a decoder of JSON from `RoomSessionSummary`. Of any other schema it is Schema's own: a class may have a constructor
 * of its own, which no AST tells of.
 *
 * The function that it gives throws `SyntaxError` when the text is not JSON.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { FetchHttpClient } from "@effect/platform"
 * import { SignalWireClient } from "@effect-signalwire/core"
 * import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
 * import { Layer } from "effect"
 *
 * const live = SignalWireClient.layerConfig({ decoder: FastDecoder.make }).pipe(Layer.provide(FetchHttpClient.layer))
 */
export const make = <A, I>(schema: Schema.Schema<A, I>): (text: string) => Either.Either<A, Issue> => {
  const bySchema = ParseResult.decodeUnknownEither(schema)
  const fields = Object.is(schema, RoomSessionSummary) ? fieldsOf(RoomSessionSummary.ast.from) : undefined
  if (fields === undefined) return text => bySchema(JSON.parse(text))
  const byKey = new Map(fields.map(field => [field.key, field]))
  return text => {
    const input: unknown = JSON.parse(text)
    if (!isRecord(input)) return bySchema(input)
    const own = decodeInPlace(fields, byKey, input)
    // the input is no longer what was sent
    if (own === undefined) return bySchema(JSON.parse(text))
    // what the fields decode to is what the class is made of, which their types cannot say
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Either.right(Object.setPrototypeOf(own, RoomSessionSummary.prototype) as A)
  }
}
