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
    Effect.promise(() => browser.newContext(options)),
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

/** What axe finds against WCAG 2.2 AA. It is run by the debugger, since the Content-Security-Policy allows no other scripts. */
export const violations = (page: Page): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const debug = await page.context().newCDPSession(page)
    await debug.send("Runtime.evaluate", { expression: await axe })
    const { result } = await debug.send("Runtime.evaluate", {
      awaitPromise: true,
      returnByValue: true,
      expression:
        `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(({ violations }) =>
        JSON.stringify(violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", "))))`
    })
    return JSON.parse(String(result.value))
  })
