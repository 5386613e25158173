/** Rules that decode single values, derived from a schema's AST. They are quick and know little: the rest is Schema's. */
import * as Option from "effect/Option"
import type * as AST from "effect/SchemaAST"

/** "Ask Schema": the value is wrong, or this rule does not cover it. */
export const Unknown: unique symbol = Symbol.for("@effect-signalwire/core/fastDecode/Unknown")

/** Gives the decoded value, or `Unknown`. Leaves its input as it is. */
export type FastDecode = (input: unknown) => unknown

/** The annotation of a schema that brings its own rule. */
export const FastDecodeId: unique symbol = Symbol.for("@effect-signalwire/core/fastDecode")

const isRule = (annotation: unknown): annotation is FastDecode => typeof annotation === "function"

export const compile = (ast: AST.AST): FastDecode => {
  const own = ast.annotations[FastDecodeId]
  if (isRule(own)) return own
  switch (ast._tag) {
    case "StringKeyword":
      return input => typeof input === "string" ? input : Unknown
    case "BooleanKeyword":
      return input => typeof input === "boolean" ? input : Unknown
    case "NumberKeyword":
      return input => typeof input === "number" ? input : Unknown
    case "Literal":
      return input => input === ast.literal ? input : Unknown
    case "Refinement": {
      const from = compile(ast.from)
      return input => {
        const value = from(input)
        return value === Unknown || Option.isSome(ast.filter(value, {}, ast)) ? Unknown : value
      }
    }
    case "Union":
      return union(ast.types.filter(type => type._tag !== "UndefinedKeyword").map(compile))
    default:
      return () => Unknown
  }
}

const union = (members: ReadonlyArray<FastDecode>): FastDecode => input => {
  for (const member of members) {
    const value = member(input)
    if (value !== Unknown) return value
  }
  return Unknown
}

/** Whether null decodes to null. */
export const isNullable = (rule: FastDecode): boolean => rule(null) === null
