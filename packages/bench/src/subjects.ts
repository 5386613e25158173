/** The measured clients. Each is loaded in a process of its own. */
import type * as promises from "./clients/promises.ts"
import { type Driver, ofPromise } from "./driver.ts"
import type { Make } from "./effectDriver.ts"

export interface Subject {
  readonly name: string
  readonly isOurs: boolean
  readonly hasZod: boolean
  /** Whether the subject calls the client of another subject in a different way. */
  readonly isVariant: boolean
  readonly load: (origin: string) => Promise<Driver>
}

type Library = keyof typeof promises

const loadClient = async (library: Library, origin: string) => {
  const clients = await import("./clients/promises.ts")
  return clients[library](origin)
}

const client = (name: string, library: Library): Subject => ({
  name,
  isOurs: false,
  hasZod: false,
  isVariant: false,
  load: async origin => ofPromise(await loadClient(library, origin))
})

const withZod = (name: string, library: Library): Subject => ({
  name: `${name} + zod`,
  isOurs: false,
  hasZod: true,
  isVariant: false,
  load: async origin => {
    const [get, { withText }] = await Promise.all([loadClient(library, origin), import("./decoders/zod.ts")])
    return ofPromise(async () => withText.parse(await get()))
  }
})

const effect = (
  name: string,
  load: () => Promise<Make>,
  kind: "byRunPromise" | "inAsyncLocalStorage" | "inside" | "traced" = "inside",
  isVariant = kind !== "inside"
): Subject => ({
  name,
  isOurs: name.startsWith("effect-signalwire"),
  hasZod: false,
  isVariant,
  load: async origin => {
    const [make, drivers] = await Promise.all([load(), import("./effectDriver.ts")])
    return drivers[kind](make, origin)
  }
})

const loadOurs = async () => (await import("./clients/ours.ts")).ours

const loadWithoutMetrics = async () => (await import("./clients/ours.ts")).oursWithoutMetrics

/** The subject to which ratios refer: the fastest documented API of undici for requests to one origin. */
export const baseline = "undici Pool.request"

const libraries: ReadonlyArray<readonly [name: string, library: Library]> = [
  [baseline, "undiciPool"],
  ["undici.request", "undici"],
  ["fetch", "fetch"],
  ["openapi-fetch", "openapiFetch"],
  ["ky", "ky"],
  ["got", "got"],
  ["axios", "axios"],
  ["ofetch", "ofetch"],
  ["twilio RequestClient", "twilio"]
]

export const subjects: ReadonlyArray<Subject> = [
  effect("effect-signalwire", loadOurs),
  effect("effect-signalwire, by runPromise", loadOurs, "byRunPromise"),
  effect("effect-signalwire, inside AsyncLocalStorage", loadOurs, "inAsyncLocalStorage"),
  effect("effect-signalwire, without metrics", loadWithoutMetrics, "inside", true),
  effect("effect-signalwire, with a tracer", loadOurs, "traced"),
  client("undici Pool.dispatch, 7 dates", "undiciDispatch"),
  ...libraries.map(library => client(...library)),
  ...libraries.map(library => withZod(...library)),
  effect("Effect HttpClient, retry, timeout", async () => (await import("./clients/effects.ts")).httpClient),
  effect("Effect HttpApiClient", async () => (await import("./clients/httpApi.ts")).httpApiClient)
]

export const find = (name: string): Subject => {
  const found = subjects.find(subject => subject.name === name)
  if (found === undefined) throw new Error(`There is no subject ${name}`)
  return found
}
