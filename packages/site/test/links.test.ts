/** Links to files of the repository: those of the site, and those that only GitHub and npm show. */
import { assert, it } from "@effect/vitest"
import GithubSlugger from "github-slugger"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const filesOf = (folder: string, recursive: boolean): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .filter(name => /(?:\.md|\.yml|^package\.json)$/.test(name))
    .map(name => join(folder, name))

const documents = [
  ...filesOf("", false),
  ...filesOf("docs", true),
  ...filesOf(".github", true),
  ...filesOf(".changeset", false),
  ...readdirSync(join(root, "packages")).flatMap(name => filesOf(join("packages", name), false))
  // links to the generated pages; the build of the site checks them
].filter(path => path !== "packages/site/index.md")

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** Without code, whose brackets are no links. */
const proseOf = (text: string): string => text.replaceAll(/^ *```[^]*?^ *```$|`[^`\n]*`/gm, "")

const repository =
  /https:\/\/github\.com\/effect-signalwire\/effect-signalwire\/(?:blob|tree|edit|raw)\/main\/([^\s)"'>]*)/g
const relative = /\]\((?![a-z]+:)<?([^\s)>]+)|^\[[^\]]+\]: (?![a-z]+:)(\S+)|(?:href|src|srcset)="(?![a-z]+:)([^"]+)"/gm

interface Link {
  readonly text: string
  /** From the root of the repository. */
  readonly path: string
  readonly anchor: string | undefined
}

const linksOf = (document: string): ReadonlyArray<Link> => {
  const text = read(document)
  const toRepository = Array.from(text.matchAll(repository), ([text, target = ""]) => ({ text, target, folder: "" }))
  const relatives = Array.from(proseOf(text).matchAll(relative), ([, link, definition, attribute]) => {
    const target = link ?? definition ?? attribute ?? ""
    return target.startsWith("#")
      ? { text: target, target: document + target, folder: "" }
      : { text: target, target, folder: dirname(document) }
  })
  return [...toRepository, ...document.endsWith(".md") ? relatives : []].map(({ folder, target, text }) => {
    const [path = "", anchor] = decodeURI(target).split("#")
    return { text, path: join(folder, path), anchor }
  })
}

const anchors = new Map<string, ReadonlySet<string>>()

/** The anchors that GitHub gives to the headings of a document, and those of its HTML. */
const anchorsOf = (path: string): ReadonlySet<string> => {
  const known = anchors.get(path)
  if (known !== undefined) return known
  const slugger = new GithubSlugger()
  const text = read(path).replaceAll(/^ *```[^]*?^ *```$/gm, "")
  const headings = Array.from(
    text.matchAll(/^#+ (.+)$/gm),
    ([, heading = ""]) => slugger.slug(heading.replaceAll("`", "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1"))
  )
  const found = new Set([...headings, ...Array.from(text.matchAll(/ (?:id|name)="([^"]+)"/g), ([, id = ""]) => id)])
  anchors.set(path, found)
  return found
}

const hasAnchor = (path: string, anchor: string): boolean => {
  const file = statSync(join(root, path)).isDirectory() ? join(path, "README.md") : path
  if (anchor === "readme") return existsSync(join(root, file))
  const line = /^L(\d+)$/.exec(anchor)?.[1]
  return line === undefined ? anchorsOf(file).has(anchor) : Number(line) <= read(file).split("\n").length
}

const problemOf = ({ anchor, path, text }: Link): ReadonlyArray<string> => {
  if (path.startsWith("..") || !existsSync(join(root, path))) return [`${text}: there is no ${path}`]
  if (anchor === undefined || hasAnchor(path, anchor)) return []
  return [`${text}: ${path} has no heading for #${anchor}`]
}

it.each(documents)("each link of %s to a file of the repository leads to that file and to its heading", document => {
  assert.deepStrictEqual(linksOf(document).flatMap(problemOf), [], `correct these links of ${document}`)
})
