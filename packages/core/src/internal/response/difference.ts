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
  /** The keys joined by dots; empty for the whole value. */
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

/** The parts that differ. The members of a union are not listed, since each of them is accepted. */
const pointers = (issue: ParseResult.ParseIssue): ReadonlyArray<ParseResult.Pointer> => {
  switch (issue._tag) {
    case "Pointer":
      return [issue]
    case "Refinement":
    case "Transformation":
      return pointers(issue.issue)
    case "Composite":
      return issue.ast._tag === "Union" ? [] : [issue.issues].flat().flatMap(pointers)
    default:
      return []
  }
}

/** All differences, at least one, in the order of the schema. */
export const differences = (
  issue: ParseResult.ParseIssue,
  keys: Path = []
): readonly [Difference, ...ReadonlyArray<Difference>] => {
  const [first, ...others] = pointers(issue).flatMap(({ issue, path }) => differences(issue, keys.concat(path)))
  return first === undefined ?
    [{ keys, path: keys.map(String).join("."), expected: expectedBy(issue).slice(0, maxExpected) }]
    : [first, ...others]
}
