/** Rules that decode single values, derived from a schema's AST. They are quick and know little: the rest is Schema's. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type * as AST from "effect/SchemaAST"
import { RoomSessionStatus, VideoFps, VideoQuality } from "../../RoomSession.ts"
import { parseInstantFast, utcFromMillis } from "./fastDateTime.ts"
import { isInRange, isWholeSeconds, Seconds, Timestamp } from "./wire.ts"

/** "Ask Schema": the value is wrong, or this rule does not cover it. */
export const Unknown: unique symbol = Symbol("Unknown")

export interface Rule {
  /** The type of which every value is its own decoding, if there is one. */
  readonly asIs?: "string" | "boolean" | "number"
  /** Whether null decodes to null. */
  readonly isNullable?: boolean
  /** Any other value; gives the decoded one, or `Unknown`. */
  readonly decode: (input: unknown) => unknown
}

const askSchema: Rule = { decode: () => Unknown }

const timestamp: Rule = {
  decode: input => {
    const millis = typeof input === "string" ? parseInstantFast(input) : Number.NaN
    return isInRange(millis) ? utcFromMillis(millis) : Unknown
  }
}

const seconds: Rule = {
  decode: input => typeof input === "number" && isWholeSeconds(input) ? Duration.seconds(input) : Unknown
}

/** Known or not, every text is kept. */
const anyText: Rule = { ...askSchema, asIs: "string" }

const textOrNumber: Rule = {
  ...anyText,
  decode: input => typeof input === "number" && Number.isFinite(input) ? String(input) : Unknown
}

/** What a schema means that only its own functions say otherwise. */
const known: ReadonlyMap<AST.AST, Rule> = new Map([
  [Timestamp.ast, timestamp],
  [Seconds.ast, seconds],
  [VideoQuality.ast, anyText],
  [VideoFps.ast, textOrNumber],
  [RoomSessionStatus.ast, anyText]
])

export const compile = (ast: AST.AST): Rule => {
  const own = known.get(ast)
  if (own !== undefined) return own
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
