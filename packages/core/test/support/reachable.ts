import { inspect } from "node:util"

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null || typeof value === "function"

const entriesOf = (value: object): ReadonlyArray<unknown> => {
  if (value instanceof Map) return [...value].flat()
  if (value instanceof Set) return [...value]
  return []
}

/** The properties of an object, also those that are not enumerable and those of its prototypes. A getter that throws is skipped. */
const valuesOf = (value: object): ReadonlyArray<unknown> => {
  const found: Array<unknown> = [...entriesOf(value)]
  for (let owner: object | null = value; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    for (const key of Reflect.ownKeys(owner)) {
      try {
        found.push(key, Reflect.get(owner, key, value))
      } catch {
        // such as `arguments` of a function
      }
    }
  }
  return found
}

/** Every text that code which has a value can find: its properties, entries and bytes, and those of what it finds in them. */
export const textsIn = (...roots: ReadonlyArray<unknown>): string => {
  const texts: Array<string> = []
  const seen = new Set<object>([globalThis, process])
  const left: Array<unknown> = [...roots]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === "string") texts.push(value)
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString("latin1"))
    else if (value instanceof WeakMap || value instanceof WeakSet) {
      texts.push(inspect(value, { depth: 20, showHidden: true }))
    } else if (isObject(value) && !seen.has(value)) {
      seen.add(value)
      left.push(...valuesOf(value))
    }
  }
  return texts.join("\n")
}
