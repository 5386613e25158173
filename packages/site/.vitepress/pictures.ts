/** Pictures with a light and a dark form, and diagrams. Both follow the switch of the site, where GitHub follows the system. */
import type { MarkdownRenderer } from "vitepress"

const picture =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img alt="([^"]*)" src="([^"]+)">\s*<\/picture>/g

export const pictures = (markdown: MarkdownRenderer): void => {
  markdown.core.ruler.push("pictures", ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === "html_block")) {
      token.content = token.content.replaceAll(
        picture,
        `<p><img class="only-light" alt="$2" src="./$3"><img class="only-dark" alt="$2" src="./$1"></p>`
      )
    }
  })
  const { fence } = markdown.renderer.rules
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { content, info } = tokens[index] ?? { content: "", info: "" }
    return info.trim() === "mermaid"
      ? `<Diagram id="diagram-${index}" code="${encodeURIComponent(content)}" />\n`
      : fence?.(tokens, index, options, env, self) ?? ""
  }
}
