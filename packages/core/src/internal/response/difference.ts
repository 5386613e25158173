/**
 * Lists the paths at which a value differs from its schema, with a description of the accepted values, and never with the
 * value itself.
 */
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as AST from "effect/SchemaAST"
import { orNull } from "./expectations.ts"

type Path = ReadonlyArray<PropertyKey>

export interface Difference {
  readonly keys: Path
  /** The keys joined by dots; empty for the whole value. A key of a record is `*`, since it is a text of the server. */
  readonly path: string
  readonly expected: string
  /** The nullable object or array that contains the value, where there is one. */
  readonly outer: Difference | undefined
}

const maxExpected = 128

const isNull = (ast: AST.AST): boolean => ast._tag === "Literal" && ast.literal === null

const isUndefined = (ast: AST.AST): boolean => ast._tag === "UndefinedKeyword"

/** The members of a union but null and undefined. */
const membersOf = ({ types }: AST.Union): ReadonlyArray<AST.AST> =>
  types.filter(type => !isNull(type) && !isUndefined(type))

/** The description of a schema, or of its parts, such as "a whole number, or null". */
const describe = (ast: AST.AST): string => {
  const description = AST.getDescriptionAnnotation(ast)
  if (Option.isSome(description)) return description.value
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return describe(ast.from)
    case "Suspend":
      return describe(ast.f())
    case "TypeLiteral":
      return "an object"
    case "TupleType":
      return "an array"
    case "Union": {
      const text = [...new Set(membersOf(ast).map(describe))].join(" or ")
      return ast.types.some(isNull) ? `${text}${orNull}` : text
    }
    default:
      return String(ast)
  }
}

const expectedBy = (issue: ParseResult.ParseIssue): string => {
  switch (issue._tag) {
    case "Missing":
      return describe(issue.ast.type)
    case "Pointer":
      return expectedBy(issue.issue)
    case "Unexpected":
      return "nothing"
    default:
      return describe(issue.ast)
  }
}

interface Part {
  readonly issue: ParseResult.ParseIssue
  readonly keys: Path
  readonly names: ReadonlyArray<string>
  /** Whether null is accepted in place of what has this part. */
  readonly isOfNullable: boolean
}

/** The name of a key in a path. A key that the schema does not have is the key of a record. */
const nameOf = (ast: AST.AST, key: PropertyKey): string =>
  AST.isTypeLiteral(ast) && !ast.propertySignatures.some(({ name }) => name === key) ? "*" : String(key)

/** The parts that differ. Those of several members of a union are not listed, since each of the members is accepted. */
const parts = (issue: ParseResult.ParseIssue, ast: AST.AST): ReadonlyArray<Part> => {
  switch (issue._tag) {
    case "Pointer": {
      const keys = [issue.path].flat()
      return [{ issue: issue.issue, keys, names: keys.map(key => nameOf(ast, key)), isOfNullable: false }]
    }
    case "Refinement":
    case "Transformation":
      return parts(issue.issue, ast)
    case "Composite": {
      const { ast } = issue
      const inside = () => [issue.issues].flat().flatMap(one => parts(one, ast))
      if (!AST.isUnion(ast)) return inside()
      if (membersOf(ast).length > 1) return []
      const isNullable = ast.types.some(isNull)
      return inside().map(part => ({ ...part, isOfNullable: part.isOfNullable || isNullable }))
    }
    default:
      return []
  }
}

/** All differences, at least one, in the order of the schema. */
export const differences = (
  issue: ParseResult.ParseIssue,
  keys: Path = [],
  names: ReadonlyArray<string> = [],
  outer?: Difference
): readonly [Difference, ...ReadonlyArray<Difference>] => {
  const whole = { keys, path: names.join("."), expected: expectedBy(issue).slice(0, maxExpected), outer }
  const [first, ...others] = parts(issue, AST.unknownKeyword).flatMap(part =>
    differences(
      part.issue,
      keys.concat(part.keys),
      names.concat(part.names),
      part.isOfNullable ? whole : outer
    )
  )
  return first === undefined ? [whole] : [first, ...others]
}
