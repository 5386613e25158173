/** The values of `expected` for which the message of `InvalidResponse` names an option. */

export const requestedId = "the requested id"

export const orNull = ", or null"

export const samePath = "a link to another page of the same list, or null"
