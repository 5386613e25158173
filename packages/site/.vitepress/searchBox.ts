/** The roles of the search box of VitePress 1.6, where a button contains buttons, an option of a list a link, and keys have labels but no role. */
import type { UserConfig } from "vitepress"

type Plugin = NonNullable<NonNullable<UserConfig["vite"]>["plugins"]>[number]

const changes: ReadonlyArray<readonly [before: string, after: string]> = [
  [
    `      role="button"
      :aria-owns="results?.length ? 'localsearch-list' : undefined"
      aria-expanded="true"
      aria-haspopup="listbox"
`,
    `      role="dialog"
      aria-modal="true"
`
  ],
  [
    `            :id="'localsearch-item-' + index"
            :aria-selected="selectedIndex === index ? 'true' : 'false'"
            role="option"
`,
    `            role="none"
`
  ],
  [
    `              :aria-label="[...p.titles, p.title].join(' > ')"
`,
    `              :id="'localsearch-item-' + index"
              :aria-selected="selectedIndex === index ? 'true' : 'false'"
              role="option"
`
  ],
  [`<span class="title-icon">#</span>`, `<span class="title-icon" aria-hidden="true">#</span>`],
  ["<kbd :aria-label", "<kbd role=\"img\" :aria-label"]
]

export const accessibleSearchBox: Plugin = {
  name: "accessible-search-box",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/VPLocalSearchBox.vue")) return undefined
    return changes.reduce((text, [before, after]) => {
      if (!text.includes(before)) throw new Error(`the search box of VitePress has changed: ${before}`)
      return text.replaceAll(before, after)
    }, code)
  }
}
