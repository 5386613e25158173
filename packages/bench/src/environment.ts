/** The machine and the versions of a run. */
import { readFile } from "node:fs/promises"
import * as os from "node:os"
import { folder } from "./packages.ts"

export interface Environment {
  readonly date: string
  readonly node: string
  readonly v8: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  /** The load average of the minute before the run. Above 0.5, other processes were running. */
  readonly load: number
  readonly versions: Readonly<Record<string, string>>
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"))

const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

const versions = async (): Promise<Environment["versions"]> => {
  const here = folder("bench")
  const dependencies = property(await readJson(`${here}package.json`), "dependencies")
  const names = Object.keys(dependencies ?? {})
  const found = names.map(async name =>
    [name, String(property(await readJson(`${here}node_modules/${name}/package.json`), "version"))] as const
  )
  return Object.fromEntries(await Promise.all(found))
}

export const environment = async (): Promise<Environment> => ({
  date: new Date().toISOString(),
  node: process.version,
  v8: process.versions.v8,
  system: `${os.type()} ${os.arch()}`,
  processor: os.cpus()[0]?.model ?? "unknown",
  cores: os.cpus().length,
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  load: os.loadavg()[0] ?? Number.NaN,
  versions: await versions()
})
