/** The values of `expected` for which the message of `InvalidResponse` names an option. */

export const requestedId = "the requested id"

export const orNull = ", or null"

export const samePath = "no link, or one to another page of the same list"

/** A filter or a transformation of an application's schema has thrown. */
export const noException = "a value for which no function of the schema throws"
