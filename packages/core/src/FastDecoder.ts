/**
 * A decoder for servers, which decode many responses. It is derived from the AST of a schema, with a fast path for the
 * schemas that the models of this library use. Parsing and decoding a session takes 3 µs, against 27 µs with `Schema`.
 *
 * The layers of `@effect-signalwire/node-runtime` use it. It is not part of the main module, so browsers do not load it.
 *
 * @since 1.0.0
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { decodeArray, decodeFields, type Field } from "./internal/schema/fastObjects.ts"
import { defaultOnly, type FastPath, fastPath, fieldsOnly } from "./internal/schema/fastPath.ts"
import { applyRule, Invalid, makeRule, passThrough, type Rule, rules } from "./internal/schema/fastRules.ts"

/** The fallback for a schema that no rule covers. */
const bySchema = (ast: AST.AST): Rule => {
  const decode = ParseResult.decodeUnknownEither(Schema.make(ast))
  return makeRule(input => {
    const decoded = decode(input)
    return Either.isRight(decoded) ? decoded.right : Invalid
  })
}

/** Annotations that change the values that a schema accepts. Only the parser of `Schema` applies them. */
const parserAnnotations = [AST.DecodingFallbackAnnotationId, AST.ParseOptionsAnnotationId]

const isNull = (ast: AST.AST): boolean => ast._tag === "Literal" && ast.literal === null

const compile = (ast: AST.AST): Rule => {
  if (parserAnnotations.some(id => id in ast.annotations)) return bySchema(ast)
  const annotation = AST.getAnnotation<FastPath>(fastPath)(ast)
  if (Option.isSome(annotation)) return rules[annotation.value]
  switch (ast._tag) {
    case "StringKeyword":
      return passThrough("string")
    case "BooleanKeyword":
      return passThrough("boolean")
    case "NumberKeyword":
      return passThrough("number")
    case "Refinement": {
      const from = compile(ast.from)
      return makeRule(input => {
        const value = applyRule(from, input)
        return value === Invalid || Option.isSome(ast.filter(value, AST.defaultParseOption, ast)) ? Invalid : value
      })
    }
    case "Union": {
      const [only, ...others] = ast.types.filter(type => type._tag !== "UndefinedKeyword" && !isNull(type))
      if (only === undefined || others.length > 0) return bySchema(ast)
      const rule = compile(only)
      return { ...rule, isNullable: rule.isNullable || ast.types.some(isNull) }
    }
    case "TupleType": {
      const [item, ...others] = ast.rest
      return item === undefined || ast.elements.length > 0 || others.length > 0
        ? bySchema(ast)
        : makeRule(decodeArray(compile(item.type)))
    }
    case "TypeLiteral":
      return compileFields(ast)
    case "Transformation":
      return ast.to._tag === "Declaration" ? compileClass(ast) : compileFields(ast)
    default:
      return bySchema(ast)
  }
}

/** A class that extends an annotated one has its annotation, but an AST of its own. */
const compileClass = (ast: AST.Transformation): Rule => {
  const annotation = AST.getAnnotation<() => Schema.Schema.AnyNoContext & { readonly prototype: object }>(fieldsOnly)(
    ast.to
  )
  const Class = Option.isSome(annotation) ? annotation.value() : undefined
  return Class?.ast === ast ? compileFields(ast.from, Class.prototype) : bySchema(ast)
}

const compileFields = (ast: AST.AST, prototype?: object): Rule => {
  const fields = fieldsOf(ast)
  return fields === undefined ? bySchema(ast) : makeRule(decodeFields(fields, prototype))
}

/** Undefined where the fields cannot be decoded independently, each under its own key. */
const fieldsOf = (ast: AST.AST): ReadonlyArray<Field> | undefined => {
  if (ast._tag === "TypeLiteral") return fieldsOfStruct(ast, [])
  if (
    ast._tag !== "Transformation" || ast.from._tag !== "TypeLiteral" || ast.to._tag !== "TypeLiteral" ||
    ast.transformation._tag !== "TypeLiteralTransformation"
  ) {
    return undefined
  }
  const { propertySignatures } = ast.to
  const changes = ast.transformation.propertySignatureTransformations
  const areDefaults = changes.every(({ from, to }) =>
    from === to && propertySignatures.some(({ annotations, name }) => name === to && annotations[defaultOnly] === true)
  )
  return areDefaults ? fieldsOfStruct(ast.from, changes) : undefined
}

const fieldsOfStruct = (
  { indexSignatures, propertySignatures }: AST.TypeLiteral,
  defaults: ReadonlyArray<AST.PropertySignatureTransformation>
): ReadonlyArray<Field> | undefined => {
  // without fields, a struct is any value but null
  if (indexSignatures.length > 0 || propertySignatures.length === 0) return undefined
  return propertySignatures.map(({ isOptional, name, type }, index) => {
    const own = defaults.find(({ to }) => to === name)
    return {
      key: String(name),
      index,
      ...compile(type),
      whenMissing: own !== undefined ? () => own.decode(Option.none()) : isOptional ? Option.none : undefined
    }
  })
}

/** The rules are derived once for each schema, however many clients use it: that takes some 2 ms for all schemas of the library. */
const compiled = new WeakMap<AST.AST, ReturnType<typeof compile>>()

const ruleOf = (ast: AST.AST): ReturnType<typeof compile> => {
  const known = compiled.get(ast)
  if (known !== undefined) return known
  const rule = compile(ast)
  compiled.set(ast, rule)
  return rule
}

/**
 * Derives a decoder of JSON from a schema. Its results are those of `Schema`: a text that the fast path cannot decode is
 * decoded again by `Schema`, which gives the error.
 *
 * The fast path covers structs, arrays, nullable and optional fields, and the models of this library, nested in any way.
 * `Schema` decodes any other part, such as a union or an application's own class or transformation.
 *
 * The returned function throws `SyntaxError` when the text is not JSON.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { FetchHttpClient } from "@effect/platform"
 * import { SignalWireClient } from "@effect-signalwire/core"
 * import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
 * import { Layer } from "effect"
 *
 * const layer = SignalWireClient.layerConfig({ decoder: FastDecoder.make }).pipe(Layer.provide(FetchHttpClient.layer))
 */
export const make = <A, I>(
  schema: Schema.Schema<A, I>
): (text: string) => Either.Either<A, ParseResult.ParseIssue> => {
  // a client has a decoder for each endpoint, most of which a short process never calls
  let rule: Rule | undefined
  return text => {
    rule ??= ruleOf(schema.ast)
    const decoded = applyRule(rule, JSON.parse(text))
    return decoded === Invalid
      ? ParseResult.decodeUnknownEither(schema)(JSON.parse(text))
      // the rules decode to the type of the schema, and have no types of their own
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      : Either.right(decoded as A)
  }
}
