import { slug } from "github-slugger"
import { fileURLToPath } from "node:url"
import { type DefaultTheme, defineConfig } from "vitepress"
import { checkAnchors } from "./anchors.ts"
import { emptyHeaders } from "./emptyHeaders.ts"
import { links, repository } from "./links.ts"
import { writeLlms } from "./llms.ts"
import { pages, pathsOf, read, sections } from "./pages.ts"
import { pictures } from "./pictures.ts"
import { accessibleSearchBox } from "./searchBox.ts"

const title = "effect-signalwire"
const description = "The Effect client for SignalWire Video room sessions"

const item = (path: string): DefaultTheme.SidebarItem => ({ text: read(path).title, link: `/${pages.get(path)}` })

const sidebar: Array<DefaultTheme.SidebarItem> = sections.map(({ groups = [], paths, text }) => ({
  text,
  items: [
    ...paths.map(item),
    ...groups.map(({ link, paths, text }) => ({ text, link, collapsed: true, items: paths.map(item) }))
  ]
}))

/** Each section opens with its first page, and is active on all of its pages. */
const nav: Array<DefaultTheme.NavItem> = sections.map(section => {
  const [first = "", ...others] = pathsOf(section).map(path => pages.get(path)?.replace(/(?:index)?\.md$/, "") ?? "")
  return { text: section.text, link: `/${first}`, activeMatch: `^/(?:${[first, ...others].join("|")})(?:\\.html)?$` }
})

const partsOfItems =
  /<h[3-6] [^>]*>(?:Call Signature|Example|Get Signature|Parameters|Properties|Returns|See|Type Declaration|Type Parameters) <a.*?<\/h[3-6]>/g

export default defineConfig({
  title,
  description,
  lang: "en",
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: "../..",
  // all Markdown of the repository but the pages
  srcExclude: [
    "!(README|CONTRIBUTING|SECURITY).md",
    "packed/**",
    "packages/!(core|node-runtime|cli|sandbox|examples|site)/**",
    "packages/{core,node-runtime,cli,sandbox,examples}/!(README).md",
    "packages/{core,node-runtime,cli,sandbox,examples}/*/**"
  ],
  // such as the address of a server that a document starts
  ignoreDeadLinks: "localhostLinks",
  rewrites: Object.fromEntries(pages),
  outDir: "dist/site",
  cacheDir: "dist/cache",
  cleanUrls: true,
  buildEnd({ outDir }) {
    checkAnchors(outDir)
    writeLlms(outDir, title, description)
  },
  vite: {
    publicDir: false,
    // the index of the search is one file, which is loaded when somebody searches
    build: { chunkSizeWarningLimit: 2000 },
    plugins: [accessibleSearchBox, {
      // the pages import Vue and are outside of this package, which depends on it
      name: "vue-of-this-package",
      enforce: "pre",
      resolveId(id) {
        return /^vue(?:\/|$)/.test(id)
          ? this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true })
          : undefined
      }
    }]
  },
  markdown: {
    // GitHub's, so that a link leads to the same heading in both
    anchor: { slugify: slug },
    config: markdown => markdown.use(links).use(emptyHeaders).use(pictures),
    // dark enough for the background of the blocks
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" }
  },
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        // how to use the library comes before the items of the reference that mention a word, and both before how the library is made
        miniSearch: {
          searchOptions: {
            // pages contain the text of this function, without what is around it
            boostDocument: id => {
              const [page = ""] = String(id).slice(1).split(/[.#]/)
              if (page === "policy") return 2.5
              if (/^(?:decisions\/.*|architecture|benchmarks|contributing|mutations|quality|reliability)$/.test(page)) {
                return 0.3
              }
              return page.startsWith("api/") ? 0.7 : 1
            }
          }
        },
        // the parts of an item of the reference are no results of their own
        _render: (source, env, markdown) => markdown.render(source, env).replaceAll(partsOfItems, "")
      }
    },
    editLink: { pattern: `${repository}/edit/main/:path`, text: "Edit this page on GitHub" },
    socialLinks: [{ icon: "github", link: repository }]
  }
})
