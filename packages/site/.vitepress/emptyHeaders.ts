/** The header of a column without a name is an empty cell: a header without text says nothing to a screen reader. */
import type { MarkdownRenderer } from "vitepress"

export const emptyHeaders = (markdown: MarkdownRenderer): void => {
  markdown.core.ruler.push("empty-headers", ({ tokens }) => {
    tokens.forEach((token, index) => {
      const [content, close] = tokens.slice(index + 1)
      if (token.type !== "th_open" || content?.content !== "" || close === undefined) return
      token.tag = "td"
      close.tag = "td"
    })
  })
}
