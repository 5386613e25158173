/**
 * Annotations of schemas for `FastDecoder`: they describe the schema's functions, of which an AST has no description. A
 * schema that needs one and has none is decoded by `Schema`. Property tests hold both equal for each model.
 */

/** On a schema of single values: the name of the rule in `fastRules.ts` that decodes it. */
export const fastPath: unique symbol = Symbol.for("@effect-signalwire/core/fastPath")

export type FastPath = "dateTime" | "seconds" | "anyString" | "stringOrNumber" | "dollars"

/**
 * On a field with a default, as `true`: a value that was sent decodes by the field's schema alone, and only a missing
 * one is the default.
 */
export const defaultOnly: unique symbol = Symbol.for("@effect-signalwire/core/defaultOnly")

/**
 * On a class, as a function that returns the class: its instances are their fields. The class has no constructor and no
 * initializers of its own, so that decoded fields with its prototype are an instance.
 */
export const fieldsOnly: unique symbol = Symbol.for("@effect-signalwire/core/fieldsOnly")
