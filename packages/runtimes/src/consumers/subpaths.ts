/** What can be imported from a published package. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { scope } from "../tarballs/tarballs.ts"
import { root } from "../versions/run.ts"

const read = (...path: ReadonlyArray<string>): string => readFileSync(join(root, ...path), "utf8")

const folderOf = (name: string): string => join("packages", name.slice(scope.length))

/** The exports of the published manifest, without those that are null. */
const exportsOf = (name: string): ReadonlyArray<string> => {
  const { publishConfig } = JSON.parse(read(folderOf(name), "package.json"))
  return Object.entries(publishConfig.exports ?? {}).flatMap(([path, target]) => target === null ? [] : [path])
}

const modulesOf = (name: string): ReadonlyArray<string> =>
  readdirSync(join(root, folderOf(name), "src")).flatMap(file =>
    file.endsWith(".ts") && file !== "index.ts" ? [`./${file.slice(0, -".ts".length)}`] : []
  )

/** The specifiers of all modules of a package that are not internal, such as `@effect-signalwire/core/testing`. */
export const subpaths = (name: string): ReadonlyArray<string> => {
  const all = exportsOf(name).flatMap(path => path === "./*" ? modulesOf(name) : [path])
  return Array.from(new Set(all.filter(path => path !== "./package.json").map(path => name + path.slice(1)))).toSorted()
}

const markdownIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter(file =>
    file.endsWith(".md") && !file.includes("node_modules")
  ).map(file => read(folder, file))

const imported = /(?:from |import ?\(?|require\()["'](?<specifier>@effect-signalwire\/[\w/-]+)["']/g

/** The specifiers that the documents import. */
export const documented = (): ReadonlyArray<string> => {
  const texts = [read("README.md"), ...markdownIn("docs"), ...markdownIn("packages")]
  const specifiers = texts.flatMap(text =>
    Array.from(text.matchAll(imported), ({ groups }) => String(groups?.["specifier"]))
  )
  return Array.from(new Set(specifiers)).toSorted()
}
