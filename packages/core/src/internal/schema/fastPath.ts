/**
 * Annotations of schemas for `FastDecoder`. They describe the functions of a schema, which its AST does not. `Schema` decodes
 * a schema without a required annotation. Property tests compare both decoders for each model.
 */

/** For a schema of single values: the name of the rule in `fastRules.ts` that decodes them. */
export const fastPath: unique symbol = Symbol.for("@effect-signalwire/core/fastPath")

export type FastPath = "dateTime" | "seconds" | "anyString" | "stringOrNumber" | "dollars"

/**
 * For a field with a default, with the value `true`: the field's schema alone decodes a present value, and a missing one is
 * the default.
 */
export const defaultOnly: unique symbol = Symbol.for("@effect-signalwire/core/defaultOnly")

/**
 * For a class, with a function that returns the class: its instances have only their fields as state. The class has no
 * constructor and no initializers of its own, so decoded fields with its prototype are an instance.
 */
export const fieldsOnly: unique symbol = Symbol.for("@effect-signalwire/core/fieldsOnly")
