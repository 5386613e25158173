/** Rules that decode single values, derived from a schema's AST. They are quick and know little: the rest is Schema's. */
import * as Option from "effect/Option"
import type * as AST from "effect/SchemaAST"

/** "Ask Schema": the value is wrong, or this rule does not cover it. */
export const Unknown: unique symbol = Symbol.for("@effect-signalwire/core/decodeRules/Unknown")

export interface Rule {
  /** The type of which every value is its own decoding, if there is one. */
  readonly asIs?: "string" | "boolean" | "number"
  /** Whether null decodes to null. */
  readonly isNullable?: boolean
  /** Any other value; gives the decoded one, or `Unknown`. */
  readonly decode: (input: unknown) => unknown
}

/** The annotation of a schema that brings its own rule. */
export const RuleId: unique symbol = Symbol.for("@effect-signalwire/core/decodeRules/Rule")

const askSchema: Rule = { decode: () => Unknown }

const isRule = (annotation: unknown): annotation is Rule =>
  typeof annotation === "object" && annotation !== null && "decode" in annotation

export const compile = (ast: AST.AST): Rule => {
  const own = ast.annotations[RuleId]
  if (isRule(own)) return own
  switch (ast._tag) {
    case "StringKeyword":
      return { ...askSchema, asIs: "string" }
    case "BooleanKeyword":
      return { ...askSchema, asIs: "boolean" }
    case "NumberKeyword":
      return { ...askSchema, asIs: "number" }
    case "Refinement": {
      const { asIs, decode } = compile(ast.from)
      return {
        decode: input => {
          const value = typeof input === asIs ? input : decode(input)
          return value === Unknown || Option.isSome(ast.filter(value, {}, ast)) ? Unknown : value
        }
      }
    }
    case "Union": {
      const [only, ...others] = ast.types.filter(type => type._tag !== "UndefinedKeyword" && !isNull(type))
      if (only === undefined || others.length > 0) return askSchema
      const rule = compile(only)
      return { ...rule, isNullable: rule.isNullable === true || ast.types.some(isNull) }
    }
    default:
      return askSchema
  }
}

const isNull = (ast: AST.AST): boolean => ast._tag === "Literal" && ast.literal === null
