/** The built site in Chromium: `pnpm test:docs`, which builds it before. `test` does not include it. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import type { Server } from "node:net"
import { fileURLToPath } from "node:url"
import type { Browser, Page } from "playwright-core"
import * as browser from "../../sandbox/test/browser.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A page of each kind: text, tables, code, charts, diagrams, lists of links and the reference. */
const kinds = [
  "/",
  "/overview",
  "/reliability",
  "/testing",
  "/benchmarks",
  "/screens",
  "/node-runtime",
  "/decisions/",
  "/decisions/retries",
  "/api/",
  "/api/core/RoomSessions",
  "/api/core/SignalWireError",
  "/api/core/RequestPolicy",
  "/api/sandbox/SandboxSpace",
  ...(existsSync(`${root}../../docs/policy.md`) ? ["/policy"] : [])
]

describe.skipIf(process.env["SITE"] === undefined)("the site", { timeout: 300_000 }, () => {
  let server: Server | undefined
  let url = ""
  let chromium: Browser | undefined
  /** The paths in the site, such as `api/core/RoomSessions.md`. */
  let pages: ReadonlyArray<string> = []

  beforeAll(async () => {
    // loaded here, since `test` has no site, and neither the reference of the API
    const [{ serve }, navigation] = await Promise.all([import("vitepress"), import("../.vitepress/pages.ts")])
    pages = [...navigation.pages.values()]
    const app = await serve({ root, port: 0 })
    server = app.server
    const address = server?.address()
    if (typeof address === "object") url = `http://127.0.0.1:${address?.port}`
    chromium = await browser.launch()
  })
  afterAll(async () => {
    await chromium?.close()
    server?.close()
  })

  const open = (path: string, options: Parameters<typeof browser.open>[2] = {}) =>
    Effect.suspend(() =>
      chromium === undefined ? Effect.die("no Chromium") : browser.open(chromium, `${url}${path}`, options)
    ).pipe(Effect.tap(({ page }) => Effect.sync(() => page.setDefaultTimeout(60_000))))

  const isAccessible = (page: Page, state: string) =>
    Effect.map(
      browser.problemsOf(page, [...browser.wcag, "best-practice"]),
      found => assert.deepStrictEqual(found, [], state)
    )

  for (const path of kinds) {
    it.live(`axe finds nothing on ${path} in light and in dark, at 380 and 1,280 px`, () =>
      Effect.gen(function*() {
        const { page } = yield* open(path)
        yield* isAccessible(page, path)
      }).pipe(Effect.scoped))
  }

  it.live("no page is wider than 380 px, logs an error or requests a file of another host", () =>
    Effect.gen(function*() {
      const { origins, page, problems } = yield* open("/", { viewport: { width: 380, height: 900 } })
      const wide: Array<string> = []
      for (const path of pages) {
        yield* Effect.promise(async () => {
          await page.goto(`${url}/${path.replace(/(?:index)?\.md$/, "")}`)
          if (await page.evaluate("document.documentElement.scrollWidth") !== 380) wide.push(path)
        })
      }
      assert.deepStrictEqual([wide, problems, [...origins]], [[], [], [url]])
    }).pipe(Effect.scoped))

  it.live("the search finds the error Unauthorized and opens its page", () =>
    Effect.gen(function*() {
      const { page, problems } = yield* open("/")
      yield* Effect.promise(async () => {
        await page.getByRole("button", { name: "Search" }).click()
        await page.getByRole("searchbox").fill("Unauthorized")
        await page.getByRole("option", { name: /SignalWireError.*Unauthorized/ }).first().waitFor()
      })
      yield* isAccessible(page, "results of the search")
      yield* Effect.promise(async () => {
        await page.getByRole("option", { name: /SignalWireError.*Unauthorized/ }).first().click()
        await page.waitForURL("**/api/core/SignalWireError#unauthorized")
        await page.getByRole("heading", { name: /^Unauthorized/ }).waitFor()
      })
      assert.deepStrictEqual(problems, [])
    }).pipe(Effect.scoped))

  for (
    const [text, expected] of [["timeout", "policy"], ["retry", "policy"], ["provenance", "contributing"]] as const
  ) {
    it.live(`the search for ${text} finds the page ${expected} first`, () =>
      Effect.gen(function*() {
        const { page } = yield* open("/")
        const first = yield* Effect.promise(async () => {
          await page.getByRole("button", { name: "Search" }).click()
          await page.getByRole("searchbox").fill(text)
          return page.getByRole("option").first().getAttribute("href")
        })
        assert.match(first ?? "", new RegExp(`^/${expected}#`))
      }).pipe(Effect.scoped))
  }

  it.live("on a narrow screen the menu leads to a page", () =>
    Effect.gen(function*() {
      const { page } = yield* open("/overview", { viewport: { width: 380, height: 900 } })
      yield* Effect.promise(async () => {
        await page.getByRole("button", { name: "Menu" }).click()
        await page.getByRole("navigation").getByRole("link", { name: "Reliability", exact: true }).click()
        await page.getByRole("heading", { name: /^Reliability/, level: 1 }).waitFor()
      })
    }).pipe(Effect.scoped))

  it("READMEs of packages, whose links are URLs of GitHub, link to pages of the site", () => {
    for (const name of ["core", "node-runtime", "cli"]) {
      const html = readFileSync(`${root}dist/site/${name}.html`, "utf8")
      assert.notMatch(
        html,
        /href="https:\/\/github\.com\/effect-signalwire\/effect-signalwire\/(?:blob|tree)\/main\/docs/
      )
    }
    assert.include(readFileSync(`${root}dist/site/node-runtime.html`, "utf8"), `href="/telemetry#spans"`)
  })

  it("llms.txt has each page, and llms-full.txt the text of each", () => {
    const [list, full] = ["llms.txt", "llms-full.txt"].map(name => readFileSync(`${root}dist/site/${name}`, "utf8"))
    for (const path of pages.filter(path => path !== "index.md")) {
      assert.match(list ?? "", new RegExp(`\\]\\(/${path}\\): \\S`))
      assert.include(full, readFileSync(`${root}dist/site/${path}`, "utf8"))
    }
  })
})
