/** How long the links of files are valid. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { decode } from "./duration.ts"

/**
 * An input that is no duration is infinite, and so no whole number of seconds: the call fails with `InvalidRequest`. `Duration.decode` would throw
 * for a text, and make a negative number zero.
 */
const toMediaTtl = (input: Duration.DurationInput): Duration.Duration =>
  Option.getOrElse(decode(input), () => Duration.infinity)

/** The parameter of a query; none where the option is not given. */
export const mediaParameters = ({ mediaTtl }: { readonly mediaTtl?: Duration.DurationInput | undefined }) =>
  mediaTtl === undefined ? {} : { media_ttl: toMediaTtl(mediaTtl) }
