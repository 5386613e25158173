/** A refusal of a schema in one line. */
import * as ParseResult from "effect/ParseResult"

export const explain = (error: ParseResult.ParseError): string =>
  ParseResult.ArrayFormatter.formatErrorSync(error).map(({ message, path }) => `${path.join(".")}: ${message}`).join(
    "; "
  )
