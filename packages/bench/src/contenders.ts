/** Who is compared. Each is loaded by itself, in a process of its own. */
import type * as promises from "./clients/promises.ts"
import { type Driver, ofPromise } from "./driver.ts"
import type { Make } from "./effectDriver.ts"

export interface Contender {
  readonly name: string
  readonly isOurs: boolean
  readonly hasZod: boolean
  /** Another way to call one that is there already. */
  readonly isRepeated: boolean
  readonly load: (origin: string) => Promise<Driver>
}

type Library = keyof typeof promises

const call = async (library: Library, origin: string) => {
  const clients = await import("./clients/promises.ts")
  return clients[library](origin)
}

const client = (name: string, library: Library): Contender => ({
  name,
  isOurs: false,
  hasZod: false,
  isRepeated: false,
  load: async origin => ofPromise(await call(library, origin))
})

const withZod = (name: string, library: Library): Contender => ({
  name: `${name} + zod`,
  isOurs: false,
  hasZod: true,
  isRepeated: false,
  load: async origin => {
    const [get, { withText }] = await Promise.all([call(library, origin), import("./decoders/zod.ts")])
    return ofPromise(async () => withText.parse(await get()))
  }
})

const effect = (
  name: string,
  load: () => Promise<Make>,
  kind: "byRunPromise" | "inAsyncLocalStorage" | "inside" = "inside"
): Contender => ({
  name,
  isOurs: name.startsWith("effect-signalwire"),
  hasZod: false,
  isRepeated: kind !== "inside",
  load: async origin => {
    const [make, drivers] = await Promise.all([load(), import("./effectDriver.ts")])
    return drivers[kind](make, origin)
  }
})

const loadOurs = async () => (await import("./clients/ours.ts")).ours

const libraries: ReadonlyArray<readonly [name: string, library: Library]> = [
  ["undici.request", "undici"],
  ["undici Pool.request", "undiciPool"],
  ["fetch", "fetch"],
  ["openapi-fetch", "openapiFetch"],
  ["ky", "ky"],
  ["got", "got"],
  ["axios", "axios"],
  ["ofetch", "ofetch"],
  ["twilio RequestClient", "twilio"]
]

/** The one that the others are measured by. */
export const baseline = "undici.request"

export const contenders: ReadonlyArray<Contender> = [
  effect("effect-signalwire", loadOurs),
  effect("effect-signalwire, by runPromise", loadOurs, "byRunPromise"),
  effect("effect-signalwire, inside AsyncLocalStorage", loadOurs, "inAsyncLocalStorage"),
  ...libraries.map(library => client(...library)),
  ...libraries.map(library => withZod(...library)),
  effect("Effect HttpClient, retry, timeout", async () => (await import("./clients/effects.ts")).httpClient),
  effect("Effect HttpApiClient", async () => (await import("./clients/httpApi.ts")).httpApiClient)
]

export const find = (name: string): Contender => {
  const found = contenders.find(contender => contender.name === name)
  if (found === undefined) throw new Error(`There is no contender ${name}`)
  return found
}
