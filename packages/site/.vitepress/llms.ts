/** llms.txt, a list of all pages, llms-full.txt, all pages in one file, and the Markdown of each page beside its HTML. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { addressOf } from "./links.ts"
import { home, pages, pathsOf, read, sections } from "./pages.ts"

/** The Markdown of a page, with addresses in the site instead of links to files. Blocks of code are as they are. */
const markdownOf = (path: string): string =>
  read(path).text.replace(/^---\n[^]*?\n---\n+/, "").split(/^(```[^]*?^```$)/m).map((part, index) =>
    index % 2 === 1
      ? part
      : part.replaceAll(/\]\(([^)\s]+)\)/g, (_, href: string) => `](${addressOf(path, href)})`)
  ).join("")

/** The first sentence of the first paragraph that is a text, without its links. */
const summaryOf = (path: string): string => {
  const texts = markdownOf(path).replaceAll(/^```[^]*?^```$/gm, "").split(/\n\n+/)
  const paragraph = texts.find(text => /^[A-Za-z`[]/.test(text)) ?? ""
  const [sentence = ""] = paragraph.replaceAll("\n", " ").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").split(/(?<=[.:]) /)
  if (sentence === "") throw new Error(`${path}: no paragraph whose first sentence is a summary for llms.txt`)
  return sentence.replace(/:$/, ".")
}

export const writeLlms = (folder: string, title: string, description: string): void => {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const lists = sections.map(section => {
    const lines = pathsOf(section).map(path => `- [${read(path).title}](/${pages.get(path)}): ${summaryOf(path)}`)
    return `## ${section.text}\n\n${lines.join("\n")}\n`
  })
  write("llms.txt", `# ${title}\n\n> ${description}\n\n${lists.join("\n")}`)
  const paths = [...pages.keys()].filter(path => path !== home)
  for (const path of paths) write(pages.get(path) ?? "", markdownOf(path))
  write("llms-full.txt", paths.map(markdownOf).join("\n"))
}
