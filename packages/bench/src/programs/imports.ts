/**
 * Prints the milliseconds that each module takes to be found, read, compiled and evaluated, without those that it imports:
 * `node --experimental-vm-modules --experimental-import-meta-resolve imports.js MODULE`. The loader of Node does these for many modules at
 * the same time; this one does them one after the other, and so can tell them apart.
 */
import { readFileSync } from "node:fs"
import { createRequire, isBuiltin, Module } from "node:module"
import { fileURLToPath, pathToFileURL } from "node:url"
import { type Module as VmModule, SourceTextModule, SyntheticModule } from "node:vm"

/** Milliseconds by URL. */
export type Imports = Readonly<Record<string, number>>

const millis: Record<string, number> = {}

let since = 0

const begin = (): void => {
  since = performance.now()
}

const end = (url: string): void => {
  millis[url] = (millis[url] ?? 0) + performance.now() - since
}

/** The modules of CommonJS that are being evaluated, the innermost last. */
const evaluating: Array<string> = []

// oxlint-disable-next-line typescript/unbound-method -- it is called with its module
const requireUntimed = Module.prototype.require

Module.prototype.require = function(this: Module, id: string): unknown {
  const url = isBuiltin(id) ? id : pathToFileURL(createRequire(this.filename).resolve(id)).href
  const outer = evaluating.at(-1)
  if (outer !== undefined) end(outer)
  evaluating.push(url)
  begin()
  try {
    return requireUntimed.call(this, id)
  } finally {
    end(url)
    evaluating.pop()
    begin()
  }
}

const require = createRequire(import.meta.url)

const commonJs = (url: string): VmModule => {
  const exported: object = require(isBuiltin(url) ? url : fileURLToPath(url))
  const names = Object.keys(exported).filter(name => name !== "default")
  return new SyntheticModule([...names, "default"], function() {
    for (const name of names) this.setExport(name, Reflect.get(exported, name))
    this.setExport("default", exported)
  }, { identifier: url })
}

const esModule = (url: string): VmModule => {
  begin()
  const module = new SourceTextModule(readFileSync(fileURLToPath(url), "utf8"), {
    identifier: url,
    initializeImportMeta: meta => {
      meta.url = url
    }
  })
  end(url)
  return module
}

const modules = new Map<string, VmModule>()

const imports = new Map<VmModule, Array<VmModule>>()

const load = (url: string): VmModule => {
  // undici is the only dependency that is no ES module
  const module = modules.get(url) ??
    (isBuiltin(url) || url.includes("/node_modules/undici/") ? commonJs(url) : esModule(url))
  modules.set(url, module)
  return module
}

const evaluated = new Set<VmModule>()

/** Evaluates a module after those that it imports. */
const evaluate = async (module: VmModule): Promise<void> => {
  if (evaluated.has(module)) return
  evaluated.add(module)
  for (const imported of imports.get(module) ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- the order is that of the language
    await evaluate(imported)
  }
  begin()
  await module.evaluate()
  end(module.identifier)
}

const entry = load(import.meta.resolve(process.argv[2] ?? ""))
await entry.link((specifier, importing) => {
  begin()
  const url = import.meta.resolve(specifier, importing.identifier)
  end(url)
  const module = load(url)
  imports.set(importing, [...imports.get(importing) ?? [], module])
  return module
})
await evaluate(entry)
console.log(JSON.stringify(millis))
