/** The measured clients. Each is loaded in a process of its own. */
import type * as promises from "./clients/promises.ts"
import { type Driver, ofPromise } from "./driver.ts"
import type { Make } from "./effectDriver.ts"
import type { Target } from "./target.ts"

export interface Subject {
  readonly name: string
  readonly isOurs: boolean
  readonly load: (target: Target) => Promise<Driver>
}

type Library = keyof typeof promises

const loadClient = async (library: Library, target: Target) => {
  const clients = await import("./clients/promises.ts")
  return clients[library](target)
}

const client = (name: string, library: Library): Subject => ({
  name,
  isOurs: false,
  load: async target => ofPromise(await loadClient(library, target))
})

/** `Make` and the way to run it are loaded in the process of the subject. */
const effect = (
  name: string,
  load: () => Promise<Make>,
  kind: "byRunPromise" | "inAsyncLocalStorage" | "inside" = "inside"
): Subject => ({
  name,
  isOurs: name.startsWith("effect-signalwire"),
  load: async target => {
    const [make, drivers] = await Promise.all([load(), import("./effectDriver.ts")])
    return drivers[kind](make, target)
  }
})

const loadOurs = () => import("./clients/ours.ts")

const loadGet = async () => (await loadOurs()).ours

/** The subject to which ratios refer: the fastest documented API of undici for requests to one origin. */
export const baseline = client("undici Pool.request", "undiciPool")

/** A client that does only what is needed for a session with dates. */
export const bare = client("undici Pool.dispatch, 7 dates", "undiciDispatch")

export const global = client("undici.request", "undici")

export const ours = effect("effect-signalwire", loadGet)

export const byRunPromise = effect("effect-signalwire, by runPromise", loadGet, "byRunPromise")

const loadBareEffect = async () => (await import("./clients/effects.ts")).dispatch

/** What Effect costs without our client: `bare` inside `Effect.async`. */
export const bareEffect = effect("Effect.async over Pool.dispatch, 7 dates", loadBareEffect)

export const bareByRunPromise = effect(`${bareEffect.name}, by runPromise`, loadBareEffect, "byRunPromise")

export const withoutMetrics = effect(
  "effect-signalwire, without metrics",
  async () => (await loadOurs()).oursWithoutMetrics
)

export const traced: Subject = {
  name: "effect-signalwire, with a tracer",
  isOurs: true,
  load: async target => {
    const [make, { traced }] = await Promise.all([loadGet(), import("./clients/traced.ts")])
    return traced(make, target)
  }
}

/** The clients that users would choose instead. */
export const clients: ReadonlyArray<Subject> = [
  ours,
  byRunPromise,
  effect("effect-signalwire, inside AsyncLocalStorage", loadGet, "inAsyncLocalStorage"),
  bare,
  baseline,
  {
    name: `${baseline.name} + zod`,
    isOurs: false,
    load: async target => {
      const [get, { withText }] = await Promise.all([loadClient("undiciPool", target), import("./decoders/zod.ts")])
      return ofPromise(async () => withText.parse(await get()))
    }
  },
  global,
  client("fetch", "fetch"),
  client("openapi-fetch", "openapiFetch"),
  client("ky", "ky"),
  client("got", "got"),
  client("axios", "axios"),
  client("ofetch", "ofetch"),
  client("twilio RequestClient", "twilio"),
  effect("Effect HttpClient, retry, timeout", async () => (await import("./clients/effects.ts")).httpClient),
  effect("Effect HttpApiClient", async () => (await import("./clients/httpApi.ts")).httpApiClient)
]

/** Pages in a list. */
export const listedPages = 20

const listWithZod = (dates: "text" | "dates"): Subject => ({
  name: `undici Pool.request + zod 4, times as ${dates}`,
  isOurs: false,
  load: async target => ofPromise((await import("./clients/pages.ts")).listWithZod(dates, listedPages)(target))
})

/** The clients of a list. */
export const lists = {
  withText: listWithZod("text"),
  withDates: listWithZod("dates"),
  ours: effect("effect-signalwire, list", async () => (await loadOurs()).list(listedPages))
}

/** The clients of many sessions, each with one call for all of them. */
export const many = (total: number) => ({
  getMany: effect(`effect-signalwire, getMany of ${total}`, async () => (await loadOurs()).getMany(total)),
  getInLoop: effect(`effect-signalwire, get in a loop of ${total}`, async () => (await loadOurs()).getInLoop(total))
})

/** The numbers of sessions of `many`, in a full and in a quick run. */
export const manyTotals = { full: 100_000, quick: 500 } as const

const subjects: ReadonlyArray<Subject> = [
  ...clients,
  bareEffect,
  bareByRunPromise,
  withoutMetrics,
  traced,
  ...Object.values(lists),
  ...Object.values(manyTotals).flatMap(total => Object.values(many(total)))
]

export const find = (name: string): Subject => {
  const found = subjects.find(subject => subject.name === name)
  if (found === undefined) throw new Error(`There is no subject ${name}`)
  return found
}
