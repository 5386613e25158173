/** Formats all issues of a `ParseError` on one line. */
import * as ParseResult from "effect/ParseResult"

export const formatParseError = (error: ParseResult.ParseError): string =>
  ParseResult.ArrayFormatter.formatErrorSync(error)
    .map(({ message, path }) => `${path.join(".")}: ${message}`)
    .join("; ")
