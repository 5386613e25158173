/** VitePress checks that the page of a link is there; this checks its anchor too, in the HTML of the site. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const valuesOf = (html: string, attribute: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "g")), ([, value = ""]) => value)

export const checkAnchors = (folder: string): void => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(name => name.endsWith(".html"))
  const pages = new Map(files.map(name => {
    const html = readFileSync(join(folder, name), "utf8")
    return [`/${name.replace(/(?:index)?\.html$/, "")}`, { html, ids: new Set(valuesOf(html, "id")) }]
  }))
  const dead = Array.from(pages, ([path, { html }]) =>
    valuesOf(html, "href").flatMap(href => {
      if (!/^[/#].*#|^#./.test(href)) return []
      const { hash, pathname } = new URL(href, `https://site${path}`)
      const isThere = pages.get(pathname)?.ids.has(decodeURIComponent(hash.slice(1))) === true
      return isThere ? [] : [`${path}: ${href}`]
    }))
  if (dead.flat().length > 0) throw new Error(`anchors that are not there:\n${[...new Set(dead.flat())].join("\n")}`)
}
