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
}

const maxExpected = 128

const isNull = (ast: AST.AST): boolean => ast._tag === "Literal" && ast.literal === null

const isUndefined = (ast: AST.AST): boolean => ast._tag === "UndefinedKeyword"

/** The description of a schema, or of its parts, such as "a whole number, or null". */
const describe = (ast: AST.AST): string => {
  const description = AST.getDescriptionAnnotation(ast)
  if (Option.isSome(description)) return description.value
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return describe(ast.from)
    case "TypeLiteral":
      return "an object"
    case "TupleType":
      return "an array"
    case "Union": {
      const own = ast.types.filter(type => !isNull(type) && !isUndefined(type))
      const text = [...new Set(own.map(describe))].join(" or ")
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
}

/** The name of a key in a path. A key that the schema does not have is the key of a record. */
const nameOf = (ast: AST.AST, key: PropertyKey): string =>
  AST.isTypeLiteral(ast) && !ast.propertySignatures.some(({ name }) => name === key) ? "*" : String(key)

/** The parts that differ. The members of a union are not listed, since each of them is accepted. */
const parts = (issue: ParseResult.ParseIssue, ast: AST.AST): ReadonlyArray<Part> => {
  switch (issue._tag) {
    case "Pointer": {
      const keys = [issue.path].flat()
      return [{ issue: issue.issue, keys, names: keys.map(key => nameOf(ast, key)) }]
    }
    case "Refinement":
    case "Transformation":
      return parts(issue.issue, ast)
    case "Composite":
      return issue.ast._tag === "Union" ? [] : [issue.issues].flat().flatMap(one => parts(one, issue.ast))
    default:
      return []
  }
}

/** All differences, at least one, in the order of the schema. */
export const differences = (
  issue: ParseResult.ParseIssue,
  keys: Path = [],
  names: ReadonlyArray<string> = []
): readonly [Difference, ...ReadonlyArray<Difference>] => {
  const [first, ...others] = parts(issue, AST.unknownKeyword).flatMap(part =>
    differences(part.issue, keys.concat(part.keys), names.concat(part.names))
  )
  return first === undefined
    ? [{ keys, path: names.join("."), expected: expectedBy(issue).slice(0, maxExpected) }]
    : [first, ...others]
}
