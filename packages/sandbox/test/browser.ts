/** Chromium, where it is installed, for the tests of the console page. */
import { Effect, type Scope } from "effect"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"

export const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find(path => existsSync(path))

export const launch = (): Promise<Browser> =>
  chromium.launch({ ...(executable === undefined ? {} : { executablePath: executable }), args: ["--no-sandbox"] })

export interface Opened {
  readonly page: Page
  /** What the browser reports: scripts that fail, what the Content-Security-Policy blocks, and files that are not there. */
  readonly problems: ReadonlyArray<string>
  /** The origins to which the page has sent requests. */
  readonly origins: ReadonlySet<string>
}

/** Opens an address in a window of its own, with storage of its own. */
export const open = (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {}
): Effect.Effect<Opened, never, Scope.Scope> =>
  Effect.acquireRelease(
    // animations are painted by the processor, and axe would see their colors
    Effect.promise(() => browser.newContext({ reducedMotion: "reduce", ...options })),
    context => Effect.promise(() => context.close())
  ).pipe(Effect.flatMap(context =>
    Effect.promise(async () => {
      const page = await context.newPage()
      const problems: Array<string> = []
      const origins = new Set<string>()
      page.setDefaultTimeout(20_000)
      page.on("pageerror", error => problems.push(error.message))
      page.on("console", message => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text())
      })
      page.on("request", request => origins.add(new URL(request.url()).origin))
      await page.goto(url)
      return { page, problems, origins }
    })
  ))

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/**
 * What axe finds against rules with these tags. It is run by the debugger, since the Content-Security-Policy allows no other scripts, and loaded once
 * for each document.
 */
const violations = async (page: Page, rules: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const debug = await page.context().newCDPSession(page)
  const evaluate = async (expression: string): Promise<string> => {
    const { result } = await debug.send("Runtime.evaluate", { awaitPromise: true, returnByValue: true, expression })
    return String(result.value)
  }
  if (await evaluate("typeof axe") === "undefined") await evaluate(await axe)
  const found = await evaluate(
    `axe.run({ resultTypes: ["violations"], runOnly: ${JSON.stringify(rules)} }).then(({ violations }) =>
      JSON.stringify(violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ target }) => target.join(" ")).join(", "))))`
  )
  await debug.detach()
  return JSON.parse(found)
}

export const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

/** What axe finds in light and in dark, at 380 and 1,280 pixels, and where the page scrolls sideways. */
export const problemsOf = (page: Page, rules: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const problems: Array<string> = []
    for (const width of [380, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      const scrolled = await page.evaluate("document.documentElement.scrollWidth")
      if (scrolled !== width) problems.push(`${width} pixels: the page is ${String(scrolled)} pixels wide`)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        // the page changes with the frame after that
        await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        problems.push(...(await violations(page, rules)).map(found => `${width} pixels, ${colorScheme}: ${found}`))
      }
    }
    return problems
  })
