/** The reason phrases of statuses, which the service sends in the body of an error: `{"error":"Not Found"}`. */
export const reasonPhrases = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  422: "Unprocessable Content",
  500: "Internal Server Error"
} as const

/** The reason phrase of a status; undefined for a status that no endpoint declares. */
export const reasonPhraseOf = (status: number): string | undefined =>
  new Map<number, string>(Object.entries(reasonPhrases).map(([key, phrase]) => [Number(key), phrase])).get(status)
