/**
 * Links of the Markdown to files of the repository: to the page of the site, or to GitHub where there is none. They are relative, or URLs of
 * GitHub in the READMEs of packages, which npm shows too.
 */
import GithubSlugger from "github-slugger"
import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import type { MarkdownRenderer } from "vitepress"
import { pages, root } from "./pages.ts"

export const repository = "https://github.com/effect-signalwire/effect-signalwire"

const hasHeading = (path: string, anchor: string): boolean => {
  const slugger = new GithubSlugger()
  const headings = readFileSync(join(root, path), "utf8").matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading = ""]) => slugger.slug(heading.replaceAll("`", ""))).includes(anchor)
}

const ofRepository = new RegExp(`^${repository}/(?:blob|tree)/main/`)

/** The address of what a file links to: a path of the site or a URL. Whether a page has an anchor is checked in its HTML. */
export const addressOf = (file: string, href: string): string => {
  if (ofRepository.test(href)) return addressOf("", href.replace(ofRepository, "").replace(/#readme$/, ""))
  if (/^(?:[a-z]+:|\/|#)/i.test(href)) return href
  const [path = "", anchor] = href.split("#")
  const target = relative(root, resolve(root, dirname(file), decodeURI(path)))
  if (!existsSync(join(root, target))) throw new Error(`${file}: there is no ${href}`)
  const isFolder = statSync(join(root, target)).isDirectory()
  const page = pages.get(isFolder ? join(target, "README.md") : target)
  const hash = anchor === undefined ? "" : `#${anchor}`
  if (page !== undefined) return `/${page}${hash}`
  if (anchor !== undefined && target.endsWith(".md") && !hasHeading(target, anchor)) {
    throw new Error(`${file}: ${target} has no heading for #${anchor}`)
  }
  return `${repository}/${isFolder ? "tree" : "blob"}/main/${target}${hash}`
}

export const links = (markdown: MarkdownRenderer): void => {
  markdown.core.ruler.push("links-of-the-repository", ({ env, tokens }) => {
    const file = relative(root, env.realPath ?? env.path)
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null
      if (href !== null) token.attrSet("href", addressOf(file, href))
    }
  })
}
