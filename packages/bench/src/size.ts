/** Measures what core adds to an application that already uses Effect. */
import { readFile } from "node:fs/promises"
import { type Bundle, bundle, folder, packagesImported } from "./packages.ts"

/** All exports of core's index. */
const core = "export * from \"./src/index.ts\""

export const effectPackages = ["effect", "effect/*", "@effect/platform", "@effect/platform/*"]

/** Core's own code, without Effect. */
export const ownCode = (): Promise<Bundle> => bundle(core, { external: effectPackages })

/** The own code of node-runtime, without core, Effect and undici. */
export const ownCodeOfNodeRuntime = (): Promise<Bundle> =>
  bundle("export * from \"../node-runtime/src/index.ts\"", {
    platform: "node",
    external: [...effectPackages, "@effect-signalwire/core", "@effect-signalwire/core/*", "undici"]
  })

/** Core with the parts of Effect that it uses. */
export const wholeCore = (): Promise<Bundle> => bundle(core)

/** Core and `FastDecoder`, which is a separate module, with the parts of Effect that they use. */
export const withFastDecoder = (): Promise<Bundle> =>
  bundle(`${core}\nexport * as FastDecoder from "./src/FastDecoder.ts"`)

/** A client over fetch, for a page. */
export const browserClient = (): Promise<Bundle> =>
  bundle(`
    import { RoomSessions, SignalWireClient } from "./src/index.ts"
    import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
    import * as Effect from "effect/Effect"
    import * as Layer from "effect/Layer"
    import * as Redacted from "effect/Redacted"
    const live = RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layer({ space: "acme", projectId: "p", apiToken: Redacted.make("t") })),
      Layer.provide(FetchHttpClient.layer)
    )
    export const find = (id: string) =>
      Effect.runPromise(Effect.provide(Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)), live))
  `)

const importPattern = /import (?:type )?\* as (\w+) from "((?:effect|@effect\/platform)\/\w+)"/g

/** The sources of core that its index imports, directly or indirectly. */
const sources = async (): Promise<ReadonlyArray<string>> => {
  const { metafile } = await ownCode()
  return Object.keys(metafile.inputs).filter(path => path.startsWith("src/")).map(path => folder("core") + path)
}

/** The members of each module of Effect that the sources of core use. */
const membersUsed = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const used = new Map<string, Set<string>>()
  for (const source of await sources()) {
    const text = (await readFile(source, "utf8")).replaceAll(/\/\*\*.*?\*\//gs, "")
    for (const [whole, alias = "", module = ""] of text.matchAll(importPattern)) {
      if (whole.startsWith("import type")) continue
      const members = used.get(module) ?? new Set()
      for (const [, member = ""] of text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))) members.add(member)
      used.set(module, members)
    }
  }
  return used
}

/** The members of Effect that core uses, without core. */
export const effectAlone = async (): Promise<Bundle> => {
  const modules = [...await membersUsed()]
  const imports = modules.map(([module], index) => `import * as m${index} from "${module}"`)
  const uses = modules.flatMap(([, members], index) => [...members].map(member => `m${index}.${member}`))
  return bundle(`${imports.join("\n")}\nexport const used = [${uses.join(", ")}]`)
}

/** The part of a bundle that comes from this workspace and not from node_modules, in bytes. */
export const ownBytes = ({ metafile }: Bundle): number =>
  Object.values(metafile.outputs)
    .flatMap(output => Object.entries(output.inputs))
    .reduce((sum, [path, { bytesInOutput }]) => sum + (path.includes("node_modules") ? 0 : bytesInOutput), 0)

export interface Loaded {
  readonly modules: number
  readonly bytes: number
}

/** The modules that a runtime loads for a module, without comments and without tree shaking. */
const loaded = async (code: string) => {
  const { metafile } = await bundle(code, { minify: false, treeShaking: false, ignoreAnnotations: true })
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.entries(output.inputs))
  const total = (counted: typeof inputs): Loaded => ({
    modules: counted.length,
    bytes: counted.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)
  })
  return {
    all: total(inputs),
    own: total(inputs.filter(([path]) => !path.includes("node_modules"))),
    paths: Object.keys(metafile.inputs)
  }
}

export const loadedByCore = () => loaded("import \"./src/index.ts\"")

/** The modules of Effect that core imports, without core. */
export const loadedByEffectAlone = async () => {
  const modules = await packagesImported("./src/index.ts")
  return loaded(modules.map(module => `import "${module}"`).join("\n"))
}
