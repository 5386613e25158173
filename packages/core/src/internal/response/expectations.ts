/** Words of an `expected` that a message has more to say about. */

export const requestedId = "the id that was asked for"

export const orNull = ", or null"
