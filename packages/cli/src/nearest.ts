/** The name that is meant by one with a mistake. */
import leven from "leven"

/** More edits than these, or than half of the letters, make it another word. */
const maxEdits = 2

/** The name with the fewest edits; undefined where each is another word. */
export const nearest = (given: string, names: ReadonlyArray<string>): string | undefined => {
  const [first] = names.toSorted((left, right) => leven(left, given) - leven(right, given))
  const most = Math.min(maxEdits, given.replace(/^-+/, "").length / 2)
  return first !== undefined && leven(first, given) <= most ? first : undefined
}
