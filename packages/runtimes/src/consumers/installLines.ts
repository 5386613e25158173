/** The install commands in the documents. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../versions/run.ts"

export interface InstallLine {
  readonly document: string
  readonly manager: "npm" | "pnpm" | "yarn"
  /** The packages, with their versions where the command has them. */
  readonly packages: ReadonlyArray<string>
}

const inFolder = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder)).filter(name => name.endsWith(".md")).map(name => join(folder, name))

const documents = [
  ...inFolder("."),
  ...inFolder("docs"),
  ...readdirSync(join(root, "packages")).flatMap(name => inFolder(join("packages", name)))
]

/** Matches a command in a block of code or in a sentence. */
const command = /(?<manager>npm|pnpm|yarn) (?:install|i|add) (?<args>[^`\n]+)/g

const linesOf = (document: string): ReadonlyArray<InstallLine> =>
  Array.from(readFileSync(join(root, document), "utf8").matchAll(command), ({ groups = {} }) => ({
    document,
    manager: groups["manager"] === "pnpm" || groups["manager"] === "yarn" ? groups["manager"] : "npm",
    packages: (groups["args"] ?? "").split(/\s+/).filter(word => /^@?[a-z][\w./@~-]*$/.test(word))
  }))

export const installLines: ReadonlyArray<InstallLine> = documents.flatMap(linesOf).filter(({ packages }) =>
  packages.length > 0
)

/** Splits `@effect/platform@0.97` into `["@effect/platform", "0.97"]`. */
export const nameAndVersion = (word: string): readonly [name: string, version: string | undefined] => {
  const at = word.indexOf("@", 1)
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}
